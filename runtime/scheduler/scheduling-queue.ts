import type { Pod } from '../api/generated/types/core/v1.ts';
import type { Cancel, Clock } from '../simulation/clock.ts';
import type { ClusterEvent } from './framework/cluster-event.ts';
import type { Plugin } from './framework/plugin.ts';
import { priorityOf, sameLabels, uidOf } from './framework/pods.ts';
import { Heap } from './heap.ts';

const firstBackoff = 1_000;
const longestBackoff = 10_000;
/** Back-offs end at full steps of this, so that pods whose back-off ends at about the same time are ordered by priority. */
const backoffWindow = 1_000;
/** How long a pod that fits nowhere waits when nothing happens in the cluster. Upstream: `DefaultPodMaxInUnschedulablePodsDuration`. */
const longestWait = 5 * 60_000;
const leftoverInterval = 30_000;

/** The event plugins are not asked about: whoever found no node at all waits for one. */
const noNodes = '';

interface QueuedPod {
  pod: Pod;
  readonly order: number;
  /** When it came into the queue, or came back to it. */
  since: number;
  /** Attempts that found no node. */
  misfits: number;
  /** Attempts in a row that broke off with an error. */
  errors: number;
  /** Its next try should not come before this. */
  backoffUntil: number;
  state: 'active' | 'backoff' | 'error backoff' | 'unschedulable' | 'in flight';
  /** The plugins that stood in its way. */
  plugins: ReadonlySet<string>;
  /** It waits for evictions to be written; `missed`: something happened meanwhile that would have woken it. */
  held: boolean;
  missed: boolean;
}

/**
 * Pods that want a node: those to be looked at now, by priority; those whose last try failed and who wait out their back-off; and those
 * that wait for the cluster to change. Upstream: kube-scheduler's priority queue.
 */
