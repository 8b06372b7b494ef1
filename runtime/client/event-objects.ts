import type { ObjectReference } from '../api/generated/types/core/v1.ts';
import { dns1123SubdomainProblems } from '../api/names/index.ts';
import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';

/** What the recorders of events have in common. */

export type EventType = 'Normal' | 'Warning';

/** Events of an object without a namespace are kept here. */
export const namespaceOfClusterEvents = 'default';

/** Why an event is not written any more. */
export const tooManyQueued = 'too many events are queued';

/** Names events as client-go does, after what they are about: `<name>.<nanoseconds in hexadecimal digits>`. */
export function createEventNames(clock: Clock, random: Random): (about: string) => string {
  let last = 0n;
  return (about) => {
    // The clock has only milliseconds: chance fills in the rest, and no moment comes twice.
    const now = BigInt(clock.now()) * 1_000_000n + BigInt(Math.floor(random.next() * 1_000_000));
    last = now > last ? now : last + 1n;
    const name = `${about}.${last.toString(16)}`;
    // Names of roles may hold what names of events may not.
    return dns1123SubdomainProblems(name).length === 0 ? name : random.uuid();
  };
}

export function referenceTo(object: KubeObject, fieldPath?: string): ObjectReference {
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

const maxTries = 12;

export interface Retries {
  readonly clock: Clock;
  /** Ends the tries. */
  readonly signal: AbortSignal | undefined;
  /** How long to wait after so many tries, in milliseconds. */
  readonly delay: (tries: number) => number;
}

/** Calls `attempt` until it no longer throws, or so often that nobody waits for the event any more; then throws what it threw. */
export async function tryOften(attempt: () => Promise<void>, { clock, signal, delay }: Retries): Promise<void> {
  for (let tries = 1; signal?.aborted !== true; tries++) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (tries === maxTries) throw error;
      await clock.sleep(delay(tries), signal);
    }
  }
}
