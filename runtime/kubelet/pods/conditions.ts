import type { ContainerStatus, Pod, PodCondition } from '../../api/generated/types/core/v1.ts';
import type { PodPhase } from './phase.ts';
import { formatList, isRestartableInit } from './pod-names.ts';

/** A condition without the times and generation that the writer adds. */
export type ConditionState = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>;

export interface ConditionInput {
  readonly pod: Pod;
  readonly statuses: ReadonlyMap<string, ContainerStatus>;
  readonly phase: PodPhase;
  /** A sandbox with a network stands. */
  readonly sandboxReady: boolean;
}

/** The conditions that the kubelet owns, after `pkg/kubelet/status/generate.go`. */
export function podConditions(input: ConditionInput): readonly ConditionState[] {
  const containersReady = containersReadyCondition(input);
  return [
    { type: 'PodReadyToStartContainers', status: input.sandboxReady ? 'True' : 'False' },
    initializedCondition(input),
    readyCondition(input.pod, containersReady),
    containersReady,
    { type: 'PodScheduled', status: 'True' },
  ];
}

function containersReadyCondition({ pod, statuses, phase }: ConditionInput): ConditionState {
  const type = 'ContainersReady';
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const unknown: string[] = [];
  const unready: string[] = [];
  for (const { name } of [...initContainers.filter(isRestartableInit), ...containers]) {
    const status = statuses.get(name);
    if (status === undefined) unknown.push(name);
    else if (!status.ready) unready.push(name);
  }
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  if (phase === 'Succeeded' && unknown.length === 0) return { type, status: 'False', reason: 'PodCompleted' };
  const message = describe(unknown, 'unready', unready);
  return message === '' ? { type, status: 'True' } : { type, status: 'False', reason: 'ContainersNotReady', message };
}

function readyCondition(pod: Pod, containersReady: ConditionState): ConditionState {
  const type = 'Ready';
  if (containersReady.status !== 'True') return { ...containersReady, type };
  const problems: string[] = [];
  for (const { conditionType } of pod.spec?.readinessGates ?? []) {
    const condition = pod.status?.conditions?.find((other) => other.type === conditionType);
    if (condition === undefined) problems.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`);
    else if (condition.status !== 'True') {
      problems.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`);
    }
  }
  if (problems.length === 0) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}

function initializedCondition({ pod, statuses, phase }: ConditionInput): ConditionState {
  const type = 'Initialized';
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const unknown: string[] = [];
  const incomplete: string[] = [];
  for (const container of initContainers) {
    const status = statuses.get(container.name);
    if (status === undefined) unknown.push(container.name);
    else if (isRestartableInit(container) ? status.started !== true : !status.ready) incomplete.push(container.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { type, status: 'True', reason: 'PodCompleted' };
  const anyStarted = containers.some(({ name }) => {
    const status = statuses.get(name);
    return status?.state?.running !== undefined || status?.state?.terminated !== undefined || status?.lastState?.terminated !== undefined;
  });
  const message = describe(unknown, 'incomplete', incomplete);
  if (anyStarted || message === '') return { type, status: 'True' };
  return { type, status: 'False', reason: 'ContainersNotInitialized', message };
}

function describe(unknown: readonly string[], adjective: string, others: readonly string[]): string {
  const parts: string[] = [];
  if (unknown.length > 0) parts.push(`containers with unknown status: ${formatList(unknown)}`);
  if (others.length > 0) parts.push(`containers with ${adjective} status: ${formatList(others)}`);
  return parts.join(', ');
}
