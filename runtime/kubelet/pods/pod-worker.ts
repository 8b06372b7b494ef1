import type { Container, Pod } from '../../api/generated/types/core/v1.ts';
import { isReason } from '../../client/client.ts';
import { pods } from '../../client/resources.ts';
import type { ContainerStatus } from '../../containers/cri.ts';
import { type Cancel, formatTime } from '../../simulation/clock.ts';
import { MountError } from '../../volumes/volume-manager.ts';
import type { NodeContext } from '../node-context.ts';
import { ProbeManager } from '../probes/probe-manager.ts';
import { podActions } from './actions.ts';
import { PodAllocation } from './allocation.ts';
import { sandboxConfig } from './container-config.ts';
import { killContainer, startContainer } from './container-lifecycle.ts';
import type { StartFailure } from './container-statuses.ts';
import { ephemeralContainers, isRestartableInit } from './pod-names.ts';
import { podStatus, qosClass } from './pod-status.ts';
import { PodResizes } from './resizes.ts';
import { type PodRuntimeStatus, readRuntimeStatus, rememberContainers } from './runtime-status.ts';
import { StartError } from './start-error.ts';

/** When work that failed is tried again, in milliseconds. */
const retryTime = 10_000;
const firstMountRetry = 500;
const longestMountRetry = 122_000;
const defaultGrace = 30;

/** The pod is over: `finished` keeps its containers for their logs until the pod is deleted, `gone` keeps nothing. */
type Stage = 'syncing' | 'finished' | 'gone';

/** Brings one pod from what is to what should be, one step at a time, whenever something about it has changed. */
export class PodWorker {
  readonly uid: string;
  readonly #node: NodeContext;
  readonly #probes: ProbeManager;
  readonly #allocation: PodAllocation;
  readonly #resizes: PodResizes;
  readonly #failures = new Map<string, StartFailure>();
  readonly #remembered: PodRuntimeStatus;
  #pod: Pod;
  #stage: Stage = 'syncing';
  #admitted = false;
  /** The object is gone from the API. */
  #removed = false;
  #verdict: { readonly reason: string; readonly message: string } | undefined;
  #working = false;
  #again = false;
  #abort = new AbortController();
  #timer: { readonly at: number; readonly cancel: Cancel } | undefined;
  #mountRetry = firstMountRetry;
  #stopping: number | undefined;
  #stopped = false;
  #isEnding = false;
  /** Its containers have ended for good: what it had of the node is free, though the API may still know of it. */
  #isReleased = false;
  #reads = 0;
  #reportedAt = 0;
  readonly #onGone: () => void;

