import type { Container, Pod, ResourceRequirements } from '../../api/generated/types/core/v1.ts';

/** What events of resizes tell: a pod's resources, as JSON. After `pkg/kubelet/events`. @param error why it is not done */
export function resizeMessage(prefix: string, { metadata, spec }: Pod, error?: string): string {
  const of = (containers: readonly Container[]) =>
    containers.map(({ name, resources = {} }) => `{"name":${JSON.stringify(name)},"resources":${describeResources(resources)}}`).join();
  const { initContainers = [], containers = [] } = spec ?? {};
  const init = initContainers.length === 0 ? '' : `"initContainers":[${of(initContainers)}],`;
  const fault = error === undefined ? '' : `,"error":${JSON.stringify(error)}`;
  return `${prefix}: {${init}"containers":[${of(containers)}],"generation":${metadata?.generation ?? 0}${fault}}`;
}

/** Whether two containers ask for the same; amounts are in canonical form. */
export function sameResources(left: ResourceRequirements, right: ResourceRequirements): boolean {
  return left === right || describeResources(left) === describeResources(right);
}

/** JSON in the order in which Go writes it; lists without anything in them are left out. */
function describeResources({ limits, requests, claims }: ResourceRequirements): string {
  const sorted = (list: ResourceRequirements['limits']) => {
    const entries = Object.entries(list ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  };
  return JSON.stringify({ limits: sorted(limits), requests: sorted(requests), claims });
}
