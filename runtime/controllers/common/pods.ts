import type { Pod, PodCondition } from '../../api/generated/types/core/v1.ts';

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

/** Whether all of its containers have ended for good. */
export function isPodTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

export function isPodTerminating(pod: Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined;
}

/** Whether it counts as one of its controller's pods: it neither has ended nor is on its way out. */
export function isPodActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && !isPodTerminating(pod);
}

export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True';
}

/** Since when it has been ready, in milliseconds since the epoch. */
export function readySince(pod: Pod): number | undefined {
  const condition = podCondition(pod, 'Ready');
  if (condition?.status !== 'True' || condition.lastTransitionTime === undefined) return undefined;
  return Date.parse(condition.lastTransitionTime);
}

/** Whether it has been ready for at least `minReadySeconds`. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isPodReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = readySince(pod);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}

/** Sets a condition as upstream's UpdatePodCondition does: the transition time moves only with the status. */
export function withPodCondition(pod: Pod, condition: PodCondition, now: string): Pod {
  const previous = podCondition(pod, condition.type);
  const lastTransitionTime = previous?.status === condition.status ? (previous.lastTransitionTime ?? now) : now;
  const next = { ...condition, lastTransitionTime };
  const conditions = pod.status?.conditions ?? [];
  return {
    ...pod,
    status: {
      ...pod.status,
      conditions: previous === undefined ? [...conditions, next] : conditions.map((old) => (old === previous ? next : old)),
    },
  };
}
