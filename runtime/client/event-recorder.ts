import type { Event } from '../api/generated/types/core/v1.ts';
import type { KubeObject } from '../api/object.ts';
import { type Clock, formatTime } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import { ApiError, type Client, ifFound } from './client.ts';
import { createEventCorrelator, type EventDecision } from './event-correlator.ts';
import { createEventNames, type EventType, namespaceOfClusterEvents, referenceTo, tooManyQueued, tryOften } from './event-objects.ts';
import { type Log, silentLog } from './log.ts';
import { events } from './resources.ts';

/** Tells people what a component did to an object, as events of the core group. Components that upstream has moved on have an `EventSeriesRecorder`. */
export interface EventRecorder {
  /**
   * Records an event and returns at once; it is written in the background, in order, and lost when the server refuses it, when too many wait,
   * or when the component ends first.
   * `object` must carry apiVersion and kind. `fieldPath` names a part of it, such as `spec.containers{web}`.
   */
  event(object: KubeObject, type: EventType, reason: string, message: string, fieldPath?: string): void;
}

export interface EventRecorderOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  /** `deployment-controller`, `kubelet` … */
  readonly component: string;
  /** The node the component runs on. */
  readonly host?: string;
  readonly log?: Log;
  /** When it aborts the component has ended: nothing more is written. */
  readonly signal?: AbortSignal;
}

const retryDelay = 10_000;
/** As many events may wait to be written, as in client-go's broadcaster. */
const maxQueued = 1_000;

/** Makes a recorder with client-go's correlator before it: repeats count up one event, floods are thinned out. Upstream: `client-go/tools/record`. */
export function createRecorder(options: EventRecorderOptions): EventRecorder {
  const { client, clock, random, component, host, log = silentLog, signal } = options;
  const resource = client.resource(events);
  const nameFor = createEventNames(clock, random);
  const correlator = createEventCorrelator(clock, nameFor);
  let tail = Promise.resolve();
  let queued = 0;
  // The first wait is a matter of chance, so that not everyone knocks at once when the server is back.
  const retries = { clock, signal, delay: (tries: number) => (tries === 1 ? retryDelay * random.next() : retryDelay) };
  const lost = ({ reason = '', involvedObject: { name = '' } }: Event, why: string) =>
    log.debug(`event ${reason} of ${name} was not written: ${why}`);

  const write = async (decision: Exclude<EventDecision, { kind: 'drop' }>) => {
    const { event } = decision;
    if (decision.kind === 'patch') {
      const { name = '', namespace } = event.metadata ?? {};
      // Events expire; a repeat of an expired one starts anew.
      if (await ifFound(resource.patch(name, namespace, { type: 'strategic', body: decision.body }))) return;
    }
    await resource.create(event);
  };

  const record = async (event: Event) => {
    const decision = correlator.observe(event);
    if (decision.kind === 'drop') return;
    const attempt = async () => {
      try {
        await write(decision);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        lost(event, error.message);
      }
    };
    await tryOften(attempt, retries).catch((error: unknown) => lost(event, String(error)));
  };

  return {
    event(object, type, reason, message, fieldPath) {
      if (signal?.aborted === true) return;
      const involvedObject = referenceTo(object, fieldPath);
      const now = formatTime(clock.now());
      const event: Event = {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: nameFor(involvedObject.name ?? ''), namespace: involvedObject.namespace ?? namespaceOfClusterEvents },
        involvedObject,
        reason,
        message,
        source: host === undefined ? { component } : { component, host },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
        type,
        reportingComponent: component,
        reportingInstance: host ?? '',
      };
      if (queued >= maxQueued) {
        lost(event, tooManyQueued);
        return;
      }
      queued++;
      tail = tail.then(() => (signal?.aborted === true ? undefined : record(event))).finally(() => queued--);
    },
  };
}
