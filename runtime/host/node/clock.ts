import type { Clock } from '../../simulation/clock.ts';

/** The longest a timer of Node can wait, in milliseconds: 24.8 days. Asked for more, it fires at once. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own time. */
export function createRealClock(): Clock {
  /** A long wait is made of several. */
  const after: Clock['after'] = (ms, run) => {
    const rest = ms - longestTimer;
    const fire = () => {
      if (rest > 0) cancelRest = after(rest, run);
      else run();
    };
    let cancelRest = () => {};
    const timer = setTimeout(fire, Math.min(ms, longestTimer));
    return () => {
      clearTimeout(timer);
      cancelRest();
    };
  };
  return {
    now: () => Date.now(),
    after,
    every(ms, run) {
      const timer = setInterval(run, Math.min(ms, longestTimer));
      return () => clearInterval(timer);
    },
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const done = () => {
          cancel();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const cancel = after(ms, done);
        signal?.addEventListener('abort', done);
      });
    },
  };
}
