import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '../../api/generated/types/apps/v1.ts';
import { formatTime } from '../../simulation/clock.ts';
import { actual, available, maxUnavailable, replicasOf, wanted } from './sizes.ts';

/** What a deadline or a limit is set to when there is none. */
const unlimited = 2_147_483_647;

/** Seconds a deployment may take between two steps forward; undefined when it may take any time. */
export function progressDeadline(deployment: Deployment): number | undefined {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  return seconds === unlimited ? undefined : seconds;
}

/** How many old replica sets are kept; undefined: all. */
export function historyLimit(deployment: Deployment): number | undefined {
  const limit = deployment.spec?.revisionHistoryLimit;
  return limit === unlimited ? undefined : limit;
}

export function conditionOf(status: DeploymentStatus | undefined, type: string): DeploymentCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function newCondition(type: string, status: string, reason: string, message: string, now: number): DeploymentCondition {
  const time = formatTime(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/** Puts a condition in, unless one with the same status and reason is there; the transition time moves only with the status. */
export function withCondition(status: DeploymentStatus, condition: DeploymentCondition): DeploymentStatus {
  const previous = conditionOf(status, condition.type);
  if (previous?.status === condition.status && previous.reason === condition.reason) return status;
  const kept =
    previous?.status === condition.status && previous.lastTransitionTime !== undefined
      ? { ...condition, lastTransitionTime: previous.lastTransitionTime }
      : condition;
  return { ...withoutCondition(status, condition.type), conditions: [...others(status, condition.type), kept] };
}

export function withoutCondition(status: DeploymentStatus, type: string): DeploymentStatus {
  const { conditions: _, ...rest } = status;
  const left = others(status, type);
  return left.length === 0 ? rest : { ...rest, conditions: left };
}

function others(status: DeploymentStatus, type: string): DeploymentCondition[] {
  return (status.conditions ?? []).filter((condition) => condition.type !== type);
}

/** Counts and availability as the replica sets tell them, after upstream's calculateStatus. */
export function countedStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const availableReplicas = available(all);
  const counts = {
    replicas: actual(all),
    updatedReplicas: newest === undefined ? 0 : actual([newest]),
    readyReplicas: all.reduce((sum, set) => sum + (set.status?.readyReplicas ?? 0), 0),
    availableReplicas,
    unavailableReplicas: Math.max(0, wanted(all) - availableReplicas),
  };
  const terminating = all.map((set) => set.status?.terminatingReplicas);
  const { collisionCount, conditions } = deployment.status ?? {};
  const status: DeploymentStatus = {
    observedGeneration: deployment.metadata?.generation ?? 0,
    // Counts that are zero are left out on the wire.
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    ...(terminating.includes(undefined) ? {} : { terminatingReplicas: terminating.reduce<number>((sum, count) => sum + (count ?? 0), 0) }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(conditions === undefined ? {} : { conditions }),
  };
  const enough = availableReplicas >= replicasOf(deployment) - maxUnavailable(deployment);
  return withCondition(
    status,
    enough
      ? newCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
      : newCondition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.', now),
  );
}

/** Whether all that was asked for stands, and nothing else. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = replicasOf(deployment);
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata?.generation ?? 0)
  );
}

function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const condition = conditionOf(status, 'Progressing');
  const deadline = progressDeadline(deployment);
  if (condition === undefined || deadline === undefined || condition.reason === 'NewReplicaSetAvailable') return false;
  return condition.reason === 'ProgressDeadlineExceeded' || Date.parse(condition.lastUpdateTime ?? '') + deadline * 1000 < now;
}

/** The status of a rollout: the counts, whether it moves, and what keeps its replica sets from making pods. After upstream's syncRolloutStatus. */
export function rolloutStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const before = deployment.status ?? {};
  let status = countedStatus(deployment, all, newest, now);
  const current = conditionOf(before, 'Progressing');
  const settled = status.replicas === status.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  if (progressDeadline(deployment) === undefined) status = withoutCondition(status, 'Progressing');
  else if (!settled) {
    const subject = newest === undefined ? `Deployment "${deployment.metadata?.name}"` : `ReplicaSet "${newest.metadata?.name}"`;
    const progressing = (value: string, reason: string, message: string) =>
      newCondition('Progressing', value, reason, `${subject} ${message}`, now);
    if (isComplete(deployment, status)) {
      status = withCondition(status, progressing('True', 'NewReplicaSetAvailable', 'has successfully progressed.'));
    } else if (hasProgressed(before, status)) {
      const condition = progressing('True', 'ReplicaSetUpdated', 'is progressing.');
      // Each step forward moves the update time, even when status and reason stay.
      const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
      status = withCondition(
        withoutCondition(status, 'Progressing'),
        since === undefined ? condition : { ...condition, lastTransitionTime: since },
      );
    } else if (isTimedOut(deployment, status, now)) {
      status = withCondition(status, progressing('False', 'ProgressDeadlineExceeded', 'has timed out progressing.'));
    }
  }
  const failure = replicaFailure(all, newest);
  return failure === undefined ? withoutCondition(status, 'ReplicaFailure') : withCondition(status, failure);
}

/** What the newest replica set, or else any other, has failed with. */
function replicaFailure(all: readonly ReplicaSet[], newest: ReplicaSet | undefined): DeploymentCondition | undefined {
  for (const set of newest === undefined ? all : [newest, ...all]) {
    const failure = set.status?.conditions?.find((condition) => condition.type === 'ReplicaFailure');
    if (failure === undefined) continue;
    const time =
      failure.lastTransitionTime === undefined
        ? {}
        : { lastTransitionTime: failure.lastTransitionTime, lastUpdateTime: failure.lastTransitionTime };
    return {
      type: 'ReplicaFailure',
      status: failure.status,
      ...time,
      ...(failure.reason === undefined ? {} : { reason: failure.reason }),
      ...(failure.message === undefined ? {} : { message: failure.message }),
    };
  }
  return undefined;
}

/** Milliseconds until a rollout that does not move will have missed its deadline; undefined when there is nothing to wait for. */
export function timeToDeadline(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const condition = conditionOf(deployment.status, 'Progressing');
  const deadline = progressDeadline(deployment);
  if (condition === undefined || deadline === undefined) return undefined;
  if (isComplete(deployment, status) || condition.reason === 'ProgressDeadlineExceeded') return undefined;
  const left = Date.parse(condition.lastUpdateTime ?? '') + deadline * 1000 - now;
  // A second more, as the times of conditions are cut to seconds.
  return Math.max(0, left) + 1000;
}
