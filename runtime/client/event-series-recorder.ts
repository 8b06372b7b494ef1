import type { Event } from '../api/generated/types/events/v1.ts';
import type { KubeObject } from '../api/object.ts';
import { type Clock, formatMicroTime } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import { ApiError, type Client, ifFound } from './client.ts';
import { createEventNames, type EventType, namespaceOfClusterEvents, referenceTo, tooManyQueued, tryOften } from './event-objects.ts';
import { type Log, silentLog } from './log.ts';
import { newerEvents } from './resources.ts';

/** What a component did to an object, for people to read. */
export interface Happening {
  /** What it is about; must carry apiVersion and kind. */
  readonly regarding: KubeObject;
  /** Another object that had a part in it. */
  readonly related?: KubeObject;
  readonly type: EventType;
  readonly reason: string;
  /** What the component was doing, such as `Binding`. */
  readonly action: string;
  /** 1,024 bytes at most. */
  readonly note: string;
}

/** Tells people what a component did, as events of group events.k8s.io. */
export interface EventSeriesRecorder {
  /** Records and returns at once; lost when the server refuses the event, when too many wait, or when the component ends first. */
  event(happening: Happening): void;
}

export interface EventSeriesRecorderOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  /** `default-scheduler` … */
  readonly component: string;
  /** Of the machine that the component runs on. */
  readonly hostname: string;
  readonly log?: Log;
  /** When it aborts the component has ended: nothing more is written. */
  readonly signal?: AbortSignal;
}

/** A series that has gone on for no longer than this is over. */
const finishTime = 6 * 60_000;
/** How often series are written anew, so that they do not expire while they go on. */
const refreshTime = 30 * 60_000;
const retryDelay = 10_000;
const maxQueued = 1_000;
const workers = 8;

/**
 * Makes a recorder that writes the first of equal events, makes it a series with the second, and then only counts until the series ends or half an
 * hour has passed. Events are equal whatever their note says. Upstream: `client-go/tools/events`.
 */
export function createSeriesRecorder(options: EventSeriesRecorderOptions): EventSeriesRecorder {
  const { client, clock, random, component, hostname, log = silentLog, signal } = options;
  const resource = client.resource(newerEvents);
  const nameFor = createEventNames(clock, random);
  const known = new Map<string, Event>();
  const waiting: Event[] = [];
  let working = 0;
  const retries = { clock, signal, delay: () => retryDelay * (1 + random.next() / 4) };
  const lost = ({ reason = '', regarding }: Event, why: string) =>
    log.debug(`event ${reason} of ${regarding?.name ?? ''} was not written: ${why}`);

  /** Throws when it is worth another try. */
  const write = async (event: Event) => {
    const { series, metadata: { name = '', namespace } = {} } = event;
    try {
      const body = series && { series: { ...series } };
      if (body && (await ifFound(resource.patch(name, namespace, { type: 'strategic', body })))) return;
      await resource.create(event);
    } catch (error) {
      // The second of two quick ones may overtake the first.
      if (!(error instanceof ApiError) || (series && error.is('AlreadyExists'))) throw error;
      lost(event, error.message);
    }
  };
  const work = async () => {
    working++;
    for (let event = waiting.shift(); event !== undefined && signal?.aborted !== true; event = waiting.shift()) {
      const next = event;
      await tryOften(() => write(next), retries).catch((error: unknown) => lost(next, String(error)));
    }
    working--;
  };
  const enqueue = (event: Event) => {
    if (waiting.length >= maxQueued) {
      lost(event, tooManyQueued);
      return;
    }
    waiting.push(event);
    if (working < workers) void work();
  };

  const refresh = async () => {
    for (const event of [...known.values()]) {
      if (event.series) await write(event).catch((error: unknown) => lost(event, String(error)));
    }
  };
  const finish = async () => {
    const before = clock.now() - finishTime;
    for (const [key, event] of [...known]) {
      if (Date.parse(event.series?.lastObservedTime ?? event.eventTime) >= before) continue;
      try {
        if (event.series) await write(event);
      } catch {
        // It is tried again when series are looked at next.
        continue;
      }
      // What came meanwhile goes on with it.
      if (known.get(key) === event) known.delete(key);
    }
  };
  const cancels = [clock.every(refreshTime, () => void refresh()), clock.every(finishTime, () => void finish())];
  const stop = () => {
    for (const cancel of cancels) cancel();
  };
  // By a signal of its own: a cluster's has many listeners.
  if (signal) AbortSignal.any([signal]).addEventListener('abort', stop, { once: true });

  return {
    event({ regarding: object, related: other, type, reason, action, note }) {
      if (signal?.aborted === true) return;
      const now = formatMicroTime(clock.now());
      const regarding = referenceTo(object);
      const related = other && referenceTo(other);
      const key = JSON.stringify([type, action, reason, regarding, related]);
      const earlier = known.get(key);
      if (earlier?.series) {
        known.set(key, { ...earlier, series: { count: (earlier.series.count ?? 0) + 1, lastObservedTime: now } });
        return;
      }
      const event: Event = earlier
        ? { ...earlier, series: { count: 2, lastObservedTime: now } }
        : {
            apiVersion: 'events.k8s.io/v1',
            kind: 'Event',
            metadata: { name: nameFor(regarding.name ?? ''), namespace: regarding.namespace ?? namespaceOfClusterEvents },
            eventTime: now,
            reportingController: component,
            reportingInstance: `${component}-${hostname}`,
            action,
            reason,
            regarding,
            ...(related && { related }),
            note,
            type,
          };
      known.set(key, event);
      enqueue(event);
    },
  };
}
