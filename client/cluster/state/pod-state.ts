import { t } from '@vscode/l10n';
import type { ContainerStatus, Pod, PodCondition } from '../../../runtime/api/generated/types/core/v1.ts';
import { amount, millicores } from './amount.ts';
import type { Condition } from './states.ts';

/** Reasons for which a container waits that are a normal part of its start. */
const starting = new Set(['ContainerCreating', 'PodInitializing']);

/** How a container ended of which nobody knows how: its node stopped under it, and runs it again. */
const lostReasons = new Set(['Unknown', 'ContainerStatusUnknown']);

/** How a pod is. `nodeReady` tells whether its node answers; a pod on one that does not is unknown. */
export function podState(pod: Pod, nodeReady = true): Condition {
  const status = pod.status ?? {};
  if (status.phase === 'Succeeded') return { state: 'succeeded', reason: 'Completed' };
  if (status.phase === 'Failed') return failed(pod);
  if (pod.spec?.nodeName !== undefined && !nodeReady) return { state: 'unknown', reason: t('Node does not answer') };
  if (status.phase === 'Unknown') return { state: 'unknown', ...text(status.reason, status.message) };
  if (pod.metadata?.deletionTimestamp !== undefined) return { state: 'terminating', reason: t('Terminating') };
  if (!pod.spec?.nodeName) return unscheduled(pod);
  return initState(pod) ?? containerState(pod);
}

/** Restarts of all its containers. */
export function restarts(pod: Pod): number {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].reduce(
    (sum, container) => sum + container.restartCount,
    0,
  );
}

export interface PodResources {
  /** Thousandths of a core. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

/** What the scheduler sets aside for a pod: the sum of its containers, or its biggest init container where that is more. */
export function podRequests(pod: Pod): PodResources {
  const sum = { cpu: 0, memory: 0 };
  for (const container of pod.spec?.containers ?? []) {
    sum.cpu += millicores(container.resources?.requests?.cpu);
    sum.memory += amount(container.resources?.requests?.memory);
  }
  for (const container of pod.spec?.initContainers ?? []) {
    const cpu = millicores(container.resources?.requests?.cpu);
    const memory = amount(container.resources?.requests?.memory);
    if (container.restartPolicy === 'Always') {
      sum.cpu += cpu;
      sum.memory += memory;
    } else {
      sum.cpu = Math.max(sum.cpu, cpu);
      sum.memory = Math.max(sum.memory, memory);
    }
  }
  return { cpu: sum.cpu + millicores(pod.spec?.overhead?.cpu), memory: sum.memory + amount(pod.spec?.overhead?.memory) };
}

/** How one container of a pod is. */
export function containerCondition(status: ContainerStatus | undefined): Condition {
  const { waiting, terminated } = status?.state ?? {};
  const lost = lostReasons.has((terminated ?? status?.lastState?.terminated)?.reason ?? '');
  if (lost && (terminated !== undefined || waiting?.reason === 'CrashLoopBackOff')) return { state: 'creating', reason: t('Restarting') };
  if (terminated !== undefined) {
    if (terminated.exitCode === 0) return { state: 'succeeded', reason: terminated.reason ?? 'Completed' };
    return {
      state: 'failing',
      ...text(terminated.reason ?? 'Error', terminated.message ?? t('Exited with code {0}.', terminated.exitCode)),
    };
  }
  if (waiting !== undefined || status?.state?.running === undefined) {
    const reason = waiting?.reason;
    if (reason === undefined || starting.has(reason)) return { state: 'creating', ...text(reason, waiting?.message) };
    return { state: 'failing', ...text(reason, lastExit(status) ?? waiting?.message) };
  }
  return status.ready ? { state: 'ready' } : { state: 'running', reason: t('not ready') };
}

/**
 * The main reason in the scheduler's message: of `0/3 nodes are available: 1 node(s) had …, 2 Insufficient memory.` the one that most nodes have.
 * What the scheduler says of the pod itself, such as a claim that is not there, is the reason as it stands.
 */
export function schedulerReason(message: string | undefined): string | undefined {
  const list = /^(?:\d+\/\d+ nodes are available: )?(.*?)(?:\.(?: preemption:.*| no new claims.*| not found)?)?$/s.exec(message ?? '')?.[1];
  const reasons = [...(list ?? '').matchAll(/(?:^|, )(\d+) (.*?)(?=, \d+ |$)/gs)].map(([, count, reason]) => ({
    count: Number(count),
    reason: reason ?? '',
  }));
  reasons.sort((a, b) => b.count - a.count);
  const first = reasons[0]?.reason ?? (list || undefined);
  return first
    ?.replace(/^node\(s\) (?:had |were |was )?/, '')
    .replace(/^persistentvolumeclaim /, 'claim ')
    .replace(/^./, (letter) => letter.toUpperCase());
}

function failed(pod: Pod): Condition {
  const { reason, message, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  if (reason !== undefined) return { state: 'failing', ...text(reason, message) };
  const ended = [...initContainerStatuses, ...containerStatuses].map(containerCondition).find(({ state }) => state === 'failing');
  return ended ?? { state: 'failing', ...text('Error', message) };
}

function unscheduled(pod: Pod): Condition {
  const condition = conditionOf(pod, 'PodScheduled');
  if (condition?.status !== 'False') return { state: 'pending' };
  if (condition.reason === 'SchedulingGated') return { state: 'pending', ...text(t('Scheduling gated'), condition.message) };
  return { state: 'pending', ...text(schedulerReason(condition.message) ?? condition.reason, condition.message) };
}

function initState(pod: Pod): Condition | undefined {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const plain = statuses.filter((status) => {
    const sidecar = pod.spec?.initContainers?.find(({ name }) => name === status.name)?.restartPolicy === 'Always';
    return !(sidecar && status.started);
  });
  const current = plain.find((status) => status.state?.terminated?.exitCode !== 0);
  if (current === undefined) return undefined;
  const condition = containerCondition(current);
  if (condition.state === 'failing') return { ...condition, reason: `Init:${condition.reason ?? 'Error'}` };
  const done = plain.indexOf(current);
  return { state: 'creating', reason: `Init:${done}/${plain.length}` };
}

function containerState(pod: Pod): Condition {
  const statuses = pod.status?.containerStatuses ?? [];
  const conditions = statuses.map(containerCondition);
  const failing = conditions.find(({ state }) => state === 'failing');
  if (failing !== undefined) return failing;
  const creating = conditions.find(({ state }) => state === 'creating');
  if (creating !== undefined || statuses.length === 0) return { state: 'creating', ...text(creating?.reason, creating?.message) };
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status === 'True') return { state: 'ready' };
  return { state: 'running', ...text(t('not ready'), ready?.message) };
}

function conditionOf(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

function lastExit(status: ContainerStatus | undefined): string | undefined {
  const last = status?.lastState?.terminated;
  if (last === undefined) return undefined;
  const why = last.reason === undefined || last.reason === 'Error' ? '' : ` (${last.reason})`;
  const code = `${last.exitCode}${why}`;
  return last.message === undefined ? t('Last exit {0}.', code) : t('Last exit {0}: {1}', code, last.message.trim());
}

function text(reason: string | undefined, message: string | undefined): Pick<Condition, 'reason' | 'message'> {
  return { ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
}
