import type { NodeSelectorRequirement, NodeSelectorTerm, Pod } from '../api/generated/types/core/v1.ts';
import { quantityMilliValue, quantityValue } from '../api/quantity.ts';
import { isRestartableInit } from './pods/pod-names.ts';

/** Why a node refuses a pod that was bound to it. */
export interface Rejection {
  /** `OutOfcpu`, `NodeAffinity`, `NodePorts` … */
  readonly reason: string;
  readonly message: string;
}

export interface AdmissionNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, string>>;
}

/** Checks once more, on the node itself, what the scheduler should have checked. After `pkg/kubelet/lifecycle/predicate.go`. */
export function admitPod(pod: Pod, node: AdmissionNode, others: readonly Pod[]): Rejection | undefined {
  const capacity = quantityValue(node.allocatable.pods ?? '110');
  if (others.length + 1 > capacity) return outOf('pods', 1, others.length, capacity);
  const requests = podRequests(pod);
  const used = new Map<string, number>();
  for (const other of others) for (const [name, value] of podRequests(other)) used.set(name, (used.get(name) ?? 0) + value);
  for (const [name, requested] of requests) {
    if (requested === 0) continue;
    const total = amountOf(name, node.allocatable[name] ?? '0');
    const taken = used.get(name) ?? 0;
    if (requested > total - taken) return outOf(name, requested, taken, total);
  }
  if (!matchesNode(pod, node)) {
    return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  }
  const takenPorts = new Set(others.flatMap(hostPorts));
  if (hostPorts(pod).some((port) => takenPorts.has(port))) {
    return { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" };
  }
  return undefined;
}

function outOf(resource: string, requested: number, used: number, capacity: number): Rejection {
  return {
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

/** cpu in thousandths, all else in units. */
function amountOf(resource: string, quantity: string | number): number {
  return resource === 'cpu' ? quantityMilliValue(quantity) : quantityValue(quantity);
}

/** What a pod asks of its node: the sum of its containers and sidecars, or the largest of its init containers with the sidecars before it. */
export function podRequests(pod: Pod): ReadonlyMap<string, number> {
  const { initContainers = [], containers = [], overhead = {} } = pod.spec ?? {};
  const sum = new Map<string, number>();
  const add = (to: Map<string, number>, list: Record<string, string | number> = {}) => {
    for (const [name, quantity] of Object.entries(list)) to.set(name, (to.get(name) ?? 0) + amountOf(name, quantity));
  };
  for (const { resources } of containers) add(sum, resources?.requests);
  const sidecars = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const container of initContainers) {
    const here = new Map(sidecars);
    add(here, container.resources?.requests);
    for (const [name, value] of here) peak.set(name, Math.max(peak.get(name) ?? 0, value));
    if (isRestartableInit(container)) {
      add(sidecars, container.resources?.requests);
      add(sum, container.resources?.requests);
    }
  }
  for (const [name, value] of peak) sum.set(name, Math.max(sum.get(name) ?? 0, value));
  add(sum, overhead);
  return sum;
}

function hostPorts(pod: Pod): string[] {
  return (pod.spec?.containers ?? []).flatMap(({ ports = [] }) =>
    ports.filter(({ hostPort = 0 }) => hostPort > 0).map(({ hostPort, protocol = 'TCP' }) => `${protocol}/${hostPort}`),
  );
}

function matchesNode(pod: Pod, node: AdmissionNode): boolean {
  const { nodeSelector = {}, affinity } = pod.spec ?? {};
  if (Object.entries(nodeSelector).some(([key, value]) => node.labels[key] !== value)) return false;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => matchesTerm(term, node));
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: AdmissionNode): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => matchesRequirement(requirement, node.labels[requirement.key])) &&
    matchFields.every((requirement) => matchesRequirement(requirement, requirement.key === 'metadata.name' ? node.name : undefined))
  );
}

function matchesRequirement({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
