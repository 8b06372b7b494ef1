import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from '../../api/generated/types/apps/v1.ts';
import type { Pod } from '../../api/generated/types/core/v1.ts';
import { selectorFromLabels } from '../../api/selectors/labels.ts';
import { formatTime } from '../../simulation/clock.ts';
import { messageOf } from '../common/pod-control.ts';
import { isPodAvailable, isPodReady, isPodTerminating } from '../common/pods.ts';

/**
 * What a replica set's status should be, after upstream's calculateStatus.
 * @param active its pods that count
 * @param owned all of its pods
 * @param failure what kept it from creating or deleting pods, when something did
 */
export function replicaSetStatus(
  set: ReplicaSet,
  active: readonly Pod[],
  owned: readonly Pod[],
  failure: unknown,
  now: number,
): ReplicaSetStatus {
  const template = selectorFromLabels(set.spec?.template?.metadata?.labels);
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  let fullyLabeledReplicas = 0;
  let readyReplicas = 0;
  let availableReplicas = 0;
  for (const pod of active) {
    if (template.matches(pod.metadata?.labels)) fullyLabeledReplicas++;
    if (!isPodReady(pod)) continue;
    readyReplicas++;
    if (isPodAvailable(pod, minReadySeconds, now)) availableReplicas++;
  }
  const conditions = conditionsAfter(set, active.length, failure, now);
  return {
    replicas: active.length,
    ...some({ fullyLabeledReplicas, readyReplicas, availableReplicas }),
    terminatingReplicas: owned.filter(isPodTerminating).length,
    observedGeneration: set.metadata?.generation ?? 0,
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

function conditionsAfter(set: ReplicaSet, active: number, failure: unknown, now: number): ReplicaSetCondition[] {
  const previous = set.status?.conditions ?? [];
  const known = previous.some((condition) => condition.type === 'ReplicaFailure');
  if (failure === undefined) return previous.filter((condition) => condition.type !== 'ReplicaFailure');
  if (known) return previous;
  const difference = active - (set.spec?.replicas ?? 1);
  const condition: ReplicaSetCondition = {
    type: 'ReplicaFailure',
    status: 'True',
    reason: difference < 0 ? 'FailedCreate' : 'FailedDelete',
    message: messageOf(failure),
    lastTransitionTime: formatTime(now),
  };
  return [...previous, condition];
}

/** Counts that are zero are left out on the wire. */
function some(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
