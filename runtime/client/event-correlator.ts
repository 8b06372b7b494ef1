import type { Event } from '../api/generated/types/core/v1.ts';
import type { Json } from '../api/object.ts';
import { type Clock, formatTime } from '../simulation/clock.ts';

/** What becomes of an event: it is new, it counts up one that is written already, or there have been too many. */
export type EventDecision =
  | { readonly kind: 'create'; readonly event: Event }
  /** `event` is what to create should the one of its name be gone. */
  | { readonly kind: 'patch'; readonly body: Json; readonly event: Event }
  | { readonly kind: 'drop' };

export interface EventCorrelator {
  observe(event: Event): EventDecision;
}

const burst = 25;
/** One event more each five minutes, for one source, one object and one type. */
const refillInterval = 300_000;
const maxSimilar = 10;
const similarInterval = 600_000;
const cacheSize = 4096;

interface Seen {
  readonly name: string | undefined;
  readonly count: number;
  readonly firstTimestamp: string | undefined;
}

/**
 * Thins out events as client-go's EventCorrelator does: similar ones are combined, equal ones counted, and then a token bucket for each source,
 * object and type lets through what is to be written. What it holds back has been counted.
 */
export function createEventCorrelator(clock: Clock, nameFor: (about: string) => string): EventCorrelator {
  const buckets = new LeastRecentlyUsed<{ tokens: number; at: number }>(cacheSize);
  const similar = new LeastRecentlyUsed<{ messages: Set<string>; at: number }>(cacheSize);
  const seen = new LeastRecentlyUsed<Seen>(cacheSize);

  const allowed = (event: Event) => {
    const now = clock.now();
    const key = keyOf(...sourceAndObject(event), event.type);
    const bucket = buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refillInterval);
    const pass = tokens >= 1;
    buckets.set(key, { tokens: pass ? tokens - 1 : tokens, at: now });
    return pass;
  };

  /** The event, or the one that stands for it and others like it, and the key under which equal ones are counted. */
  const aggregate = (event: Event): { key: string; event: Event } => {
    const now = clock.now();
    const { involvedObject, message = '', metadata, source, type, reason, reportingComponent, reportingInstance } = event;
    const group = keyOf(...sourceAndObject(event), type, reason, reportingComponent, reportingInstance);
    const known = similar.get(group);
    const record = known === undefined || now - known.at > similarInterval ? { messages: new Set<string>(), at: now } : known;
    record.messages.add(message);
    record.at = now;
    similar.set(group, record);
    if (record.messages.size < maxSimilar) {
      return { key: keyOf(...sourceAndObject(event), involvedObject.fieldPath, type, reason, message), event };
    }
    const [oldest] = record.messages;
    if (oldest !== undefined) record.messages.delete(oldest);
    const at = formatTime(now);
    const combined: Event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: nameFor(involvedObject.name ?? ''), ...(metadata?.namespace !== undefined && { namespace: metadata.namespace }) },
      involvedObject,
      ...(reason !== undefined && { reason }),
      message: `(combined from similar events): ${message}`,
      ...(source !== undefined && { source }),
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
      ...(type !== undefined && { type }),
    };
    return { key: group, event: combined };
  };

  return {
    observe(observed) {
      const { key, event } = aggregate(observed);
      const known = seen.get(key);
      const counted = known === undefined ? event : repeated(event, known);
      seen.set(key, { name: counted.metadata?.name, count: counted.count ?? 0, firstTimestamp: counted.firstTimestamp });
      if (!allowed(counted)) return { kind: 'drop' };
      if (known === undefined) return { kind: 'create', event: counted };
      const { message = '', count = 0, lastTimestamp = null } = counted;
      return { kind: 'patch', body: { message, count, lastTimestamp }, event: counted };
    },
  };
}

function repeated(event: Event, { name, count, firstTimestamp }: Seen): Event {
  return {
    ...event,
    metadata: { ...event.metadata, ...(name !== undefined && { name }) },
    ...(firstTimestamp !== undefined && { firstTimestamp }),
    count: count + 1,
  };
}

/** One text for several, which none of them can imitate: they hold no NUL. */
function keyOf(...parts: readonly (string | undefined)[]): string {
  return parts.join('\0');
}

function sourceAndObject({ source, involvedObject: { kind, namespace, name, uid, apiVersion } }: Event): (string | undefined)[] {
  return [source?.component, source?.host, kind, namespace, name, uid, apiVersion];
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
