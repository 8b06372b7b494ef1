import type { Pod } from '../api/generated/types/core/v1.ts';
import { hostPorts, hostPortsConflict } from '../api/host-ports.ts';
import { matchesNodeSelection } from '../api/node-selection.ts';
import { podRequests } from '../api/pod-resources.ts';
import { type Quantity, quantityMilliValue, quantityValue, zero } from '../api/quantity.ts';
import { isExtendedName } from '../api/validation/resources.ts';
import type { ResizeRefusal } from './pods/allocation.ts';

/** Why a node refuses a pod that was bound to it. */
export interface Rejection {
  /** `OutOfcpu`, `NodeAffinity`, `NodePorts` … */
  readonly reason: string;
  readonly message: string;
}

export interface AdmissionNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, string | number>>;
}

/** Checks once more, on the node itself, what the scheduler should have checked. After `pkg/kubelet/lifecycle/predicate.go`. */
export function admitPod(pod: Pod, node: AdmissionNode, others: readonly Pod[]): Rejection | undefined {
  const capacity = quantityValue(String(node.allocatable.pods ?? '110'));
  if (others.length + 1 > capacity) return outOf('pods', 1, others.length, capacity);
  const requests = podRequests(pod);
  const used = new Map<string, number>();
  for (const other of others) for (const [name, value] of podRequests(other)) used.set(name, (used.get(name) ?? 0) + amountOf(name, value));
  for (const [name, quantity] of requests) {
    const requested = amountOf(name, quantity);
    // What no node has is given by somebody else, who has been asked when the pod was bound.
    if (requested === 0 || (isExtendedName(name) && node.allocatable[name] === undefined)) continue;
    const total = amountOf(name, String(node.allocatable[name] ?? '0'));
    const taken = used.get(name) ?? 0;
    if (requested > total - taken) return outOf(name, requested, taken, total);
  }
  if (!matchesNodeSelection(pod, { metadata: { name: node.name, labels: node.labels } })) {
    return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  }
  if (hostPortsConflict(hostPorts(pod), others.flatMap(hostPorts))) {
    return { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" };
  }
  return undefined;
}

/** Judges what a pod that runs asks for by now. After the kubelet's `canResizePod`. @param others with what was set aside for them */
export function refuseResize(pod: Pod, node: AdmissionNode, others: readonly Pod[]): ResizeRefusal | undefined {
  const requests = podRequests(pod);
  for (const name of ['memory', 'cpu']) {
    const requested = amountOf(name, requests.get(name) ?? zero);
    const capacity = amountOf(name, String(node.allocatable[name] ?? '0'));
    if (requested <= capacity) continue;
    return {
      reason: 'Infeasible',
      message: `Node didn't have enough capacity: ${name}, requested: ${requested}, capacity: ${capacity}`,
    };
  }
  const rejection = admitPod(pod, node, others);
  return rejection && { reason: 'Deferred', message: rejection.message };
}

function outOf(resource: string, requested: number, used: number, capacity: number): Rejection {
  return {
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

/** cpu in thousandths, all else in units. */
function amountOf(resource: string, quantity: Quantity | string): number {
  return resource === 'cpu' ? quantityMilliValue(quantity) : quantityValue(quantity);
}
