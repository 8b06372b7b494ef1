import type { Event } from '../api/generated/types/core/v1.ts';
import type { Json } from '../api/object.ts';
import type { Clock } from '../simulation/clock.ts';

/** What becomes of an event: it is new, it counts up one that is written already, or there have been too many. */
export type EventDecision =
  | { readonly kind: 'create'; readonly event: Event }
  | { readonly kind: 'patch'; readonly name: string; readonly body: Json; readonly event: Event }
  | { readonly kind: 'drop' };

export interface EventCorrelator {
  observe(event: Event): EventDecision;
  /** The event was written under this name; repeats of it will be patches. */
  written(event: Event, name: string): void;
}

const burst = 25;
/** One event more each five minutes, for one source and one object. */
const refillInterval = 300_000;
const maxSimilar = 10;
const similarInterval = 600_000;
const cacheSize = 4096;

interface Seen {
  name: string;
  count: number;
  readonly firstTimestamp: string | undefined;
}

/** Thins out events as client-go's EventCorrelator does: a token bucket per source and object, then aggregation of similar ones, then counting of equal ones. */
export function createEventCorrelator(clock: Clock): EventCorrelator {
  const buckets = new LeastRecentlyUsed<{ tokens: number; at: number }>(cacheSize);
  const similar = new LeastRecentlyUsed<{ messages: Set<string>; at: number }>(cacheSize);
  const seen = new LeastRecentlyUsed<Seen>(cacheSize);

  const allowed = (event: Event) => {
    const now = clock.now();
    const key = keyOf(event.source?.component, event.source?.host, ...objectKey(event));
    const bucket = buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refillInterval);
    const pass = tokens >= 1;
    buckets.set(key, { tokens: pass ? tokens - 1 : tokens, at: now });
    return pass;
  };

  /** The key under which equal events are counted, and the message they are written with. */
  const aggregate = (event: Event) => {
    const now = clock.now();
    const { source, type, reason, reportingComponent, reportingInstance } = event;
    const group = keyOf(source?.component, source?.host, ...objectKey(event), type, reason, reportingComponent, reportingInstance);
    const known = similar.get(group);
    const record = known === undefined || now - known.at > similarInterval ? { messages: new Set<string>(), at: now } : known;
    const message = event.message ?? '';
    record.messages.add(message);
    record.at = now;
    similar.set(group, record);
    if (record.messages.size < maxSimilar) return { key: keyOf(group, event.involvedObject.fieldPath, message), message };
    const [oldest] = record.messages;
    if (oldest !== undefined) record.messages.delete(oldest);
    return { key: group, message: `(combined from similar events): ${message}` };
  };

  const keys = new WeakMap<Event, string>();
  return {
    observe(event) {
      if (!allowed(event)) return { kind: 'drop' };
      const { key, message } = aggregate(event);
      keys.set(event, key);
      const known = seen.get(key);
      const count = (known?.count ?? 0) + 1;
      const firstTimestamp = known?.firstTimestamp ?? event.firstTimestamp;
      const counted: Event = { ...event, message, count, ...(firstTimestamp === undefined ? {} : { firstTimestamp }) };
      seen.set(key, { name: known?.name ?? '', count, firstTimestamp });
      if (known === undefined || known.name === '') return { kind: 'create', event: counted };
      const body = { message, count, lastTimestamp: event.lastTimestamp ?? null };
      return { kind: 'patch', name: known.name, body, event: counted };
    },
    written(event, name) {
      const known = seen.get(keys.get(event) ?? '');
      if (known !== undefined) known.name = name;
    },
  };
}

/** One text for several, which none of them can imitate: they hold no NUL. */
function keyOf(...parts: readonly (string | undefined)[]): string {
  return parts.join('\0');
}

function objectKey({ involvedObject: { kind, namespace, name, uid, apiVersion } }: Event): string[] {
  return [kind ?? '', namespace ?? '', name ?? '', uid ?? '', apiVersion ?? ''];
}

/** A map that forgets what was not used for longest. */
class LeastRecentlyUsed<V> {
  readonly #entries = new Map<string, V>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
