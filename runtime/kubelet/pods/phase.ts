import type { ContainerStatus, Pod } from '../../api/generated/types/core/v1.ts';
import { isRestartableInit } from './pod-names.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/**
 * The phase of a pod by the states of its containers, after the kubelet's `getPhase`.
 * @param isTerminal nothing of the pod will be started again
 * @param restarts names of containers that have ended and will be started again
 */
export function podPhase(
  pod: Pod,
  statuses: ReadonlyMap<string, ContainerStatus>,
  isTerminal: boolean,
  restarts: ReadonlySet<string>,
): PodPhase {
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  let hasFailed = false;
  let pendingInit = 0;
  let failedInit = 0;
  for (const container of initContainers) {
    const status = statuses.get(container.name);
    const { running, terminated } = status?.state ?? {};
    if (isRestartableInit(container)) {
      if (terminated === undefined && status?.lastState?.terminated === undefined && (running === undefined || status?.started !== true))
        pendingInit++;
      continue;
    }
    const ended = terminated ?? (running === undefined ? status?.lastState?.terminated : undefined);
    if (ended === undefined) pendingInit++;
    else if (ended.exitCode !== 0) {
      failedInit++;
      if (terminated !== undefined && !restarts.has(container.name)) hasFailed = true;
    } else if (terminated === undefined) pendingInit++;
  }
  let unknown = 0;
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let succeeded = 0;
  let restarting = 0;
  for (const container of containers) {
    const status = statuses.get(container.name);
    if (status?.state?.running !== undefined) running++;
    else if (status?.state?.terminated !== undefined) {
      stopped++;
      if (status.state.terminated.exitCode === 0) succeeded++;
      if (restarts.has(container.name)) restarting++;
    } else if (status?.state?.waiting !== undefined) {
      if (status.lastState?.terminated === undefined) waiting++;
      else {
        stopped++;
        restarting++;
      }
    } else unknown++;
  }
  if (hasFailed) return 'Failed';
  const hasStarted = running + stopped > 0;
  if ((pendingInit > 0 || failedInit > 0) && !hasStarted) return isTerminal ? 'Failed' : 'Pending';
  if (waiting > 0) return isTerminal ? 'Failed' : 'Pending';
  if (running > 0 && unknown === 0) return 'Running';
  if (running === 0 && stopped > 0 && unknown === 0) {
    if (restarting > 0 && !isTerminal) return 'Running';
    return succeeded === stopped ? 'Succeeded' : 'Failed';
  }
  return isTerminal ? 'Failed' : 'Pending';
}
