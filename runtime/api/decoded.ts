import type { KubeObject } from './object.ts';

/** The event that a line of a watch says. */
export interface DecodedEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The object without the record of who wrote which field, for which components have no use. Nobody may change it. */
  readonly object: KubeObject;
}

const events = new WeakMap<Uint8Array, DecodedEvent>();

/**
 * Lets who is given these very bytes have what they say without reading them: an API server and its clients in one process hold an object once.
 *
 * @param object the object but for the resourceVersion, which is the event's
 */
export function tellDecoded(line: Uint8Array, type: DecodedEvent['type'], object: KubeObject, resourceVersion: string): void {
  const { managedFields: _managedFields, ...metadata } = object.metadata ?? {};
  events.set(line, { type, object: { ...object, metadata: { ...metadata, resourceVersion } } });
}

/** What a line says, if who wrote it told so. */
export function decodedEvent(line: Uint8Array): DecodedEvent | undefined {
  return events.get(line);
}