export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #plugins: ReadonlyMap<string, Plugin>;
  readonly #pods = new Map<string, QueuedPod>();
  readonly #active = new Heap<QueuedPod>(goesBefore);
  readonly #backoff = new Heap<QueuedPod>(backsOffBefore);
  readonly #errorBackoff = new Heap<QueuedPod>(backsOffBefore);
  /** The unschedulable pods by the plugins that stood in their way. */
  readonly #waiting = new Map<string, Set<QueuedPod>>();
  #made = 0;
  #wake: (() => void) | undefined;
  #backoffTimer: { readonly at: number; readonly cancel: Cancel } | undefined;
  #leftoverTimer: Cancel | undefined;

  constructor(clock: Clock, plugins: readonly Plugin[]) {
    this.#clock = clock;
    this.#plugins = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  }

  /** A pod that has no node yet, new or changed. */
  add(pod: Pod): void {
    const uid = uidOf(pod);
    const known = this.#pods.get(uid);
    if (known) {
      this.#update(known, pod);
      return;
    }
    const queued: QueuedPod = {
      pod,
      order: this.#made++,
      since: this.#clock.now(),
      misfits: 0,
      errors: 0,
      backoffUntil: 0,
      state: 'active',
      plugins: new Set(),
      held: false,
      missed: false,
    };
    this.#pods.set(uid, queued);
    this.#activate(queued);
  }

  /** The pod is gone or has a node. */
  remove(uid: string): void {
    const queued = this.#pods.get(uid);
    if (!queued) return;
    this.#leave(queued);
    this.#pods.delete(uid);
  }

  /** The state of the pod as last told; undefined when it does not want a node any more. */
  get(uid: string): Pod | undefined {
    return this.#pods.get(uid)?.pod;
  }

  /** An event in the cluster: tries again the pods whose plugins say that it may help them. */
  notify(event: ClusterEvent): void {
    for (const [name, pods] of this.#waiting) {
      const helps = name === noNodes ? anyNode(event) : this.#plugins.get(name)?.wakes?.(event);
      if (!helps) continue;
      for (const queued of pods) if (helps(queued.pod)) this.#retry(queued);
    }
  }

  /** The attempt found no node: the pod waits for a change that helps with one of these plugins. None: for a first node. */
  unschedulable(uid: string, plugins: ReadonlySet<string>): void {
    const queued = this.#pods.get(uid);
    if (queued?.state !== 'in flight') return;
    queued.misfits++;
    queued.errors = 0;
    this.#rest(queued, queued.misfits);
    queued.plugins = plugins.size > 0 ? plugins : new Set([noNodes]);
    for (const name of queued.plugins) this.#waiting.set(name, (this.#waiting.get(name) ?? new Set()).add(queued));
    queued.state = 'unschedulable';
    this.#leftoverTimer ??= this.#clock.after(leftoverInterval, () => this.#retryLeftover());
  }

  /** The attempt broke off with an error: the pod is tried again after a back-off. */
  failed(uid: string): void {
    const queued = this.#pods.get(uid);
    if (queued?.state !== 'in flight') return;
    queued.errors++;
    this.#rest(queued, queued.errors);
    this.#backOff(queued, 'error backoff');
  }

  /** Keeps an unschedulable pod from being tried, whatever happens, until it is released. */
  hold(uid: string): void {
    const queued = this.#pods.get(uid);
    if (queued?.state === 'unschedulable') queued.held = true;
  }

  /** Ends {@link hold}. `retry`: tries the pod again also when nothing has happened meanwhile. */
  release(uid: string, retry: boolean): void {
    const queued = this.#pods.get(uid);
    if (!queued?.held) return;
    queued.held = false;
    if (queued.missed || retry) this.#retry(queued);
    queued.missed = false;
  }

  /** The next pod to place; undefined once the signal aborts. */
  async take(signal: AbortSignal): Promise<Pod | undefined> {
    while (!signal.aborted) {
      // Nobody is helped by an idle scheduler: the back-off only matters while there are other pods to place.
      const next = this.#active.pop() ?? this.#backoff.pop();
      if (next) {
        next.state = 'in flight';
        return next.pod;
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          this.#wake = undefined;
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake);
      });
    }
    this.#backoffTimer?.cancel();
    this.#leftoverTimer?.();
    return undefined;
  }

  #update(queued: QueuedPod, pod: Pod): void {
    const before = queued.pod;
    // The place in the heaps depends on the priority, which cannot change.
    queued.pod = pod;
    if (before.metadata?.generation !== pod.metadata?.generation || !sameLabels(before, pod)) this.#retry(queued);
  }

  #retry(queued: QueuedPod): void {
    if (queued.state !== 'unschedulable') return;
    if (queued.held) {
      queued.missed = true;
      return;
    }
    this.#leave(queued);
    if (queued.backoffUntil > this.#clock.now()) this.#backOff(queued, 'backoff');
    else this.#activate(queued);
  }

  #activate(queued: QueuedPod): void {
    queued.state = 'active';
    this.#active.push(queued);
    this.#wake?.();
  }

  #backOff(queued: QueuedPod, state: 'backoff' | 'error backoff'): void {
    queued.state = state;
    if (state === 'error backoff') {
      this.#errorBackoff.push(queued);
    } else {
      this.#backoff.push(queued);
      this.#wake?.();
    }
    this.#setBackoffTimer();
  }

  #rest(queued: QueuedPod, attempts: number): void {
    queued.since = this.#clock.now();
    const end = queued.since + Math.min(firstBackoff * 2 ** (attempts - 1), longestBackoff);
    queued.backoffUntil = Math.ceil(end / backoffWindow) * backoffWindow;
  }

  /** Takes the pod out of wherever it waits. */
  #leave(queued: QueuedPod): void {
    this.#active.delete(queued);
    this.#backoff.delete(queued);
    this.#errorBackoff.delete(queued);
    for (const name of queued.plugins) {
      const waiting = this.#waiting.get(name);
      if (waiting?.delete(queued) && waiting.size === 0) this.#waiting.delete(name);
    }
    queued.plugins = new Set();
    queued.held = false;
  }

  #setBackoffTimer(): void {
    const ends = [this.#backoff.peek(), this.#errorBackoff.peek()].flatMap((queued) => (queued ? [queued.backoffUntil] : []));
    if (ends.length === 0) return;
    const at = Math.min(...ends);
    if (this.#backoffTimer && this.#backoffTimer.at <= at) return;
    this.#backoffTimer?.cancel();
    const cancel = this.#clock.after(Math.max(0, at - this.#clock.now()), () => {
      this.#backoffTimer = undefined;
      for (const heap of [this.#backoff, this.#errorBackoff]) {
        for (let first = heap.peek(); first && first.backoffUntil <= this.#clock.now(); first = heap.peek()) {
          heap.pop();
          this.#activate(first);
        }
      }
      this.#setBackoffTimer();
    });
    this.#backoffTimer = { at, cancel };
  }

  #retryLeftover(): void {
    this.#leftoverTimer = undefined;
    const now = this.#clock.now();
    const waiting = new Set([...this.#waiting.values()].flatMap((pods) => [...pods]));
    for (const queued of waiting) if (now - queued.since > longestWait) this.#retry(queued);
    if (this.#waiting.size > 0) this.#leftoverTimer = this.#clock.after(leftoverInterval, () => this.#retryLeftover());
  }
}

function anyNode(event: ClusterEvent): (() => boolean) | undefined {
  return event.type === 'node added' ? () => true : undefined;
}

function goesBefore(a: QueuedPod, b: QueuedPod): boolean {
  const difference = priorityOf(a.pod) - priorityOf(b.pod);
  if (difference !== 0) return difference > 0;
  return a.since === b.since ? a.order < b.order : a.since < b.since;
}

function backsOffBefore(a: QueuedPod, b: QueuedPod): boolean {
  return a.backoffUntil === b.backoffUntil ? goesBefore(a, b) : a.backoffUntil < b.backoffUntil;
}
