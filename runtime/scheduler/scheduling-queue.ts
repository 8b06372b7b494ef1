import type { Pod } from '../api/generated/types/core/v1.ts';
import type { Cancel, Clock } from '../simulation/clock.ts';

const firstBackoff = 1_000;
const longestBackoff = 10_000;
/** How long a pod that fits nowhere waits when nothing happens in the cluster. Upstream: `DefaultPodMaxInUnschedulablePodsDuration`. */
const longestWait = 5 * 60_000;

interface QueuedPod {
  pod: Pod;
  /** When it first came in; the older of two pods of one priority goes first. */
  readonly since: number;
  attempts: number;
  /** Its next try must not come before this. */
  backoffUntil: number;
  state: 'active' | 'backoff' | 'unschedulable' | 'in flight';
  /** Something happened in the cluster while it was being looked at. */
  stale: boolean;
  cancel?: Cancel;
}

/**
 * Pods that want a node: those to be looked at now, by priority; those whose last try failed and who wait out their back-off; and those
 * that wait for the cluster to change. Upstream: kube-scheduler's priority queue.
 */
export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #pods = new Map<string, QueuedPod>();
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A pod that has no node yet, new or changed. */
  add(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    const known = this.#pods.get(uid);
    if (!known) {
      this.#pods.set(uid, { pod, since: this.#clock.now(), attempts: 0, backoffUntil: 0, state: 'active', stale: false });
      this.#wakeUp();
      return;
    }
    const specChanged = known.pod.metadata?.generation !== pod.metadata?.generation;
    known.pod = pod;
    if (specChanged) this.#retry(known);
  }

  remove(uid: string): void {
    this.#pods.get(uid)?.cancel?.();
    this.#pods.delete(uid);
  }

  /** The cluster has changed so that pods which fitted nowhere might fit now. */
  retryAll(): void {
    for (const queued of this.#pods.values()) this.#retry(queued);
  }

  /** The pod could not be placed: it waits for a change. `retry`: it failed for another reason and is tried again after its back-off. */
  failed(uid: string, retry: boolean): void {
    const queued = this.#pods.get(uid);
    if (queued?.state !== 'in flight') return;
    queued.backoffUntil = this.#clock.now() + Math.min(firstBackoff * 2 ** (queued.attempts - 1), longestBackoff);
    queued.state = 'unschedulable';
    if (retry || queued.stale) {
      this.#retry(queued);
      return;
    }
    queued.cancel = this.#clock.after(longestWait, () => this.#retry(queued));
  }

  /** The next pod to place; undefined once the signal aborts. */
  async take(signal: AbortSignal): Promise<Pod | undefined> {
    while (!signal.aborted) {
      const next = this.#best();
      if (next) {
        next.state = 'in flight';
        next.stale = false;
        next.attempts++;
        return next.pod;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    for (const queued of this.#pods.values()) queued.cancel?.();
    return undefined;
  }

  #best(): QueuedPod | undefined {
    let best: QueuedPod | undefined;
    for (const queued of this.#pods.values()) {
      if (queued.state === 'active' && (best === undefined || goesBefore(queued, best))) best = queued;
    }
    return best;
  }

  #retry(queued: QueuedPod): void {
    if (queued.state === 'in flight') {
      queued.stale = true;
      return;
    }
    if (queued.state !== 'unschedulable') return;
    queued.cancel?.();
    const wait = queued.backoffUntil - this.#clock.now();
    if (wait <= 0) {
      queued.state = 'active';
      this.#wakeUp();
      return;
    }
    queued.state = 'backoff';
    queued.cancel = this.#clock.after(wait, () => {
      queued.state = 'active';
      this.#wakeUp();
    });
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

function goesBefore(a: QueuedPod, b: QueuedPod): boolean {
  const difference = (a.pod.spec?.priority ?? 0) - (b.pod.spec?.priority ?? 0);
  return difference === 0 ? a.since < b.since : difference > 0;
}
