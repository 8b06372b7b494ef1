import type { Container, Pod } from '../../api/generated/types/core/v1.ts';

/** `web-1_default(6c1f…)`, as the kubelet names a pod in its messages. */
export function formatPod(pod: Pod): string {
  return `${pod.metadata?.name ?? ''}_${pod.metadata?.namespace ?? ''}(${pod.metadata?.uid ?? ''})`;
}

/** Where a container stands in its pod, for events: `spec.containers{web}`. */
export function containerPath(pod: Pod, container: Container): string {
  const isIn = (list: readonly Container[] | undefined) => list?.some(({ name }) => name === container.name) === true;
  const list = isIn(pod.spec?.initContainers) ? 'initContainers' : isIn(ephemeralContainers(pod)) ? 'ephemeralContainers' : 'containers';
  return `spec.${list}{${container.name}}`;
}

/** Containers that were added to a running pod for looking into it. */
export function ephemeralContainers(pod: Pod): readonly Container[] {
  return pod.spec?.ephemeralContainers ?? [];
}

/** A sidecar: an init container that is kept running. */
export function isRestartableInit(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

/** The containers that can be given more or less while the pod runs. */
export function resizableContainers({ spec }: Pod): readonly Container[] {
  return [...(spec?.initContainers ?? []).filter(isRestartableInit), ...(spec?.containers ?? [])];
}

/** Go's `%v` of a list of strings. */
export function formatList(names: readonly string[]): string {
  return `[${names.join(' ')}]`;
}
