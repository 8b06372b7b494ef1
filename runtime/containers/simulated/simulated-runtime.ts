import { formatImageReference, parseImageReference } from '../../api/image-reference.ts';
import type { PodNetwork } from '../../network/cni.ts';
import type { Sockets } from '../../network/sockets.ts';
import type { Clock } from '../../simulation/clock.ts';
import { imageProfile } from '../../simulation/image-profiles.ts';
import type { Random } from '../../simulation/random.ts';
import type {
  Container,
  ContainerConfig,
  ContainerEvent,
  ContainerEventType,
  ContainerRuntime,
  ContainerStatus,
  ImageService,
  Labels,
  PodSandboxConfig,
  PodSandboxState,
  PodSandboxStatus,
} from '../cri.ts';
import { SimulatedContainer } from './simulated-container.ts';

export interface SimulatedRuntimeOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly images: ImageService;
  /** Gives sandboxes their addresses. */
  readonly network: PodNetwork;
  readonly sockets: Sockets;
  /** Address of the node, for sandboxes on its network. */
  readonly nodeAddress: string;
  /** Factor on the times of the profiles; zero: no waiting. */
  readonly startupDelay: number;
}

const commandsUnavailable = 'not available: containers of this cluster are simulated and run no commands';

/** Commands cannot be run in a container that only exists in the telling. */
export class ExecUnavailableError extends Error {
  override readonly name = 'ExecUnavailableError';
  constructor() {
    super(commandsUnavailable);
  }
}

interface SandboxEntry {
  readonly id: string;
  readonly config: PodSandboxConfig;
  readonly createdAt: number;
  readonly ip: string;
  state: PodSandboxState;
  readonly containers: Map<string, ContainerEntry>;
}

interface ContainerEntry {
  readonly id: string;
  readonly sandbox: SandboxEntry;
  readonly config: ContainerConfig;
  readonly imageRef: string;
  readonly createdAt: number;
  readonly simulated: SimulatedContainer;
}

const sandboxTime = 200;

