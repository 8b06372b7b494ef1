import type { ContainerStatus as ApiContainerStatus, Pod } from '../api/generated/types/core/v1.ts';
import {
  type ContainerRuntime,
  containerNameLabel,
  type LogLine,
  podUidLabel,
  type StreamRequest,
  type StreamResponse,
} from '../containers/cri.ts';
import type { Clock } from '../simulation/clock.ts';

/** `PodLogOptions` as far as a kubelet minds them. */
export interface ContainerLogOptions {
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceSeconds?: number;
  /** RFC 3339 */
  readonly sinceTime?: string;
}

/** What the API server asks a kubelet for when somebody wants to see into a container. */
export interface KubeletServer {
  /** A pod of the node, with its newest status. */
  findPod(namespace: string, name: string): Pod | undefined;
  /** What a container has written, line by line. @throws KubeletError */
  containerLogs(
    namespace: string,
    pod: string,
    container: string,
    options: ContainerLogOptions,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** Why no command can be run; left out where they can. */
  readonly commandsUnavailable?: string;
  /** Runs a command in a container. @throws KubeletError */
  exec(namespace: string, pod: string, container: string, request: Omit<StreamRequest, 'containerId'>): Promise<StreamResponse>;
  /** Joins the main process of a container. @throws KubeletError */
  attach(namespace: string, pod: string, container: string, request: Omit<StreamRequest, 'containerId' | 'cmd'>): Promise<StreamResponse>;
}

/** An answer other than 200, as a kubelet's own HTTP endpoint would give it. */
export class KubeletError extends Error {
  override readonly name = 'KubeletError';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface KubeletServerOptions {
  readonly runtime: ContainerRuntime;
  readonly clock: Clock;
  /** The pod as the node knows it, with its newest status. */
  readonly findPod: (namespace: string, name: string) => Pod | undefined;
}

export function createKubeletServer({ runtime, clock, findPod }: KubeletServerOptions): KubeletServer {
  const idOf = async (namespace: string, podName: string, container: string, previous: boolean): Promise<string> => {
    const pod = findPod(namespace, podName);
    if (pod === undefined) throw new KubeletError(404, `pod "${podName}" not found`);
    const all = await runtime.listContainers({
      labelSelector: { [podUidLabel]: pod.metadata?.uid ?? '', [containerNameLabel]: container },
    });
    const [latest, before] = [...all].sort((left, right) => right.metadata.attempt - left.metadata.attempt);
    if (previous) {
      if (before === undefined) throw new KubeletError(400, `previous terminated container "${container}" in pod "${podName}" not found`);
      return before.id;
    }
    if (latest === undefined) throw new KubeletError(400, notStarted(pod, podName, container));
    return latest.id;
  };
  const running = async (namespace: string, podName: string, container: string): Promise<string> => {
    const id = await idOf(namespace, podName, container, false);
    if ((await runtime.containerStatus(id)).state !== 'CONTAINER_RUNNING')
      throw new KubeletError(500, `container not found ("${container}")`);
    return id;
  };
  const honest = async (answer: Promise<StreamResponse>): Promise<StreamResponse> => {
    try {
      return await answer;
    } catch (error) {
      throw new KubeletError(501, error instanceof Error ? error.message : String(error));
    }
  };
  return {
    findPod,
    ...(runtime.commandsUnavailable !== undefined && { commandsUnavailable: runtime.commandsUnavailable }),
    async containerLogs(namespace, pod, container, options) {
      const id = await idOf(namespace, pod, container, options.previous === true);
      return logStream(runtime, id, options, clock.now());
    },
    async exec(namespace, pod, container, request) {
      return honest(runtime.exec({ ...request, containerId: await running(namespace, pod, container) }));
    },
    async attach(namespace, pod, container, request) {
      return honest(runtime.attach({ ...request, containerId: await running(namespace, pod, container) }));
    },
  };
}

function notStarted(pod: Pod, podName: string, container: string): string {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const statuses: readonly ApiContainerStatus[] = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  const waiting = statuses.find(({ name }) => name === container)?.state?.waiting;
  const reason = waiting?.reason ?? 'ContainerCreating';
  const text = reason === 'ErrImagePull' || reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
  return `container "${container}" in pod "${podName}" is waiting to start: ${text}`;
}

function logStream(
  runtime: ContainerRuntime,
  id: string,
  options: ContainerLogOptions,
  now: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { follow = false, timestamps = false, tailLines, limitBytes = Number.POSITIVE_INFINITY } = options;
  const encoder = new TextEncoder();
  const since = Math.max(
    options.sinceSeconds === undefined ? 0 : now - options.sinceSeconds * 1_000,
    options.sinceTime === undefined ? 0 : Date.parse(options.sinceTime),
  );
  let left = limitBytes;
  let stop = () => {};
  let isOpen = true;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      const close = () => {
        if (!isOpen) return;
        isOpen = false;
        stop();
        controller.close();
      };
      const send = ({ time, text }: LogLine) => {
        if (!isOpen) return;
        const bytes = encoder.encode(`${timestamps ? `${new Date(time).toISOString().slice(0, 23)}000000Z ` : ''}${text}\n`);
        controller.enqueue(bytes.length > left ? bytes.slice(0, left) : bytes);
        left -= bytes.length;
        if (left <= 0) close();
      };
      const lines = runtime.readLogs(id).filter(({ time }) => time >= since);
      for (const line of tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - tailLines))) send(line);
      if (!follow) close();
      else stop = runtime.followLogs(id, { onLine: send, onEnd: close });
    },
    cancel() {
      isOpen = false;
      stop();
    },
  });
}
