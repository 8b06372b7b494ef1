import type { Pod } from '../../api/generated/types/core/v1.ts';

export function uidOf(pod: Pod): string {
  return pod.metadata?.uid ?? '';
}

export function priorityOf(pod: Pod): number {
  return pod.spec?.priority ?? 0;
}

/** Whether both have the same labels. */
export function sameLabels(a: Pod, b: Pod): boolean {
  const left = a.metadata?.labels ?? {};
  const right = b.metadata?.labels ?? {};
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key]);
}

/** Whether nothing changed from one state of a pod to the next that the scheduler looks at in pods on nodes. */
export function sameToScheduler(a: Pod, b: Pod): boolean {
  return (
    a.metadata?.generation !== undefined &&
    a.metadata.generation === b.metadata?.generation &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    sameLabels(a, b)
  );
}
