import { firstIndex } from './sorted-entries.ts';
import type { StoreEvent } from './store.ts';

/** How much of the past is kept at hand. */
export interface RecentLimits {
  readonly events: number;
  /** Bytes of the values that the events wrote. */
  readonly bytes: number;
}

/** The newest events in memory, so that a watch that comes back and a list at a page's revision rarely need the log. */
export class RecentEvents {
  readonly #limits: RecentLimits;
  /** In the order of revisions; those before `#head` are forgotten. */
  #events: StoreEvent[] = [];
  #head = 0;
  #bytes = 0;
  /** Bytes of what is forgotten, but still in the array. */
  #forgotten = 0;
  #since: number;

  constructor(revision: number, limits: RecentLimits) {
    this.#since = revision;
    this.#limits = limits;
  }

  /** Every event after this revision is here. */
  get since(): number {
    return this.#since;
  }

  push(events: readonly StoreEvent[]): void {
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += size(event);
    }
    while (this.#events.length - this.#head > this.#limits.events || this.#bytes > this.#limits.bytes) {
      this.#forgetOldest();
    }
    // Many small ones are let go of together; a few large ones must not wait for them.
    if ((this.#head > 1000 && this.#head > this.#events.length / 2) || this.#forgotten > this.#limits.bytes) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
      this.#forgotten = 0;
    }
  }

  /** All events after a revision, which is not older than {@link RecentEvents.since}. */
  after(revision: number): readonly StoreEvent[] {
    const start = firstIndex(this.#events.length, (index) => index >= this.#head && (this.#events[index]?.revision ?? 0) > revision);
    return this.#events.slice(start);
  }

  /** A revision is forgotten as a whole. */
  #forgetOldest(): void {
    const revision = this.#events[this.#head]?.revision ?? this.#since;
    let oldest = this.#events[this.#head];
    while (oldest && oldest.revision === revision) {
      this.#bytes -= size(oldest);
      this.#forgotten += size(oldest);
      this.#head++;
      oldest = this.#events[this.#head];
    }
    this.#since = revision;
  }
}

function size(event: StoreEvent): number {
  return event.key.length + event.entry.value.length;
}
