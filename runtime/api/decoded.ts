import type { KubeObject } from './object.ts';

/** The event that a line of a watch says. */
export interface DecodedEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The object but for the resourceVersion, which is the event's. Nobody may change it. */
  readonly object: KubeObject;
  readonly resourceVersion: string;
}

const events = new WeakMap<Uint8Array, DecodedEvent>();

/** Lets who is given these very bytes have what they say without reading them: an API server and its clients in one process hold an object once. */
export function tellDecoded(line: Uint8Array, event: DecodedEvent): void {
  events.set(line, event);
}

/** What a line says, if who wrote it told so. */
export function decodedEvent(line: Uint8Array): DecodedEvent | undefined {
  return events.get(line);
}
