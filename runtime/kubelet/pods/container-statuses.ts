import type { ContainerStatus as ApiContainerStatus, Container, ContainerState, Pod } from '../../api/generated/types/core/v1.ts';
import type { ContainerStatus } from '../../containers/cri.ts';
import { formatTime } from '../../simulation/clock.ts';
import { ephemeralContainers, isRestartableInit } from './pod-names.ts';
import { type PodRuntimeStatus, shouldRestart } from './runtime-status.ts';

/** Why a container could not be started, until it is. */
export interface StartFailure {
  /** `ErrImagePull`, `CrashLoopBackOff`, `CreateContainerConfigError` … */
  readonly reason: string;
  readonly message: string;
}

/** What probes have found out about a container that runs. */
export interface ProbeResults {
  /** The startup probe has succeeded, or there is none. */
  started(containerName: string): boolean;
  /** The readiness probe succeeds, or there is none. */
  ready(containerName: string): boolean;
}

export interface ContainerStatusInput {
  readonly pod: Pod;
  readonly runtime: PodRuntimeStatus;
  readonly runtimeName: string;
  readonly failures: ReadonlyMap<string, StartFailure>;
  readonly probes: ProbeResults;
  /** Nothing will be started again. */
  readonly isTerminal: boolean;
}

/** The statuses of containers as the API shows them, after the kubelet's `convertToAPIContainerStatuses`. */
export function containerStatuses(input: ContainerStatusInput, containers: readonly Container[], areInit: boolean): ApiContainerStatus[] {
  return containers.map((container) => containerStatus(input, container, areInit));
}

/** The statuses of ephemeral containers, which are never probed and so never ready. */
export function ephemeralContainerStatuses(input: ContainerStatusInput): ApiContainerStatus[] {
  return containerStatuses(input, ephemeralContainers(input.pod), false).map(({ started: _, ...status }) => ({ ...status, ready: false }));
}

function containerStatus(input: ContainerStatusInput, container: Container, isInit: boolean): ApiContainerStatus {
  const { pod, runtime, failures, probes, isTerminal } = input;
  const [latest, previous] = runtime.containers.get(container.name) ?? [];
  const failure = failures.get(container.name);
  const base = { name: container.name, image: container.image ?? '', imageID: '', ready: false, restartCount: 0, started: false };
  if (latest === undefined) {
    const reason = (pod.spec?.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating';
    const state = { waiting: failure === undefined || isTerminal ? { reason } : waiting(failure) };
    return { ...base, lastState: {}, state, ...volumeMountsOf(container) };
  }
  const isRunning = latest.state === 'CONTAINER_RUNNING';
  const state = stateOf(latest, input.runtimeName);
  const status: ApiContainerStatus = {
    ...base,
    containerID: `${input.runtimeName}://${latest.id}`,
    image: latest.image.image,
    imageID: latest.imageRef,
    restartCount: latest.metadata.attempt,
    lastState: previous === undefined ? lastStateOf(pod, latest, container.name) : stateOf(previous, input.runtimeName),
    state,
    ...resourcesOf(container),
    ...volumeMountsOf(container),
  };
  if (failure !== undefined && !isRunning && !isTerminal && shouldRestart(pod, container, latest)) {
    status.lastState = state;
    status.state = { waiting: waiting(failure) };
  }
  const started = isRunning && (isInit && !isRestartableInit(container) ? true : probes.started(container.name));
  status.started = started;
  if (isInit && !isRestartableInit(container)) status.ready = state.terminated?.exitCode === 0 && status.state?.terminated !== undefined;
  else status.ready = started && probes.ready(container.name);
  return status;
}

function waiting({ reason, message }: StartFailure): { reason: string; message?: string } {
  return message === '' ? { reason } : { reason, message };
}

/** The runtime keeps one dead container of each; what came before a lost one stands only in the pod's status. */
function lastStateOf(pod: Pod, latest: ContainerStatus, name: string): ContainerState {
  const known = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].find(
    (status) => status.name === name,
  );
  return known !== undefined && known.restartCount === latest.metadata.attempt ? (known.lastState ?? {}) : {};
}

function stateOf(status: ContainerStatus, runtimeName: string): ContainerState {
  if (status.state === 'CONTAINER_RUNNING') return { running: { startedAt: formatTime(status.startedAt) } };
  if (status.state === 'CONTAINER_CREATED') return { waiting: { reason: 'ContainerCreating' } };
  return {
    terminated: {
      containerID: `${runtimeName}://${status.id}`,
      exitCode: status.exitCode,
      finishedAt: formatTime(status.finishedAt),
      ...(status.message === '' ? {} : { message: status.message }),
      reason: status.reason,
      startedAt: formatTime(status.startedAt),
    },
  };
}

/** What a container was given, which is told of those that have ended, too. */
function resourcesOf({ resources = {} }: Container): Pick<ApiContainerStatus, 'allocatedResources' | 'resources'> {
  const { requests } = resources;
  return { ...(requests === undefined ? {} : { allocatedResources: requests }), resources };
}

function volumeMountsOf({ volumeMounts = [] }: Container): Pick<ApiContainerStatus, 'volumeMounts'> {
  if (volumeMounts.length === 0) return {};
  return {
    volumeMounts: volumeMounts.map(({ name, mountPath, readOnly }) =>
      readOnly === true ? { mountPath, name, readOnly, recursiveReadOnly: 'Disabled' } : { mountPath, name },
    ),
  };
}
