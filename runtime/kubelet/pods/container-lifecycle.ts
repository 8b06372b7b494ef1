import { formatDuration } from '../../api/duration.ts';
import type { Container, LifecycleHandler, Pod } from '../../api/generated/types/core/v1.ts';
import type { ContainerStatus, PodSandboxStatus } from '../../containers/cri.ts';
import type { NodeContext } from '../node-context.ts';
import { httpGet, resolvePort } from '../probes/prober.ts';
import { containerConfig, sandboxConfig } from './container-config.ts';
import { makeEnvironment } from './environment.ts';
import { containerPath, formatPod } from './pod-names.ts';
import { StartError } from './start-error.ts';

/** The time every container gets to end, in seconds, however short its grace. */
const shortestGrace = 2;

type Sandbox = Pick<PodSandboxStatus, 'id' | 'metadata' | 'network'>;

/** Pulls, creates and starts one container, after `kuberuntime_container.go`. @throws StartError @returns the container's id */
export async function startContainer(
  node: NodeContext,
  pod: Pod,
  container: Container,
  sandbox: Sandbox,
  dead: readonly ContainerStatus[],
  signal: AbortSignal,
): Promise<string> {
  const { clock, crashBackoff, images, runtime, recorder } = node;
  const path = containerPath(pod, container);
  const fail = (reason: string, message: string): StartError => {
    recorder.event(pod, 'Warning', 'Failed', `Error: ${message}`, path);
    return new StartError(reason, message);
  };
  const [latest, ...older] = dead;
  if (latest?.state === 'CONTAINER_EXITED') {
    const key = `${pod.metadata?.uid ?? ''}_${container.name}`;
    const remaining = crashBackoff.remaining(key, latest.finishedAt, clock.now());
    if (remaining > 0) {
      recorder.event(pod, 'Warning', 'BackOff', `Back-off restarting failed container ${container.name} in pod ${formatPod(pod)}`, path);
      const message = `back-off ${formatDuration(crashBackoff.get(key))} restarting failed container=${container.name} pod=${formatPod(pod)}`;
      throw new StartError('CrashLoopBackOff', message, remaining);
    }
    crashBackoff.next(key, latest.finishedAt, clock.now());
  }
  try {
    await images.ensureImageExists(pod, container, signal);
  } catch (error) {
    if (error instanceof StartError) recorder.event(pod, 'Warning', 'Failed', `Error: ${error.reason}`, path);
    throw error;
  }
  let config: ReturnType<typeof containerConfig>;
  try {
    await checkUser(node, pod, container);
    const envs = await makeEnvironment(withAddress(node, pod, sandbox), container, node.environment);
    config = containerConfig(pod, container, latest === undefined ? 0 : latest.metadata.attempt + 1, envs);
  } catch (error) {
    throw fail('CreateContainerConfigError', messageOf(error));
  }
  signal.throwIfAborted();
  let id: string;
  try {
    id = await runtime.createContainer(sandbox.id, config, sandboxConfig(pod, sandbox.metadata.attempt));
  } catch (error) {
    throw fail('CreateContainerError', messageOf(error));
  }
  recorder.event(pod, 'Normal', 'Created', 'Container created', path);
  try {
    await runtime.startContainer(id);
  } catch (error) {
    throw fail('RunContainerError', messageOf(error));
  }
  recorder.event(pod, 'Normal', 'Started', 'Container started', path);
  // One dead container of each name is kept, for its logs and as the last state.
  for (const { id: deadId } of older) await runtime.removeContainer(deadId);
  const hook = container.lifecycle?.postStart;
  if (hook !== undefined) {
    const problem = await runHook(node, hook, container, id, sandbox.network.ip, signal);
    if (problem !== undefined) {
      recorder.event(pod, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', path);
      recorder.event(pod, 'Normal', 'Killing', 'FailedPostStartHook', path);
      await runtime.stopContainer(id, shortestGrace);
      throw new StartError('PostStartHookError', problem);
    }
  }
  return id;
}

/** Stops one container with its preStop hook; what the hook takes is taken from the grace. @param grace in seconds */
export async function killContainer(
  node: NodeContext,
  pod: Pod,
  container: Container,
  status: ContainerStatus,
  podAddress: string,
  message: string,
  grace: number,
): Promise<void> {
  const { clock, recorder, runtime } = node;
  const path = containerPath(pod, container);
  recorder.event(pod, 'Normal', 'Killing', message, path);
  const hook = container.lifecycle?.preStop;
  let left = grace;
  if (hook !== undefined && grace > 0) {
    const began = clock.now();
    const limit = new AbortController();
    const cancel = clock.after(grace * 1_000, () => limit.abort());
    const problem = await runHook(node, hook, container, status.id, podAddress, limit.signal);
    cancel();
    if (problem !== undefined) recorder.event(pod, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', path);
    left -= (clock.now() - began) / 1_000;
  }
  await runtime.stopContainer(status.id, Math.max(left, shortestGrace));
}

/** What went wrong; undefined when nothing did. */
async function runHook(
  { clock, runtime, sockets }: NodeContext,
  hook: LifecycleHandler,
  container: Container,
  containerId: string,
  podAddress: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    if (hook.sleep !== undefined) await clock.sleep(hook.sleep.seconds * 1_000, signal);
    else if (hook.exec !== undefined) {
      const { command = [] } = hook.exec;
      const { exitCode, stdout, stderr } = await untilAborted(runtime.execSync(containerId, command, 0), signal);
      if (exitCode !== 0) return `command '${command.join(' ')}' exited with ${exitCode}: ${stdout}${stderr}`;
    } else if (hook.httpGet !== undefined) {
      const outcome = httpGet(hook.httpGet, container, podAddress, sockets);
      if (outcome.result !== 'success') return outcome.output;
    } else if (hook.tcpSocket !== undefined) {
      const port = resolvePort(hook.tcpSocket.port, container);
      if (typeof port === 'string') return port;
      if (sockets.connect(hook.tcpSocket.host ?? podAddress, port, 'TCP') === undefined) return 'connection refused';
    }
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('context deadline exceeded'));
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

/** Refuses to run as root what must not. */
async function checkUser({ imageService }: NodeContext, pod: Pod, container: Container): Promise<void> {
  const podContext = pod.spec?.securityContext;
  const own = container.securityContext;
  if ((own?.runAsNonRoot ?? podContext?.runAsNonRoot) !== true) return;
  const where = `(pod: ${JSON.stringify(formatPod(pod))}, container: ${container.name})`;
  const user = own?.runAsUser ?? podContext?.runAsUser;
  if (user === 0) throw new Error(`container's runAsUser breaks non-root policy ${where}`);
  const image = user === undefined ? await imageService.imageStatus({ image: container.image ?? '' }) : undefined;
  if (image?.uid === 0) throw new Error(`container has runAsNonRoot and image will run as root ${where}`);
}

/** The pod as its own containers see it: with the addresses it has by now. */
function withAddress({ nodeAddress }: NodeContext, pod: Pod, { network: { ip } }: Sandbox): Pod {
  return { ...pod, status: { ...pod.status, hostIP: nodeAddress, hostIPs: [{ ip: nodeAddress }], podIP: ip, podIPs: [{ ip }] } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
