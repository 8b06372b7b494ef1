import type { ContainerStatus as ApiContainerStatus, Container, Pod } from '../../api/generated/types/core/v1.ts';
import type { ContainerRuntime, ContainerStatus, PodSandboxStatus } from '../../containers/cri.ts';
import { podUidLabel } from '../../containers/cri.ts';
import { isRestartableInit } from './pod-names.ts';

/** What the container runtime knows of one pod. */
export interface PodRuntimeStatus {
  /** The newest sandbox. */
  readonly sandbox?: Pick<PodSandboxStatus, 'id' | 'state' | 'createdAt' | 'metadata' | 'network'>;
  /** Containers by name, the newest first. */
  readonly containers: ReadonlyMap<string, readonly ContainerStatus[]>;
}

/** Asks the runtime for all of a pod; `remembered` is what it has lost since. */
export async function readRuntimeStatus(runtime: ContainerRuntime, pod: Pod, remembered: PodRuntimeStatus): Promise<PodRuntimeStatus> {
  const uid = pod.metadata?.uid ?? '';
  const sandboxes = await runtime.listPodSandbox({ labelSelector: { [podUidLabel]: uid } });
  const [newest] = [...sandboxes].sort((left, right) => right.metadata.attempt - left.metadata.attempt);
  const containers = new Map<string, ContainerStatus[]>();
  for (const { id } of sandboxes) {
    for (const container of await runtime.listContainers({ podSandboxId: id })) {
      // One that has been removed since the list was made is not there, which is all there is to know of it.
      const status = await runtime
        .containerStatus(container.id)
        .then((found) => ({ ...found, message: found.message === '' ? lastWords(runtime, pod, found) : found.message }))
        .catch(() => undefined);
      if (status === undefined) continue;
      const { name } = status.metadata;
      containers.set(name, [...(containers.get(name) ?? []), status]);
    }
  }
  for (const [name, lost] of remembered.containers) containers.set(name, [...(containers.get(name) ?? []), ...lost]);
  for (const list of containers.values()) list.sort((left, right) => right.metadata.attempt - left.metadata.attempt);
  const sandbox = newest === undefined ? remembered.sandbox : await runtime.podSandboxStatus(newest.id).catch(() => undefined);
  return sandbox === undefined ? { containers } : { sandbox, containers };
}

const lastWordsLines = 80;
const lastWordsLength = 2_048;

/** The end of what a container that failed has written, where its policy is `FallbackToLogsOnError`. */
function lastWords(runtime: ContainerRuntime, pod: Pod, { id, metadata, state, exitCode }: ContainerStatus): string {
  if (state !== 'CONTAINER_EXITED' || exitCode === 0) return '';
  const all = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  if (all.find(({ name }) => name === metadata.name)?.terminationMessagePolicy !== 'FallbackToLogsOnError') return '';
  const lines = runtime.readLogs(id).slice(-lastWordsLines);
  return lines
    .map(({ text }) => `${text}\n`)
    .join('')
    .slice(-lastWordsLength);
}

/** The runtime's view of a container that ran before the node came back with an empty runtime. */
const lostExitCode = 255;
const lostReason = 'Unknown';

/**
 * What a pod's status says of containers that the runtime does not know: after a restart of the node they have ended, with exit code 255 when
 * they were running, and their sandbox is gone. Empty for a pod that never ran here.
 */
export function rememberContainers(pod: Pod, now: number): PodRuntimeStatus {
  const containers = new Map<string, ContainerStatus[]>();
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const statuses = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  const sandboxId = `lost-${pod.metadata?.uid ?? ''}`;
  for (const status of statuses) {
    const entry = rememberContainer(status, sandboxId, now);
    if (entry !== undefined) containers.set(status.name, [entry]);
  }
  if (containers.size === 0) return { containers };
  const { name = '', namespace = '', uid = '' } = pod.metadata ?? {};
  return {
    sandbox: {
      id: sandboxId,
      state: 'SANDBOX_NOTREADY',
      createdAt: 0,
      metadata: { name, namespace, uid, attempt: 0 },
      network: { ip: '', additionalIps: [] },
    },
    containers,
  };
}

function rememberContainer(status: ApiContainerStatus, podSandboxId: string, now: number): ContainerStatus | undefined {
  const { running, terminated } = status.state ?? {};
  const ended = terminated ?? (running === undefined ? status.lastState?.terminated : undefined);
  if (ended === undefined && running === undefined) return undefined;
  const startedAt = Date.parse(ended?.startedAt ?? running?.startedAt ?? '') || 0;
  return {
    id: (ended?.containerID ?? status.containerID ?? '').replace(/^\w+:\/\//, ''),
    podSandboxId,
    metadata: { name: status.name, attempt: status.restartCount },
    image: { image: status.image },
    imageRef: status.imageID,
    state: 'CONTAINER_EXITED',
    createdAt: startedAt,
    startedAt,
    finishedAt: ended === undefined ? now : Date.parse(ended.finishedAt ?? '') || now,
    exitCode: ended?.exitCode ?? lostExitCode,
    reason: ended?.reason ?? lostReason,
    message: ended?.message ?? '',
    labels: {},
    annotations: {},
    mounts: [],
    logPath: '',
  };
}

/** Whether a container that ended is to be run again, by the container's own rules and policy, then the pod's. */
export function shouldRestart(pod: Pod, container: Container, status: ContainerStatus | undefined): boolean {
  if (status === undefined || status.state === 'CONTAINER_CREATED') return true;
  if (status.state === 'CONTAINER_RUNNING') return false;
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    if (exitCodes === undefined) continue;
    const isIn = exitCodes.values?.includes(status.exitCode) === true;
    if (isIn === (exitCodes.operator === 'In')) return action === 'Restart';
  }
  const isInit = pod.spec?.initContainers?.some(({ name }) => name === container.name) === true;
  if (isInit && isRestartableInit(container)) return true;
  const policy = container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Always') return !isInit || status.exitCode !== 0;
  return policy === 'OnFailure' && status.exitCode !== 0;
}
