import type { Cancel, Clock } from './clock.ts';

/** A clock that stands still until it is told to go on. */
export interface SteppedClock extends Clock {
  /**
   * Lets `ms` milliseconds pass: every timer that falls due is fired in the order of time (of equal ones, in the order they were set),
   * also those set on the way; before the first, between them and after the last, everything else is let come to rest.
   */
  advance(ms: number): Promise<void>;
  /** Lets `ms` milliseconds pass at once, as when the machine sleeps: timers that fall due on the way fire when it goes on. */
  jump(ms: number): void;
  /** Milliseconds until the next timer is due; undefined when none is set. */
  next(): number | undefined;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Makes a stepped clock.
 * @param start what the clock shows, in milliseconds since the epoch
 * @param settle waits until nothing is left to do at this point of time: promises, streams, whatever the host brings
 */
export function createSteppedClock(start: number, settle: () => Promise<void>): SteppedClock {
  let now = start;
  /** Insertion order decides between timers of the same time. */
  const timers = new Set<Timer>();

  const after = (ms: number, run: () => void): Cancel => {
    const timer = { at: now + Math.max(0, ms), run };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const earliest = () => {
    let found: Timer | undefined;
    for (const timer of timers) if (found === undefined || timer.at < found.at) found = timer;
    return found;
  };

  return {
    now: () => now,
    after,
    every(ms, run) {
      let cancel: Cancel = () => {};
      const set = () => {
        cancel = after(ms, () => {
          set();
          run();
        });
      };
      set();
      return () => cancel();
    },
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const end = () => {
          cancel();
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const cancel = after(ms, end);
        signal?.addEventListener('abort', end, { once: true });
      });
    },
    async advance(ms) {
      const target = now + ms;
      await settle();
      for (let timer = earliest(); timer !== undefined && timer.at <= target; timer = earliest()) {
        now = Math.max(now, timer.at);
        // All of one instant fire together: nothing can happen between them.
        for (const due of [...timers]) {
          if (due.at <= now && timers.delete(due)) due.run();
        }
        await settle();
      }
      now = Math.max(now, target);
    },
    jump(ms) {
      now += ms;
    },
    next() {
      const timer = earliest();
      return timer === undefined ? undefined : Math.max(0, timer.at - now);
    },
  };
}
