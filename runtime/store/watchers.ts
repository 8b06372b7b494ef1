import type { StoreEvent } from './store.ts';

type Sink = (events: readonly StoreEvent[]) => void;

/** Who is told of changes, by prefix: events are picked once for all watchers of a prefix, and they share the array. */
export class Watchers {
  readonly #byPrefix = new Map<string, Set<{ readonly sink: Sink }>>();

  /** Adds a watcher and returns what removes it; it is not called again from that moment, even in the middle of a delivery. */
  add(prefix: string, sink: Sink): () => void {
    const watcher = { sink };
    const sinks = this.#byPrefix.get(prefix) ?? new Set();
    this.#byPrefix.set(prefix, sinks);
    sinks.add(watcher);
    return () => {
      sinks.delete(watcher);
      if (sinks.size === 0 && this.#byPrefix.get(prefix) === sinks) {
        this.#byPrefix.delete(prefix);
      }
    };
  }

  clear(): void {
    for (const sinks of this.#byPrefix.values()) {
      sinks.clear();
    }
    this.#byPrefix.clear();
  }

  deliver(events: readonly StoreEvent[]): void {
    // A watcher added by a sink has been given these events when it caught up, so only those of before are told.
    const told = [...this.#byPrefix].map(([prefix, sinks]) => ({ prefix, sinks, watchers: [...sinks] }));
    for (const { prefix, sinks, watchers } of told) {
      const picked = pick(events, prefix);
      if (picked.length > 0) {
        for (const watcher of watchers) {
          if (sinks.has(watcher)) {
            tell(watcher.sink, picked);
          }
        }
      }
    }
  }
}

/** The events of keys with a prefix. */
export function pick(events: readonly StoreEvent[], prefix: string): readonly StoreEvent[] {
  return prefix === '' ? events : events.filter((event) => event.key.startsWith(prefix));
}

/** A sink that throws has a bug: that must come to light without keeping the others from their events. */
export function tell(sink: Sink, events: readonly StoreEvent[]): void {
  try {
    sink(events);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
