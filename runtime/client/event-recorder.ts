import type { Event, ObjectReference } from '../api/generated/types/core/v1.ts';
import type { KubeObject } from '../api/object.ts';
import { type Clock, formatTime } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import { ApiError, type Client, isReason } from './client.ts';
import { createEventCorrelator } from './event-correlator.ts';
import { type Log, silentLog } from './log.ts';
import { events } from './resources.ts';

export type EventType = 'Normal' | 'Warning';

/** Tells people what a component did to an object, as events of the core group. */
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

const maxTries = 12;
const retryDelay = 10_000;
/** As many events may wait to be written, as in client-go's broadcaster. */
const maxQueued = 1_000;

/** Makes a recorder with client-go's correlator before it: repeats count up one event, floods are thinned out. */
export function createRecorder(options: EventRecorderOptions): EventRecorder {
  const { client, clock, random, component, host, log = silentLog, signal } = options;
  const resource = client.resource(events);
  const correlator = createEventCorrelator(clock);
  let last = 0n;
  let tail = Promise.resolve();
  let queued = 0;

  /** Nanoseconds that never repeat; the clock has only milliseconds, so chance fills in the rest. */
  const stamp = () => {
    const now = BigInt(clock.now()) * 1_000_000n + BigInt(Math.floor(random.next() * 1_000_000));
    last = now > last ? now : last + 1n;
    return last;
  };
  const nameFor = (object: ObjectReference) => `${object.name ?? ''}.${stamp().toString(16)}`;

  const write = async (event: Event) => {
    const decision = correlator.observe(event);
    if (decision.kind === 'drop') return;
    if (decision.kind === 'patch') {
      try {
        await resource.patch(decision.name, event.metadata?.namespace, { type: 'strategic', body: decision.body });
        return;
      } catch (error) {
        // Events expire; a repeat of an expired one starts anew.
        if (!isReason(error, 'NotFound')) throw error;
      }
    }
    const made = await resource.create(decision.event);
    correlator.written(event, made.metadata?.name ?? '');
  };

  const writeWithRetries = async (event: Event) => {
    for (let tries = 1; signal?.aborted !== true; tries++) {
      try {
        await write(event);
        return;
      } catch (error) {
        if (error instanceof ApiError || tries === maxTries) {
          log.debug(`event ${event.reason ?? ''} of ${event.involvedObject.name ?? ''} was not written: ${String(error)}`);
          return;
        }
        await clock.sleep(retryDelay, signal);
      }
    }
  };

  return {
    event(object, type, reason, message, fieldPath) {
      if (signal?.aborted === true) return;
      if (queued >= maxQueued) {
        log.debug(`event ${reason} of ${object.metadata?.name ?? ''} was dropped: too many events are queued`);
        return;
      }
      queued++;
      const involvedObject = referenceTo(object, fieldPath);
      const now = formatTime(clock.now());
      const event: Event = {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: nameFor(involvedObject), namespace: involvedObject.namespace ?? 'default' },
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
      tail = tail.then(() => writeWithRetries(event)).finally(() => queued--);
    },
  };
}

function referenceTo(object: KubeObject, fieldPath: string | undefined): ObjectReference {
  const { name, namespace, uid, resourceVersion } = object.metadata ?? {};
  return {
    ...(object.kind === undefined ? {} : { kind: object.kind }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(uid === undefined ? {} : { uid }),
    ...(object.apiVersion === undefined ? {} : { apiVersion: object.apiVersion }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}
