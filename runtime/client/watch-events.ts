import { decodedEvent } from '../api/decoded.ts';
import type { KubeObject } from '../api/object.ts';
import type { WatchEvent } from './client.ts';

const decoder = new TextDecoder();

/** What was read from bytes that an API server in this process hands to several watches without telling what they say. */
const read = new WeakMap<Uint8Array, WatchEvent<KubeObject>>();

/**
 * Reads one line of a watch. Watches that are given the same bytes share the object, which nobody may change: a hundred kubelets, the
 * scheduler and the controllers hold each pod once.
 */
export function readWatchEvent<T extends KubeObject>(line: Uint8Array | string): WatchEvent<T> {
  if (typeof line === 'string') return withoutOwners(JSON.parse(line) as WatchEvent<T>);
  const known = decodedEvent(line) ?? read.get(line);
  if (known !== undefined) return known as WatchEvent<T>;
  const event = withoutOwners(JSON.parse(decoder.decode(line)) as WatchEvent<T>);
  read.set(line, event as WatchEvent<KubeObject>);
  return event;
}

function withoutOwners<T extends KubeObject>(event: WatchEvent<T>): WatchEvent<T> {
  return event.type === 'ERROR' ? event : { ...event, object: withoutManagedFields(event.object) };
}

/** An object without the record of who wrote which field: components do not ask, and it is half of what an object weighs. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata?.managedFields === undefined) return object;
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}
