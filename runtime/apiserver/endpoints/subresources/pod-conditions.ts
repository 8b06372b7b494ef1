import { type ApiObject, arrayAt, isDict } from '../../registry/api-object.ts';

interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The conditions of a pod with one that the server sets itself, in the place of the one of its type. Upstream: `podutil.UpdatePodCondition`. */
export function withCondition(pod: ApiObject, condition: PodCondition, now: string): unknown[] {
  const conditions = arrayAt(pod, 'status', 'conditions').filter(isDict);
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[index];
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now;
  const next = { ...condition, lastProbeTime: null, lastTransitionTime };
  return before === undefined ? [...conditions, next] : conditions.with(index, next);
}
