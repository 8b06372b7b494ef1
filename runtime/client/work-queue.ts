import type { Cancel, Clock } from '../simulation/clock.ts';

/**
 * Keys that want work, after client-go's rate-limiting work queue: a key is handed out to one worker at a time; added again while it is
 * being worked on, it comes back once, after {@link WorkQueue.done}; added many times before, it is handed out once.
 */
export interface WorkQueue {
  /** Wants work on the key now. */
  add(key: string): void;
  /** Wants work on the key `ms` milliseconds from now; of several, the earliest counts. */
  addAfter(key: string, ms: number): void;
  /** Wants work on the key after the delay its failures have earned: 5 ms, doubling up to 1000 s. */
  addRateLimited(key: string): void;
  /** The key's work went well: its delay starts over. */
  forget(key: string): void;
  /** How often the key was added rate-limited since it was last forgotten. */
  failures(key: string): number;
  /** The next key; undefined once `signal` has aborted. */
  take(signal: AbortSignal): Promise<string | undefined>;
  /** The worker that took the key is through with it. */
  done(key: string): void;
  /** Keys that wait for a worker. */
  readonly length: number;
}

/** How a queue stands at a moment. */
export interface QueueState {
  /** Keys that wait for work, those that are being worked on and shall be again among them. */
  readonly depth: number;
  /** When the work under way began, in milliseconds. */
  readonly startTimes: Iterable<number>;
}

/** Told what happens in a queue; times in milliseconds. */
export interface QueueObserver {
  added(): void;
  /** A key is handed out that has waited so long. */
  taken(waited: number): void;
  /** Work has ended that has taken so long. */
  done(worked: number): void;
  /** A key is tried again after a failure. */
  retried(): void;
}

/** Counts what happens in the queues of a process. */
export interface QueueMetrics {
  observe(name: string, state: () => QueueState): QueueObserver;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Called once with what tells of the queue. */
  readonly observe?: (state: () => QueueState) => QueueObserver;
  /** Delay after the first failure in milliseconds. */
  readonly baseDelay?: number;
  /** Longest delay in milliseconds. */
  readonly maxDelay?: number;
}

export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { clock, baseDelay = 5, maxDelay = 1_000_000 } = options;
  /** Keys in the order they are handed out, with the time they were added. */
  const ready = new Map<string, number>();
  /** Keys that are being worked on, with the time that began. */
  const processing = new Map<string, number>();
  /** Keys that were added while they were being worked on, with the time of that. */
  const again = new Map<string, number>();
  const failures = new Map<string, number>();
  const delayed = new Map<string, { readonly at: number; readonly cancel: Cancel }>();
  const waiters = new Set<() => void>();

  const observer = options.observe?.(() => ({ depth: ready.size + again.size, startTimes: processing.values() }));

  const add = (key: string) => {
    const into = processing.has(key) ? again : ready;
    if (into.has(key)) return;
    into.set(key, clock.now());
    observer?.added();
    if (into === ready) wakeOne();
  };

  const wakeOne = () => {
    const [wake] = waiters;
    if (wake !== undefined) {
      waiters.delete(wake);
      wake();
    }
  };

  const addAfter = (key: string, ms: number) => {
    if (ms <= 0) {
      add(key);
      return;
    }
    const at = clock.now() + ms;
    const waiting = delayed.get(key);
    if (waiting !== undefined) {
      if (waiting.at <= at) return;
      waiting.cancel();
    }
    const cancel = clock.after(ms, () => {
      delayed.delete(key);
      add(key);
    });
    delayed.set(key, { at, cancel });
  };

  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        waiters.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiters.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });

  return {
    add,
    addAfter,
    addRateLimited(key) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      observer?.retried();
      addAfter(key, Math.min(baseDelay * 2 ** count, maxDelay));
    },
    forget: (key) => void failures.delete(key),
    failures: (key) => failures.get(key) ?? 0,
    async take(signal) {
      while (!signal.aborted) {
        const [first] = ready;
        if (first !== undefined) {
          const [key, since] = first;
          ready.delete(key);
          processing.set(key, clock.now());
          observer?.taken(clock.now() - since);
          return key;
        }
        await wait(signal);
      }
      for (const { cancel } of delayed.values()) cancel();
      delayed.clear();
      return undefined;
    },
    done(key) {
      observer?.done(clock.now() - (processing.get(key) ?? clock.now()));
      processing.delete(key);
      const since = again.get(key);
      if (since === undefined) return;
      again.delete(key);
      ready.set(key, since);
      wakeOne();
    },
    get length() {
      return ready.size;
    },
  };
}
