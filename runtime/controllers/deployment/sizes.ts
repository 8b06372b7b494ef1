import type { Deployment, ReplicaSet } from '../../api/generated/types/apps/v1.ts';
import { getScaledValue } from '../../api/int-or-string.ts';
import { desiredReplicasOf, maxReplicasOf } from './annotations.ts';

export function replicasOf(object: Deployment | ReplicaSet): number {
  return object.spec?.replicas ?? 1;
}

/** How many pods the sets ask for in all. */
export function wanted(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + replicasOf(set), 0);
}

/** How many pods the sets have in all. */
export function actual(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0);
}

/** How many pods of the sets are available. */
export function available(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return (deployment.spec?.strategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
}

/** How many pods a rolling update may have above, and lack below, the number wanted. Never both zero, or nothing could move. */
function fenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const total = replicasOf(deployment);
  const surge = getScaledValue(maxSurge, total, true);
  const unavailable = getScaledValue(maxUnavailable, total, false);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;
}

export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  return isRollingUpdate(deployment) && replicas > 0 ? Math.min(fenceposts(deployment).unavailable, replicas) : 0;
}

/** How many replicas the newest set may have now. */
export function newSetSize(deployment: Deployment, all: readonly ReplicaSet[], newest: ReplicaSet | undefined): number {
  const replicas = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return replicas;
  const size = newest?.spec?.replicas ?? 0;
  const room = replicas + maxSurge(deployment) - wanted(all);
  return room <= 0 ? size : size + Math.min(room, replicas - size);
}

/** Whether the newest set carries the whole deployment, and all of its pods are available. */
export function isSaturated(deployment: Deployment, newest: ReplicaSet | undefined): boolean {
  const replicas = replicasOf(deployment);
  return (
    newest !== undefined &&
    replicasOf(newest) === replicas &&
    desiredReplicasOf(newest) === replicas &&
    (newest.status?.availableReplicas ?? 0) === replicas
  );
}

/**
 * New sizes by name for the sets of a rolling update whose deployment was scaled: each grows or shrinks in proportion to its size,
 * and what rounding leaves over goes to the largest.
 * @param sets those that have replicas
 */
export function proportionalSizes(deployment: Deployment, sets: readonly ReplicaSet[]): Map<string, number> {
  const replicas = replicasOf(deployment);
  const toAdd = (replicas > 0 ? replicas + maxSurge(deployment) : 0) - wanted(sets);
  const newestFirst = toAdd > 0 ? -1 : 1;
  const bySize = [...sets].sort((left, right) => replicasOf(right) - replicasOf(left) || newestFirst * compareAge(left, right));
  const sizes = new Map<string, number>();
  let added = 0;
  for (const set of bySize) {
    const share = toAdd === 0 ? 0 : shareOf(deployment, set, toAdd, added);
    sizes.set(set.metadata?.name ?? '', replicasOf(set) + share);
    added += share;
  }
  const largest = bySize[0]?.metadata?.name ?? '';
  if (toAdd !== 0) sizes.set(largest, Math.max(0, (sizes.get(largest) ?? 0) + toAdd - added));
  return sizes;
}

function shareOf(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  const size = replicasOf(set);
  if (size === 0 || toAdd === added) return 0;
  const replicas = replicasOf(deployment);
  const before = maxReplicasOf(set) ?? deployment.status?.replicas ?? 0;
  const grown = before === 0 ? size : Math.round((size * (replicas + maxSurge(deployment))) / before);
  const share = replicas === 0 ? -size : grown - size;
  const allowed = toAdd - added;
  return toAdd > 0 ? Math.min(share, allowed) : Math.max(share, allowed);
}

/** Older first; names decide between sets of the same second. */
export function compareAge(left: ReplicaSet, right: ReplicaSet): number {
  const a = left.metadata?.creationTimestamp ?? '';
  const b = right.metadata?.creationTimestamp ?? '';
  if (a !== b) return a < b ? -1 : 1;
  return (left.metadata?.name ?? '') < (right.metadata?.name ?? '') ? -1 : 1;
}