  constructor(pod: Pod, node: NodeContext, onGone: () => void) {
    this.uid = pod.metadata?.uid ?? '';
    this.#pod = pod;
    this.#node = node;
    this.#onGone = onGone;
    this.#allocation = new PodAllocation(pod, node.recorder, node.clock);
    this.#resizes = new PodResizes(node.recorder, node.clock);
    this.#remembered = rememberContainers(pod, node.clock.now());
    this.#probes = new ProbeManager({
      pod: () => this.#pod,
      ...{ clock: node.clock, runtime: node.runtime, sockets: node.sockets, recorder: node.recorder },
      changed: () => void this.#changed(),
    });
  }

  /** The pod as the API has it. */
  get pod(): Pod {
    return this.#pod;
  }

  /** The pod with what the node has set aside for it in place of what it asks for. */
  get allocatedPod(): Pod {
    return this.#allocation.applyTo(this.#pod);
  }

  /** Whether the pod asks for something else than the node has set aside for it. */
  get wantsResize(): boolean {
    return this.isActive && !isDeleting(this.#pod) && this.#allocation.isToBeResized(this.#pod);
  }

  /** Since when the pod waits for what it asks for; undefined: it has not been refused yet. */
  get waitsSince(): string | undefined {
    return this.#allocation.pending?.lastTransitionTime;
  }

  /** Gives the pod what it asks for if the node has it by now. */
  resize(): void {
    const pod = this.#pod;
    const outcome = this.#allocation.resize(pod, () => this.#node.refusesResize(pod));
    if (outcome === 'unchanged') return;
    if (outcome === 'allocated') this.#resizes.begin(pod);
    this.wake();
  }

  /** Whether the pod holds resources of the node. */
  get isActive(): boolean {
    return this.#admitted && this.#stage === 'syncing' && !this.#isReleased;
  }

  /** The pod has changed in the API. @param wake more than what the kubelet itself has reported */
  update(pod: Pod, wake: boolean): void {
    const wasDeleting = isDeleting(this.#pod);
    this.#pod = pod;
    if (isDeleting(pod) && !wasDeleting) this.#abort.abort();
    const grace = this.#grace();
    if (this.#stopping !== undefined && grace < this.#stopping) void this.#hurry(grace);
    if (!wake) return;
    this.#node.retryResizes();
    void this.#changed();
  }

  /** One of the pod's containers has ended. */
  containerChanged(): void {
    void this.#changed();
  }

  /** The pod is gone from the API: what is left of it ends. */
  removed(): void {
    this.#removed = true;
    this.#abort.abort();
    this.wake();
  }

  /** Ends all work on the pod without touching its containers: the kubelet itself ends. */
  stop(): void {
    this.#stopped = true;
    this.#abort.abort();
    this.#timer?.cancel();
    this.#probes.stop();
  }

  /** Looks at the pod again. */
  wake(): void {
    this.#again = true;
    if (!this.#working && !this.#stopped) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#again && !this.#stopped && this.#stage !== 'gone') {
      this.#again = false;
      try {
        await this.#sync();
      } catch (error) {
        if (this.#abort.signal.aborted) {
          // Cut short because the pod is to end; the next round sees to that.
          this.#abort = new AbortController();
          this.#again = true;
          continue;
        }
        this.#node.log.warn(`pod ${this.#pod.metadata?.namespace}/${this.#pod.metadata?.name}: sync failed`, error);
        this.#wakeAfter(retryTime);
      }
    }
    this.#working = false;
  }

  #wakeAfter(ms: number): void {
    const at = this.#node.clock.now() + ms;
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.#timer?.cancel();
    const cancel = this.#node.clock.after(ms, () => {
      this.#timer = undefined;
      this.wake();
    });
    this.#timer = { at, cancel };
  }

  async #sync(): Promise<void> {
    if (isDeleting(this.#pod) || this.#removed) return this.#terminate();
    if (this.#stage !== 'syncing') return;
    const { phase } = this.#pod.status ?? {};
    if (!this.#admitted) {
      if (phase === 'Succeeded' || phase === 'Failed') {
        this.#stage = 'finished';
        return;
      }
      if (!(await this.#admit())) return;
    }
    const pod = this.#current();
    let runtime = await this.#read();
    this.#checkDeadline(pod);
    const actions = podActions({
      pod,
      runtime,
      isStarted: (name) => this.#probes.started(name),
      verdictOf: (status) => this.#probes.verdict(status.id),
      toResize: this.#resizes.check(pod, runtime),
    });
    if (this.#verdict !== undefined || actions.isDone) return this.#finish();
    this.#report(pod, runtime);
    if (!(await this.#mount(pod))) return;

    const address = runtime.sandbox?.network.ip ?? '';
    for (const { container, status, because } of actions.toKill) {
      this.#probes.forget(container.name);
      const probe = because === 'liveness' ? container.livenessProbe : because === 'startup' ? container.startupProbe : undefined;
      const grace = probe?.terminationGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? defaultGrace;
      const finding = because === 'definition' ? 'definition changed' : `failed ${because} probe`;
      const ending = because === 'resize' ? 'resize requires restart' : `${finding}, will be restarted`;
      await killContainer(this.#node, pod, container, status, address, `Container ${container.name} ${ending}`, grace);
    }
    if (actions.createSandbox !== undefined) {
      await this.#createSandbox(pod, runtime, actions.createSandbox.attempt);
      runtime = await this.#read();
      this.#report(pod, runtime);
    }
    const toStart = [...actions.toStartEphemeral, ...actions.toStart];
    for (const container of toStart) await this.#start(pod, container, runtime);
    if (actions.toKill.length + toStart.length > 0) await this.#changed(false);
  }

  async #admit(): Promise<boolean> {
    let rejection = this.#node.admit(this.allocatedPod);
    if (rejection?.reason === 'NodeAffinity') {
      // The scheduler may have heard of a label before this node has: upstream fetches the node and judges again too.
      await this.#fetchNode();
      if (this.#stopped) return false;
      if (isDeleting(this.#pod) || this.#removed) {
        this.#again = true;
        return false;
      }
      rejection = this.#node.admit(this.allocatedPod);
    }
    if (rejection === undefined) {
      this.#admitted = true;
      if (this.wantsResize) this.#node.retryResizes();
      return true;
    }
    const { reason, message } = rejection;
    const { clock, recorder, statuses } = this.#node;
    recorder.event(this.#pod, 'Warning', reason, message);
    statuses.set(this.#pod, {
      ...this.#pod.status,
      phase: 'Failed',
      reason,
      message: `Pod was rejected: ${message}`,
      qosClass: this.#pod.status?.qosClass ?? qosClass(this.#pod),
      startTime: this.#pod.status?.startTime ?? formatTime(clock.now()),
    });
    this.#stage = 'finished';
    return false;
  }

  async #fetchNode(): Promise<void> {
    try {
      await this.#node.fetchNode();
    } catch (error) {
      this.#node.log.warn(`node ${this.#node.nodeName}: could not be fetched`, error);
    }
  }

  #checkDeadline(pod: Pod): void {
    const seconds = pod.spec?.activeDeadlineSeconds;
    const startTime = pod.status?.startTime;
    if (seconds === undefined || this.#verdict !== undefined) return;
    const { clock, recorder } = this.#node;
    const left = (startTime === undefined ? clock.now() : Date.parse(startTime)) + seconds * 1_000 - clock.now();
    if (left > 0) {
      this.#wakeAfter(left);
      return;
    }
    this.#verdict = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
    recorder.event(pod, 'Normal', this.#verdict.reason, this.#verdict.message);
  }

  async #mount(pod: Pod): Promise<boolean> {
    try {
      await this.#node.volumes.mount(pod);
      this.#mountRetry = firstMountRetry;
      return true;
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      for (const message of error.messages) this.#node.recorder.event(pod, 'Warning', 'FailedMount', message);
      this.#wakeAfter(this.#mountRetry);
      this.#mountRetry = Math.min(this.#mountRetry * 2, longestMountRetry);
      return false;
    }
  }

  async #createSandbox(pod: Pod, { sandbox }: PodRuntimeStatus, attempt: number): Promise<void> {
    const { recorder, runtime } = this.#node;
    if (sandbox !== undefined) {
      recorder.event(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
      await runtime.stopPodSandbox(sandbox.id);
    }
    try {
      await runtime.runPodSandbox(sandboxConfig(pod, attempt), this.#abort.signal);
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        const message = `Failed to create pod sandbox: ${error instanceof Error ? error.message : String(error)}`;
        recorder.event(pod, 'Warning', 'FailedCreatePodSandBox', message);
      }
      throw error;
    }
  }

  async #start(pod: Pod, container: Container, { sandbox, containers }: PodRuntimeStatus): Promise<void> {
    if (sandbox === undefined) return;
    this.#probes.forget(container.name);
    try {
      const id = await startContainer(this.#node, pod, container, sandbox, containers.get(container.name) ?? [], this.#abort.signal);
      this.#failures.delete(container.name);
      this.#resizes.started(pod, container);
      this.#probes.watch(container, id, sandbox.network.ip);
      // What comes after a sidecar waits for its start, not for its end.
      if (isRestartableInit(container)) this.#again = true;
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      this.#failures.set(container.name, { reason: error.reason, message: error.message });
      this.#wakeAfter(error.retryAfter ?? retryTime);
    }
  }

  /** The pod has ended by itself: what still runs beside it ends too, and its status says so. */
  async #finish(): Promise<void> {
    const pod = this.#current();
    this.#isEnding = true;
    const runtime = await this.#read();
    await this.#killAll(pod, runtime, pod.spec?.terminationGracePeriodSeconds ?? defaultGrace);
    const { statuses, volumes } = this.#node;
    statuses.set(pod, this.#statusOf(pod, await this.#read(), true));
    await statuses.flush(this.uid);
    volumes.unmount(this.uid);
    this.#stage = 'finished';
    this.#timer?.cancel();
    this.#node.retryResizes();
  }

  /** The pod is to go: its containers end with grace, its last status is written, then it is deleted for good. */
  async #terminate(): Promise<void> {
    const { client, images, crashBackoff, runtime, statuses, volumes } = this.#node;
    const pod = this.#current();
    await this.#killAll(pod, await this.#read(), this.#grace());
    this.#isReleased = true;
    this.#node.retryResizes();
    if (!this.#removed) {
      if (this.#stage === 'syncing') statuses.set(pod, this.#statusOf(pod, await this.#read(), true));
      await statuses.flush(this.uid);
    }
    volumes.unmount(this.uid);
    const { sandbox } = await this.#read();
    if (sandbox !== undefined) await runtime.removePodSandbox(sandbox.id);
    if (!this.#removed) {
      const { name = '', namespace } = pod.metadata ?? {};
      try {
        await client.resource(pods).delete(name, namespace, { gracePeriodSeconds: 0, preconditions: { uid: this.uid } });
      } catch (error) {
        if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
      }
    }
    this.#stage = 'gone';
    this.#timer?.cancel();
    statuses.forget(this.uid);
    images.forget(this.uid);
    crashBackoff.forget(`${this.uid}_`);
    this.#onGone();
  }

  /** Regular containers first, all at once; then the sidecars, last one first; the sandbox goes with the last. @param grace in seconds */
  async #killAll(pod: Pod, runtime: PodRuntimeStatus, grace: number): Promise<void> {
    const { initContainers = [], containers = [] } = pod.spec ?? {};
    const deadline = this.#node.clock.now() + grace * 1_000;
    const address = runtime.sandbox?.network.ip ?? '';
    this.#stopping = grace;
    this.#probes.stop();
    const kill = async (container: Container) => {
      const status = runningOf(runtime, container.name);
      if (status === undefined) return;
      const left = Math.max(0, (deadline - this.#node.clock.now()) / 1_000);
      await killContainer(this.#node, pod, container, status, address, `Stopping container ${container.name}`, left);
    };
    await Promise.all([...containers, ...ephemeralContainers(pod)].map(kill));
    await Promise.all(initContainers.filter((container) => !isRestartableInit(container)).map(kill));
    for (const container of initContainers.filter(isRestartableInit).reverse()) await kill(container);
    if (runtime.sandbox !== undefined) await this.#node.runtime.stopPodSandbox(runtime.sandbox.id);
    this.#stopping = undefined;
  }

  /** The grace has been shortened while the containers were already ending. */
  async #hurry(grace: number): Promise<void> {
    this.#stopping = grace;
    for (const list of (await this.#read()).containers.values()) {
      for (const { id, state } of list) if (state === 'CONTAINER_RUNNING') void this.#node.runtime.stopContainer(id, Math.max(grace, 1));
    }
  }

  #grace(): number {
    const { metadata, spec } = this.#pod;
    return metadata?.deletionGracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? defaultGrace;
  }

  async #read(): Promise<PodRuntimeStatus & { readonly readAt: number }> {
    const readAt = ++this.#reads;
    return { ...(await readRuntimeStatus(this.#node.runtime, this.#pod, this.#remembered)), readAt };
  }

  /** Reports what has become of the pod, and looks whether there is something to do about it. */
  async #changed(wake = true): Promise<void> {
    if (this.#isReporting()) {
      const runtime = await this.#read();
      if (this.#isReporting()) this.#report(this.#current(), runtime);
    }
    if (wake) this.wake();
  }

  #isReporting(): boolean {
    return this.#stage === 'syncing' && this.#admitted && !isDeleting(this.#pod) && !this.#removed && !this.#stopped && !this.#isEnding;
  }

  #report(pod: Pod, runtime: PodRuntimeStatus & { readonly readAt: number }): void {
    // Two looks at the runtime may overlap: what was seen first must not be told last.
    if (runtime.readAt < this.#reportedAt) return;
    this.#reportedAt = runtime.readAt;
    const status = this.#statusOf(pod, runtime, false);
    // An end is told when nothing runs any more: the container that has ended has woken the worker for that.
    if (status.phase !== 'Succeeded' && status.phase !== 'Failed') this.#node.statuses.set(pod, status);
  }

  #statusOf(pod: Pod, runtime: PodRuntimeStatus, isTerminal: boolean) {
    return podStatus({
      pod,
      runtime,
      isTerminal,
      now: this.#node.clock.now(),
      hostAddress: this.#node.nodeAddress,
      runtimeName: this.#node.runtime.version().runtimeName,
      failures: this.#failures,
      probes: this.#probes,
      resizing: [this.#allocation.pending, this.#resizes.condition].filter((condition) => condition !== undefined),
      ...(this.#verdict === undefined ? {} : { verdict: this.#verdict }),
    });
  }

  /**
   * The pod with what was set aside for it, and with the status that was last reported, which the API may be about to learn; conditions of
   * others are as the API has them.
   */
  #current(): Pod {
    const reported = this.#node.statuses.get(this.uid);
    const pod = this.allocatedPod;
    if (reported === undefined) return pod;
    const own = new Set(reported.conditions?.map(({ type }) => type));
    const others = (this.#pod.status?.conditions ?? []).filter(({ type }) => !own.has(type));
    return { ...pod, status: { ...this.#pod.status, ...reported, conditions: [...(reported.conditions ?? []), ...others] } };
  }
}

function isDeleting(pod: Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined;
}

function runningOf(runtime: PodRuntimeStatus, name: string): ContainerStatus | undefined {
  return runtime.containers.get(name)?.find(({ state }) => state === 'CONTAINER_RUNNING');
}
