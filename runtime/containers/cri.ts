/**
 * The container runtime interface: the verbs and field names of `runtime.v1` in kubernetes/cri-api, as far as the kubelet uses them.
 * Times are milliseconds since the epoch (the wire has nanoseconds); zero means: has not happened.
 */

export type PodSandboxState = 'SANDBOX_READY' | 'SANDBOX_NOTREADY';
export type ContainerState = 'CONTAINER_CREATED' | 'CONTAINER_RUNNING' | 'CONTAINER_EXITED' | 'CONTAINER_UNKNOWN';
export type Labels = Readonly<Record<string, string>>;

/** A call failed with a gRPC code. The kubelet drops the code when it is unknown, for it says nothing. Upstream: `pullImageV1` of cri-client. */
export class CriError extends Error {
  constructor(code: string, message: string) {
    super(code === 'Unknown' ? message : `rpc error: code = ${code} desc = ${message}`);
  }
}

/** Labels that every sandbox and container of a pod carries. */
export const podNameLabel = 'io.kubernetes.pod.name';
export const podNamespaceLabel = 'io.kubernetes.pod.namespace';
export const podUidLabel = 'io.kubernetes.pod.uid';
export const containerNameLabel = 'io.kubernetes.container.name';
/** Annotation with the container's ports as JSON. */
export const containerPortsAnnotation = 'io.kubernetes.container.ports';
/** Annotation with the path of the file that holds the termination message. */
export const terminationMessagePathAnnotation = 'io.kubernetes.container.terminationMessagePath';
/** Annotation with the ports that the container's probes ask, as a JSON array of numbers. */
export const probePortsAnnotation = 'kubeside.dev/container.probe-ports';

export interface PodSandboxMetadata {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly attempt: number;
}

export interface PortMapping {
  readonly protocol: string;
  readonly containerPort: number;
  /** Zero: not on the host. */
  readonly hostPort: number;
  readonly hostIp?: string;
}

export interface DnsConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export interface PodSandboxConfig {
  readonly metadata: PodSandboxMetadata;
  readonly hostname: string;
  readonly logDirectory: string;
  readonly dnsConfig?: DnsConfig;
  readonly portMappings: readonly PortMapping[];
  readonly labels: Labels;
  readonly annotations: Labels;
  /** The pod shares the node's network (`NamespaceMode_NODE`). */
  readonly hostNetwork: boolean;
}

export interface PodSandbox {
  readonly id: string;
  readonly metadata: PodSandboxMetadata;
  readonly state: PodSandboxState;
  readonly createdAt: number;
  readonly labels: Labels;
}

export interface PodSandboxStatus extends PodSandbox {
  readonly annotations: Labels;
  readonly network: { readonly ip: string; readonly additionalIps: readonly string[] };
}