/** The container runtime of one node whose containers are told by image profiles instead of being run. */
export function createSimulatedRuntime(options: SimulatedRuntimeOptions): ContainerRuntime {
  const { clock, random, images, network, sockets, nodeAddress, startupDelay } = options;
  const sandboxes = new Map<string, SandboxEntry>();
  const containers = new Map<string, ContainerEntry>();
  const listeners = new Set<(event: ContainerEvent) => void>();

  const newId = () => [...random.bytes(32)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const sandboxOf = (id: string) => {
    const entry = sandboxes.get(id);
    if (entry === undefined) throw new Error(`an error occurred when try to find sandbox "${id}": not found`);
    return entry;
  };
  const containerOf = (id: string) => {
    const entry = containers.get(id);
    if (entry === undefined) throw new Error(`an error occurred when try to find container "${id}": not found`);
    return entry;
  };
  const tell = (containerId: string, sandbox: SandboxEntry, containerEventType: ContainerEventType) => {
    const event = { containerId, containerEventType, createdAt: clock.now(), podSandboxMetadata: sandbox.config.metadata };
    for (const listener of listeners) listener(event);
  };
  const forget = (entry: ContainerEntry) => {
    entry.simulated.kill();
    containers.delete(entry.id);
    entry.sandbox.containers.delete(entry.id);
  };
  const stopSandbox = async (sandbox: SandboxEntry) => {
    if (sandbox.state === 'SANDBOX_NOTREADY') return;
    sandbox.state = 'SANDBOX_NOTREADY';
    for (const { simulated } of sandbox.containers.values()) simulated.kill();
    await network.del({ containerId: sandbox.id });
  };

  return {
    version: () => ({ runtimeName: 'kubeside', runtimeVersion: '0.1.0' }),
    commandsUnavailable,
    async runPodSandbox(config, signal) {
      if (startupDelay > 0) await clock.sleep(sandboxTime * startupDelay, signal);
      if (signal?.aborted === true) throw new Error('context canceled');
      const id = newId();
      const { name, namespace, uid } = config.metadata;
      const ip = config.hostNetwork
        ? nodeAddress
        : ((await network.add({ containerId: id, podName: name, podNamespace: namespace, podUid: uid })).ips[0] ?? '');
      sandboxes.set(id, { id, config, createdAt: clock.now(), ip, state: 'SANDBOX_READY', containers: new Map() });
      return id;
    },
    async stopPodSandbox(id) {
      const sandbox = sandboxes.get(id);
      if (sandbox !== undefined) await stopSandbox(sandbox);
    },
    async removePodSandbox(id) {
      const sandbox = sandboxes.get(id);
      if (sandbox === undefined) return;
      await stopSandbox(sandbox);
      for (const entry of [...sandbox.containers.values()]) forget(entry);
      sandboxes.delete(id);
    },
    async podSandboxStatus(id) {
      return sandboxStatus(sandboxOf(id));
    },
    async listPodSandbox(filter = {}) {
      return [...sandboxes.values()].filter(({ config }) => matches(config.labels, filter.labelSelector)).map(sandboxStatus);
    },
    async createContainer(podSandboxId, config) {
      const sandbox = sandboxOf(podSandboxId);
      const image = await images.imageStatus(config.image);
      if (image === undefined) throw new Error(`failed to resolve image "${config.image.image}": not found`);
      const id = newId();
      const entry: ContainerEntry = {
        id,
        sandbox,
        config,
        imageRef: image.repoDigests[0] ?? image.id,
        createdAt: clock.now(),
        simulated: new SimulatedContainer({
          config,
          profile: imageProfile(parseImageReference(config.image.image).path),
          clock,
          sockets,
          address: sandbox.ip,
          hostname: sandbox.config.hostname,
          startupDelay,
          onExit: () => tell(id, sandbox, 'CONTAINER_STOPPED_EVENT'),
        }),
      };
      containers.set(id, entry);
      sandbox.containers.set(id, entry);
      tell(id, sandbox, 'CONTAINER_CREATED_EVENT');
      return id;
    },
    async startContainer(id) {
      const entry = containerOf(id);
      if (entry.sandbox.state !== 'SANDBOX_READY') throw new Error(`sandbox container "${entry.sandbox.id}" is not running`);
      tell(id, entry.sandbox, 'CONTAINER_STARTED_EVENT');
      entry.simulated.start();
    },
    async stopContainer(id, timeout) {
      await containers.get(id)?.simulated.stop(timeout);
    },
    async removeContainer(id) {
      const entry = containers.get(id);
      if (entry === undefined) return;
      forget(entry);
      tell(id, entry.sandbox, 'CONTAINER_DELETED_EVENT');
    },
    async listContainers(filter = {}) {
      const all = filter.podSandboxId === undefined ? containers : (sandboxes.get(filter.podSandboxId)?.containers ?? new Map());
      return [...all.values()].filter(({ config }) => matches(config.labels, filter.labelSelector)).map(containerSummary);
    },
    async containerStatus(id) {
      const entry = containerOf(id);
      const { startedAt, finishedAt, exitCode, reason, message } = entry.simulated;
      const { annotations, mounts, logPath } = entry.config;
      const status: ContainerStatus = {
        ...containerSummary(entry),
        ...{ startedAt, finishedAt, exitCode, reason, message },
        ...{ annotations, mounts, logPath },
      };
      return status;
    },
    async containerStats(id) {
      const { simulated, config } = containerOf(id);
      const profile = imageProfile(parseImageReference(config.image.image).path);
      const running = simulated.state === 'CONTAINER_RUNNING';
      return {
        id,
        timestamp: clock.now(),
        cpuUsageNanoCores: running ? profile.cpuNanoCores : 0,
        memoryWorkingSetBytes: running ? profile.memory : 0,
      };
    },
    async execSync(id, cmd, timeout) {
      const { simulated } = containerOf(id);
      if (simulated.state !== 'CONTAINER_RUNNING') throw new Error(`container is in ${simulated.state} state`);
      const work = simulated.execSync(cmd);
      if (timeout <= 0) return work;
      return new Promise((resolve, reject) => {
        const cancel = clock.after(timeout * 1_000, () => reject(new Error(`command ${JSON.stringify(cmd.join(' '))} timed out`)));
        work.then(resolve, reject).finally(cancel);
      });
    },
    async exec() {
      throw new ExecUnavailableError();
    },
    async attach() {
      throw new ExecUnavailableError();
    },
    readLogs: (id) => containerOf(id).simulated.logs,
    followLogs(id, follower) {
      const { simulated } = containerOf(id);
      if (simulated.state === 'CONTAINER_EXITED') {
        follower.onEnd();
        return () => {};
      }
      simulated.followers.add(follower);
      return () => void simulated.followers.delete(follower);
    },
    onContainerEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function matches(labels: Labels, selector: Labels | undefined): boolean {
  return selector === undefined || Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function sandboxStatus({ id, config, state, createdAt, ip }: SandboxEntry): PodSandboxStatus {
  const { metadata, labels, annotations } = config;
  return { id, metadata, state, createdAt, labels, annotations, network: { ip, additionalIps: [] } };
}

function containerSummary({ id, sandbox, config, imageRef, createdAt, simulated }: ContainerEntry): Container {
  const { metadata, labels } = config;
  const { image: userSpecifiedImage } = config.image;
  const image = { image: formatImageReference(parseImageReference(userSpecifiedImage)), userSpecifiedImage };
  return { id, podSandboxId: sandbox.id, metadata, image, imageRef, state: simulated.state, createdAt, labels };
}
