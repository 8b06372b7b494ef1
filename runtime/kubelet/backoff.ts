interface Entry {
  backoff: number;
  lastUpdate: number;
}

/** Delays that double with every failure and are forgotten after a quiet time, after client-go's `flowcontrol.Backoff`. Times in milliseconds. */
export class Backoff {
  readonly #initial: number;
  readonly #max: number;
  readonly #entries = new Map<string, Entry>();

  constructor(initial: number, max: number) {
    this.#initial = initial;
    this.#max = max;
  }

  /** The delay the key has earned so far. */
  get(key: string): number {
    return this.#entries.get(key)?.backoff ?? 0;
  }

  /** Counts a failure at `eventTime`. */
  next(key: string, eventTime: number, now: number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#expired(entry, eventTime)) this.#entries.set(key, { backoff: this.#initial, lastUpdate: now });
    else {
      entry.backoff = Math.min(entry.backoff * 2, this.#max);
      entry.lastUpdate = now;
    }
  }

  /** How long it is still to be waited since `eventTime`; zero: not at all. */
  remaining(key: string, eventTime: number, now: number): number {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#expired(entry, eventTime)) return 0;
    return Math.max(0, eventTime + entry.backoff - now);
  }

  /** How long it is still to be waited since the last failure was counted. */
  remainingSinceUpdate(key: string, now: number): number {
    const entry = this.#entries.get(key);
    return entry === undefined ? 0 : this.remaining(key, entry.lastUpdate, now);
  }

  /** Forgets all keys that begin like this. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }

  #expired(entry: Entry, eventTime: number): boolean {
    return eventTime - entry.lastUpdate > this.#max * 2;
  }
}
