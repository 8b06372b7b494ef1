import type { Container, Pod, Probe } from '../../api/generated/types/core/v1.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import type { ContainerRuntime } from '../../containers/cri.ts';
import type { Sockets } from '../../network/sockets.ts';
import type { Cancel, Clock } from '../../simulation/clock.ts';
import type { ProbeVerdict } from '../pods/actions.ts';
import { containerPath } from '../pods/pod-names.ts';
import { runProbe } from './prober.ts';

export interface ProbeManagerOptions {
  /** The pod as the API has it now. */
  readonly pod: () => Pod;
  readonly clock: Clock;
  readonly runtime: ContainerRuntime;
  readonly sockets: Sockets;
  readonly recorder: EventRecorder;
  /** Something that a probe has found out has changed. */
  readonly changed: () => void;
}

type Kind = 'startup' | 'liveness' | 'readiness';

interface Watched {
  readonly container: Container;
  readonly containerId: string;
  readonly podAddress: string;
  readonly startedAt: number;
  started: boolean;
  ready: boolean;
  verdict: ProbeVerdict | undefined;
  readonly cancels: Map<Kind, Cancel>;
}

/** A kubelet sees that a container runs when it next looks through them all, once a second: the first probe comes so long after the start. */
const noticeTime = 500;

const eventNames: Record<Kind, string> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

/** The probes of one pod's running containers, after `pkg/kubelet/prober`: one worker for each probe, thresholds, the startup probe first. */
export class ProbeManager {
  readonly #options: ProbeManagerOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: ProbeManagerOptions) {
    this.#options = options;
  }

  /** Follows the container that runs now under this name; earlier ones are let go. */
  watch(container: Container, containerId: string, podAddress: string): void {
    if (this.#watched.get(container.name)?.containerId === containerId) return;
    this.forget(container.name);
    const watched: Watched = {
      container,
      containerId,
      podAddress,
      startedAt: this.#options.clock.now(),
      started: container.startupProbe === undefined,
      ready: container.readinessProbe === undefined,
      verdict: undefined,
      cancels: new Map(),
    };
    this.#watched.set(container.name, watched);
    if (container.startupProbe !== undefined) this.#begin(watched, 'startup', container.startupProbe);
    else this.#beginOthers(watched);
  }

  forget(containerName: string): void {
    for (const cancel of this.#watched.get(containerName)?.cancels.values() ?? []) cancel();
    this.#watched.delete(containerName);
  }

  stop(): void {
    for (const name of [...this.#watched.keys()]) this.forget(name);
  }

  started(containerName: string): boolean {
    return this.#watched.get(containerName)?.started === true;
  }

  ready(containerName: string): boolean {
    return this.#watched.get(containerName)?.ready === true;
  }

  /** A probe that has failed too often, of the container that runs under this id. */
  verdict(containerId: string): ProbeVerdict | undefined {
    for (const watched of this.#watched.values()) if (watched.containerId === containerId) return watched.verdict;
    return undefined;
  }

  #beginOthers(watched: Watched): void {
    const { livenessProbe, readinessProbe } = watched.container;
    if (livenessProbe !== undefined) this.#begin(watched, 'liveness', livenessProbe);
    if (readinessProbe !== undefined) this.#begin(watched, 'readiness', readinessProbe);
  }

  #begin(watched: Watched, kind: Kind, probe: Probe): void {
    const { clock } = this.#options;
    const period = (probe.periodSeconds ?? 10) * 1_000;
    let last: 'success' | 'failure' | undefined;
    let run = 0;
    const ask = async () => {
      watched.cancels.set(kind, clock.after(period, ask));
      const outcome = await runProbe(probe, watched, this.#options.runtime, this.#options.sockets);
      if (this.#watched.get(watched.container.name) !== watched || !watched.cancels.has(kind)) return;
      if (outcome.result !== 'success') {
        const pod = this.#options.pod();
        const failed = outcome.result === 'failure' ? 'failed' : 'errored';
        this.#options.recorder.event(
          pod,
          'Warning',
          'Unhealthy',
          `${eventNames[kind]} probe ${failed}: ${outcome.output}`,
          containerPath(pod, watched.container),
        );
      }
      if (outcome.result === 'error') return;
      run = outcome.result === last ? run + 1 : 1;
      last = outcome.result;
      const threshold = outcome.result === 'success' ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
      if (run >= threshold) this.#settle(watched, kind, outcome.result === 'success');
    };
    const due = watched.startedAt + Math.max((probe.initialDelaySeconds ?? 0) * 1_000, noticeTime) - clock.now();
    watched.cancels.set(kind, clock.after(Math.max(0, due), ask));
  }

  #settle(watched: Watched, kind: Kind, good: boolean): void {
    if (kind === 'readiness') {
      if (watched.ready === good) return;
      watched.ready = good;
    } else if (!good) {
      // The container is about to be killed: nothing more is to be learned of it.
      watched.verdict = kind;
      for (const cancel of watched.cancels.values()) cancel();
      watched.cancels.clear();
    } else if (kind === 'startup') {
      watched.started = true;
      watched.cancels.get('startup')?.();
      watched.cancels.delete('startup');
      this.#beginOthers(watched);
    } else return;
    this.#options.changed();
  }
}
