import type { Container, Pod } from '../../api/generated/types/core/v1.ts';
import type { ContainerStatus } from '../../containers/cri.ts';
import { ephemeralContainers, isRestartableInit } from './pod-names.ts';
import { type PodRuntimeStatus, shouldRestart } from './runtime-status.ts';

/** A probe has found that a container must go. */
export type ProbeVerdict = 'liveness' | 'startup';

export interface ContainerToKill {
  readonly container: Container;
  readonly status: ContainerStatus;
  /** `definition`: the spec asks for another image than the one that runs; `resize`: for other resources, which a restart is to give. */
  readonly because: ProbeVerdict | 'definition' | 'resize';
}

/** What is to be done to bring a pod from what is to what its spec says. */
export interface PodActions {
  /** Make a sandbox, counted so many; stop the one before. */
  readonly createSandbox?: { readonly attempt: number };
  readonly toKill: readonly ContainerToKill[];
  /** In this order. */
  readonly toStart: readonly Container[];
  /** Containers to look into the pod with, which are started once, whatever becomes of the others. */
  readonly toStartEphemeral: readonly Container[];
  /** Nothing runs and nothing will. */
  readonly isDone: boolean;
}

export interface ActionsInput {
  readonly pod: Pod;
  readonly runtime: PodRuntimeStatus;
  /** Whether a running container has passed its startup probe. */
  readonly isStarted: (containerName: string) => boolean;
  readonly verdictOf: (status: ContainerStatus) => ProbeVerdict | undefined;
  /** Running containers that a resize of the pod starts anew. */
  readonly toResize: ReadonlySet<string>;
}

/** Compares what runs with what should, after the kubelet's `computePodActions`. */
export function podActions(input: ActionsInput): PodActions {
  const { pod, runtime } = input;
  const actions = actionsWithoutEphemeral(input);
  const isReady = actions.createSandbox === undefined && !actions.isDone;
  const ephemeral = isReady ? ephemeralContainers(pod).filter(({ name }) => !runtime.containers.has(name)) : [];
  return { ...actions, toStartEphemeral: ephemeral };
}

function actionsWithoutEphemeral(input: ActionsInput): Omit<PodActions, 'toStartEphemeral'> {
  const { pod, runtime } = input;
  const { initContainers = [], containers = [], restartPolicy } = pod.spec ?? {};
  const { sandbox } = runtime;
  if (sandbox?.state !== 'SANDBOX_READY') {
    const attempt = sandbox === undefined ? 0 : sandbox.metadata.attempt + 1;
    // A pod that is never restarted has ended when its sandbox has.
    const ended = restartPolicy === 'Never' && sandbox !== undefined && runtime.containers.size > 0;
    const toStart = containers.filter((container) => shouldRestart(pod, container, runtime.containers.get(container.name)?.[0]));
    if (ended || toStart.length === 0) return { toKill: [], toStart: [], isDone: true };
    return {
      createSandbox: { attempt },
      toKill: [],
      toStart: initContainers.length > 0 ? initContainers.slice(0, 1) : toStart,
      isDone: false,
    };
  }
  const current = (container: Container) => runtime.containers.get(container.name)?.find((status) => status.podSandboxId === sandbox.id);
  const toKill: ContainerToKill[] = [];
  const toStart: Container[] = [];
  const hasBegun = containers.some((container) => current(container) !== undefined);
  const mind = (container: Container, status: ContainerStatus) => {
    const resize = input.toResize.has(container.name) ? 'resize' : undefined;
    const because = runsImageOf(container, status) ? (input.verdictOf(status) ?? resize) : 'definition';
    if (because !== undefined) toKill.push({ container, status, because });
  };

  for (const container of initContainers) {
    const status = current(container);
    if (isRestartableInit(container)) {
      if (status?.state === 'CONTAINER_RUNNING') mind(container, status);
      else toStart.push(container);
      if (!hasBegun && (status?.state !== 'CONTAINER_RUNNING' || !input.isStarted(container.name))) {
        return { toKill, toStart, isDone: false };
      }
      continue;
    }
    if (hasBegun || (status?.state === 'CONTAINER_EXITED' && status.exitCode === 0)) continue;
    if (status?.state === 'CONTAINER_RUNNING') return { toKill, toStart, isDone: false };
    if (status !== undefined && !shouldRestart(pod, container, status)) return { toKill: [], toStart: [], isDone: true };
    return { toKill, toStart: [...toStart, container], isDone: false };
  }

  let keep = 0;
  let regularToStart = 0;
  for (const container of containers) {
    const [status] = runtime.containers.get(container.name) ?? [];
    if (status?.state === 'CONTAINER_RUNNING') {
      keep++;
      mind(container, status);
    } else if (shouldRestart(pod, container, status)) {
      toStart.push(container);
      regularToStart++;
    }
  }
  const isDone = keep === 0 && regularToStart === 0;
  return isDone ? { toKill: [], toStart: [], isDone } : { toKill, toStart, isDone };
}

/** The image is the one thing of a running container that an update of the pod may change. */
function runsImageOf({ image = '' }: Container, status: ContainerStatus): boolean {
  const { userSpecifiedImage = image } = status.image;
  return userSpecifiedImage === image;
}
