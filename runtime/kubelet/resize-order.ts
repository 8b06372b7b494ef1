import type { Pod } from '../api/generated/types/core/v1.ts';
import { podRequests } from '../api/pod-resources.ts';
import { compareQuantities, zero } from '../api/quantity.ts';
import { qosClass } from './pods/pod-status.ts';

/** A pod that asks for something else than it was given. */
export interface Resizing {
  readonly pod: Pod;
  readonly allocatedPod: Pod;
  /** Undefined: it has not been refused yet. */
  readonly waitsSince: string | undefined;
}

/**
 * Who is given what first: those that ask for no more than they have, then by priority, then guaranteed pods, then who has waited longest.
 * After `sortPendingResizes` of the kubelet's allocation manager.
 */
export function byResizeOrder(left: Resizing, right: Resizing): number {
  const grows = Number(isGrowing(left)) - Number(isGrowing(right));
  if (grows !== 0) return grows;
  const priority = (right.pod.spec?.priority ?? 0) - (left.pod.spec?.priority ?? 0);
  if (priority !== 0) return priority;
  const guaranteed = Number(isGuaranteed(right)) - Number(isGuaranteed(left));
  if (guaranteed !== 0) return guaranteed;
  const [one, other] = [left.waitsSince ?? '9999', right.waitsSince ?? '9999'];
  return one < other ? -1 : Number(one > other);
}

function isGrowing({ pod, allocatedPod }: Resizing): boolean {
  const [wanted, given] = [podRequests(pod), podRequests(allocatedPod)];
  return ['cpu', 'memory'].some((name) => compareQuantities(wanted.get(name) ?? zero, given.get(name) ?? zero) > 0);
}

function isGuaranteed({ pod }: Resizing): boolean {
  return qosClass(pod) === 'Guaranteed';
}
