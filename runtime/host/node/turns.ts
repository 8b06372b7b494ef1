/** For how long work goes on at least, and at most, before reads and writes have their turn, in milliseconds. */
const shortestTurn = 5;
const longestTurn = 100;

/**
 * Shares the event loop between work and the outside world. Node fires timers for as long as any is due: under load, work that brings about
 * more work would keep every socket waiting for many seconds.
 */
export class Turns {
  #work: (() => void)[] = [];
  #next = 0;
  #end = 0;
  #ended = 0;

  /** Runs it soon, after all that was added before. */
  add(run: () => void): void {
    this.#work.push(run);
    if (this.#work.length === 1) setImmediate(this.#begin);
  }

  /** A turn is as long as all else took since the last one: half of the time belongs to what waits here. */
  readonly #begin = (): void => {
    const now = performance.now();
    this.#end = now + Math.min(longestTurn, Math.max(shortestTurn, now - this.#ended));
    this.#goOn();
  };

  readonly #goOn = (): void => {
    try {
      this.#work[this.#next++]?.();
    } finally {
      if (this.#next >= this.#work.length) {
        this.#work = [];
        this.#next = 0;
      } else if (this.#next > 1000) {
        this.#work = this.#work.slice(this.#next);
        this.#next = 0;
      }
      // What the work has set going in promises belongs to its turn: time is looked at when that has come to rest.
      if (this.#work.length > 0) queueMicrotask(() => process.nextTick(this.#check));
    }
  };

  readonly #check = (): void => {
    this.#ended = performance.now();
    if (this.#ended < this.#end) this.#goOn();
    else setImmediate(this.#begin);
  };
}
