import type { StoreEvent } from './store.ts';

type Sink = (events: readonly StoreEvent[]) => void;

/** Is told what a sink has thrown. */
export type SinkFailure = (error: unknown) => void;

type Sinks = Set<{ readonly sink: Sink }>;

/**
 * Who is told of changes, by prefix: events are picked once for all watchers of a prefix, and they share the array. Prefixes are found by what a
 * key begins with, not by asking each: there are far more kinds than lengths of their prefixes.
 */
export class Watchers {
  readonly #byPrefix = new Map<string, Sinks>();
  /** How many prefixes have each length. */
  readonly #lengths = new Map<number, number>();
  readonly #failed: SinkFailure | undefined;

  constructor(failed?: SinkFailure) {
    this.#failed = failed;
  }

  /** Adds a watcher and returns what removes it; it is not called again from that moment, even in the middle of a delivery. */
  add(prefix: string, sink: Sink): () => void {
    const watcher = { sink };
    const sinks = this.#byPrefix.get(prefix) ?? this.#addPrefix(prefix);
    sinks.add(watcher);
    return () => {
      sinks.delete(watcher);
      if (sinks.size === 0 && this.#byPrefix.get(prefix) === sinks) {
        this.#removePrefix(prefix);
      }
    };
  }

  clear(): void {
    for (const sinks of this.#byPrefix.values()) {
      sinks.clear();
    }
    this.#byPrefix.clear();
    this.#lengths.clear();
  }

  deliver(events: readonly StoreEvent[]): void {
    const picked = new Map<Sinks, StoreEvent[]>();
    for (const event of events) {
      for (const length of this.#lengths.keys()) {
        const sinks = event.key.length < length ? undefined : this.#byPrefix.get(event.key.slice(0, length));
        if (sinks === undefined) continue;
        const before = picked.get(sinks);
        if (before === undefined) picked.set(sinks, [event]);
        else before.push(event);
      }
    }
    // A watcher added by a sink has been given these events when it caught up, so only those of before are told.
    const told = [...picked].map(([sinks, own]) => ({ sinks, own, watchers: [...sinks] }));
    for (const { sinks, own, watchers } of told) {
      for (const watcher of watchers) {
        if (sinks.has(watcher)) this.tell(watcher.sink, own);
      }
    }
  }

  /** A sink that throws has a bug: that must come to light without keeping the others, or itself later on, from their events. */
  tell(sink: Sink, events: readonly StoreEvent[]): void {
    try {
      sink(events);
    } catch (error) {
      if (this.#failed !== undefined) this.#failed(error);
      else
        queueMicrotask(() => {
          throw error;
        });
    }
  }

  #addPrefix(prefix: string): Sinks {
    const sinks: Sinks = new Set();
    this.#byPrefix.set(prefix, sinks);
    this.#lengths.set(prefix.length, (this.#lengths.get(prefix.length) ?? 0) + 1);
    return sinks;
  }

  #removePrefix(prefix: string): void {
    this.#byPrefix.delete(prefix);
    const left = (this.#lengths.get(prefix.length) ?? 0) - 1;
    if (left > 0) this.#lengths.set(prefix.length, left);
    else this.#lengths.delete(prefix.length);
  }
}

/** The events of keys with a prefix. */
export function pick(events: readonly StoreEvent[], prefix: string): readonly StoreEvent[] {
  return prefix === '' ? events : events.filter((event) => event.key.startsWith(prefix));
}
