import type { Pod, PodCondition, PodStatus } from '../../api/generated/types/core/v1.ts';
import { formatTime } from '../../simulation/clock.ts';
import { podConditions } from './conditions.ts';
import { type ContainerStatusInput, containerStatuses, ephemeralContainerStatuses } from './container-statuses.ts';
import { podPhase } from './phase.ts';
import { shouldRestart } from './runtime-status.ts';

export interface PodStatusInput extends ContainerStatusInput {
  readonly now: number;
  readonly hostAddress: string;
  /** What is told of a resize that waits or is under way. */
  readonly resizing: readonly PodCondition[];
  /** Ends the pod whatever its containers do: `DeadlineExceeded`. */
  readonly verdict?: { readonly reason: string; readonly message: string };
}

/** The status that the kubelet reports for a pod it runs. Pure: what is, in; what the API shall show, out. */
export function podStatus(input: PodStatusInput): PodStatus {
  const { pod, runtime, now, hostAddress, verdict, isTerminal } = input;
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const initStatuses = containerStatuses(input, initContainers, true);
  const statuses = containerStatuses(input, containers, false).sort(byNameOrder);
  const ephemeralStatuses = ephemeralContainerStatuses(input).sort(byNameOrder);
  const byName = new Map([...initStatuses, ...statuses].map((status) => [status.name, status]));
  const phase = verdict === undefined ? podPhase(pod, byName, isTerminal, restartsOf(input)) : 'Failed';
  const sandboxReady = runtime.sandbox?.state === 'SANDBOX_READY';
  const ip = sandboxReady ? (runtime.sandbox?.network.ip ?? '') : (pod.status?.podIP ?? '');
  return {
    ...(pod.metadata?.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    phase,
    conditions: [
      ...(isTerminal ? [] : input.resizing),
      ...podConditions({ pod, statuses: byName, phase, sandboxReady }).map((state) => withTimes(pod, state, now)),
    ],
    ...(verdict ?? {}),
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    ...(ip === '' ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: pod.status?.startTime ?? formatTime(now),
    ...(initStatuses.length === 0 ? {} : { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    ...(ephemeralStatuses.length === 0 ? {} : { ephemeralContainerStatuses: ephemeralStatuses }),
    qosClass: pod.status?.qosClass ?? qosClass(pod),
  };
}

function byNameOrder(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1;
}

function restartsOf({ pod, runtime, isTerminal }: PodStatusInput): ReadonlySet<string> {
  const all = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const restarts = all.filter((container) => {
    const [latest] = runtime.containers.get(container.name) ?? [];
    return !isTerminal && latest !== undefined && shouldRestart(pod, container, latest);
  });
  return new Set(restarts.map(({ name }) => name));
}

function withTimes(pod: Pod, state: Omit<PodCondition, 'lastTransitionTime'>, now: number): PodCondition {
  const old = pod.status?.conditions?.find(({ type }) => type === state.type);
  const lastTransitionTime =
    old?.status === state.status && old.lastTransitionTime !== undefined ? old.lastTransitionTime : formatTime(now);
  const { generation } = pod.metadata ?? {};
  return { ...state, lastTransitionTime, ...(generation === undefined ? {} : { observedGeneration: generation }) };
}

/** Guaranteed: every container has cpu and memory limits equal to its requests; BestEffort: none has any; else Burstable. */
export function qosClass(pod: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  let any = false;
  let guaranteed = true;
  for (const { resources = {} } of containers) {
    for (const resource of ['cpu', 'memory']) {
      const request = resources.requests?.[resource];
      const limit = resources.limits?.[resource];
      if (request !== undefined || limit !== undefined) any = true;
      if (limit === undefined || (request !== undefined && String(request) !== String(limit))) guaranteed = false;
    }
  }
  if (!any) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