export interface ImageSpec {
  readonly image: string;
  /** The reference as the pod's spec has it, before it was completed. */
  readonly userSpecifiedImage?: string;
  readonly annotations?: Labels;
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export interface Mount {
  readonly containerPath: string;
  /** What is mounted, as the volumes of the node name it. */
  readonly hostPath: string;
  readonly readonly: boolean;
}

export interface LinuxContainerResources {
  /** Thousandths of a core; zero: no limit. */
  readonly cpuMillis: number;
  readonly memoryLimitInBytes: number;
}

export interface ContainerConfig {
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly image: ImageSpec;
  /** Empty: the image's entrypoint. */
  readonly command: readonly string[];
  /** Empty: the image's cmd, when `command` is empty too. */
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly envs: readonly KeyValue[];
  readonly mounts: readonly Mount[];
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly logPath: string;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly linux: { readonly resources: LinuxContainerResources; readonly runAsUser?: number };
}

export interface Container {
  readonly id: string;
  readonly podSandboxId: string;
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly image: ImageSpec;
  readonly imageRef: string;
  readonly state: ContainerState;
  readonly createdAt: number;
  readonly labels: Labels;
}

export interface ContainerStatus extends Container {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  /** `Completed`, `Error`, `OOMKilled` … */
  readonly reason: string;
  /** What the container left as its termination message. */
  readonly message: string;
  readonly annotations: Labels;
  readonly mounts: readonly Mount[];
  readonly logPath: string;
}

export interface ContainerStats {
  readonly id: string;
  readonly timestamp: number;
  /** Use of CPU, in billionths of a core. */
  readonly cpuUsageNanoCores: number;
  readonly memoryWorkingSetBytes: number;
}

export interface ExecSyncResponse {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export type ContainerEventType =
  | 'CONTAINER_CREATED_EVENT'
  | 'CONTAINER_STARTED_EVENT'
  | 'CONTAINER_STOPPED_EVENT'
  | 'CONTAINER_DELETED_EVENT';

export interface ContainerEvent {
  readonly containerId: string;
  readonly containerEventType: ContainerEventType;
  readonly createdAt: number;
  readonly podSandboxMetadata: PodSandboxMetadata;
}

/** One line of a container's output. */
export interface LogLine {
  readonly time: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface StreamRequest {
  readonly containerId: string;
  readonly cmd: readonly string[];
  readonly tty: boolean;
  readonly stdin?: ReadableStream<Uint8Array>;
}

/** What a command or a container says and how it ends. */
export interface StreamResponse {
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly exitCode: Promise<number>;
  resize?(width: number, height: number): void;
}

/** `runtime.v1.RuntimeService`. */
export interface ContainerRuntime {
  version(): { readonly runtimeName: string; readonly runtimeVersion: string };
  /** Makes and starts a pod's sandbox, network included. Ends early with an error when `signal` aborts. */
  runPodSandbox(config: PodSandboxConfig, signal?: AbortSignal): Promise<string>;
  /** Stops what runs in the sandbox at once and gives its address back. Idempotent. */
  stopPodSandbox(podSandboxId: string): Promise<void>;
  /** Removes the sandbox and the containers in it. Idempotent. */
  removePodSandbox(podSandboxId: string): Promise<void>;
  podSandboxStatus(podSandboxId: string): Promise<PodSandboxStatus>;
  listPodSandbox(filter?: { readonly labelSelector?: Labels }): Promise<readonly PodSandbox[]>;
  createContainer(podSandboxId: string, config: ContainerConfig, sandboxConfig: PodSandboxConfig): Promise<string>;
  startContainer(containerId: string): Promise<void>;
  /** SIGTERM, and SIGKILL after `timeout` seconds; resolves when the container has exited. Idempotent. */
  stopContainer(containerId: string, timeout: number): Promise<void>;
  removeContainer(containerId: string): Promise<void>;
  listContainers(filter?: { readonly podSandboxId?: string; readonly labelSelector?: Labels }): Promise<readonly Container[]>;
  containerStatus(containerId: string): Promise<ContainerStatus>;
  containerStats(containerId: string): Promise<ContainerStats>;
  /** Runs a command to its end; `timeout` in seconds, zero: as long as it takes. */
  execSync(containerId: string, cmd: readonly string[], timeout: number): Promise<ExecSyncResponse>;
  /** Why no command can be run at all; left out where they can. */
  readonly commandsUnavailable?: string;
  exec(request: StreamRequest): Promise<StreamResponse>;
  attach(request: Omit<StreamRequest, 'cmd'>): Promise<StreamResponse>;
  /** What the container has written, oldest first. With `follow`, `onLine` is told of every further line until the returned function is called. */
  readLogs(containerId: string): readonly LogLine[];
  followLogs(containerId: string, follower: { onLine(line: LogLine): void; onEnd(): void }): () => void;
  /** Tells of every change of a container; the returned function stops it. */
  onContainerEvent(listener: (event: ContainerEvent) => void): () => void;
}

export interface Image {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: number;
  /** The user that its command runs as; undefined: not known. */
  readonly uid?: number;
}

/** `runtime.v1.ImageService`. */
export interface ImageService {
  /** Brings an image to the node; gives its reference. @throws Error with the runtime's own words. */
  pullImage(image: ImageSpec, signal?: AbortSignal): Promise<string>;
  /** The image, when it is on the node. */
  imageStatus(image: ImageSpec): Promise<Image | undefined>;
  listImages(): Promise<readonly Image[]>;
  removeImage(image: ImageSpec): Promise<void>;
}
