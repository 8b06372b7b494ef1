import type { Cancel, Clock } from '../../simulation/clock.ts';
import { Turns } from './turns.ts';

/** The longest a timer of Node can wait, in milliseconds: 24.8 days. Asked for more, it fires at once. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own time. */
export function createRealClock(): Clock {
  const turns = new Turns();

  /** A long wait is made of several. */
  const after = (ms: number, run: () => void): Cancel => {
    let isOver = false;
    let cancelRest = () => {};
    const timer = setTimeout(
      () => {
        if (ms > longestTimer) cancelRest = after(ms - longestTimer, run);
        else turns.add(() => isOver || run());
      },
      Math.min(ms, longestTimer),
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
      cancelRest();
    };
  };
  return {
    now: () => Date.now(),
    after,
    every(ms, run) {
      let isOver = false;
      let isDue = false;
      const fire = () => {
        isDue = false;
        if (!isOver) run();
      };
      const timer = setInterval(
        () => {
          // A round that could not run before the next one is left out.
          if (!isDue) turns.add(fire);
          isDue = true;
        },
        Math.min(ms, longestTimer),
      );
      return () => {
        isOver = true;
        clearInterval(timer);
      };
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
