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

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Delay after the first failure in milliseconds. */
  readonly baseDelay?: number;
  /** Longest delay in milliseconds. */
  readonly maxDelay?: number;
}

export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { clock, baseDelay = 5, maxDelay = 1_000_000 } = options;
  /** Keys in the order they are handed out; a Set keeps that order and drops doubles. */
  const ready = new Set<string>();
  const processing = new Set<string>();
  /** Keys that were added while they were being worked on. */
  const again = new Set<string>();
  const failures = new Map<string, number>();
  const delayed = new Map<string, { readonly at: number; readonly cancel: Cancel }>();
  const waiters = new Set<() => void>();

  const add = (key: string) => {
    if (processing.has(key)) {
      again.add(key);
      return;
    }
    ready.add(key);
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
      addAfter(key, Math.min(baseDelay * 2 ** count, maxDelay));
    },
    forget: (key) => void failures.delete(key),
    failures: (key) => failures.get(key) ?? 0,
    async take(signal) {
      while (!signal.aborted) {
        const [key] = ready;
        if (key !== undefined) {
          ready.delete(key);
          processing.add(key);
          return key;
        }
        await wait(signal);
      }
      for (const { cancel } of delayed.values()) cancel();
      delayed.clear();
      return undefined;
    },
    done(key) {
      processing.delete(key);
      if (again.delete(key)) add(key);
    },
    get length() {
      return ready.size;
    },
  };
}
