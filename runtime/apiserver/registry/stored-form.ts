import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import { completeWritten } from '../../api/structure/index.ts';
import type { Entry } from '../../store/store.ts';
import type { ApiObject } from './api-object.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * How objects of one kind stand in the store: JSON with `kind`, `apiVersion` and `metadata` first and without a resourceVersion,
 * which is the revision of the write and so not known before it. Because every value begins alike, the
 * resourceVersion is spliced in at a fixed place when the bytes are served, and nothing is decoded for an answer.
 */
export class StoredForm {
  readonly kind: Kind;
  /** `{"kind":"Pod","apiVersion":"v1","metadata":{` */
  private readonly head: Uint8Array;

  constructor(kind: Kind) {
    this.kind = kind;
    this.head = encoder.encode(`{"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(apiVersionOf(kind))},"metadata":{`);
  }

  /** The bytes to store. The object must be of this form's version; it is completed to what Go's encoder writes. */
  encode(object: ApiObject): Uint8Array {
    if (this.kind.read === undefined) completeWritten(this.kind.definition, object);
    const { kind, apiVersion, metadata, ...rest } = object;
    const { resourceVersion: _, ...meta } = metadata;
    return encoder.encode(JSON.stringify({ kind, apiVersion, metadata: meta, ...rest }));
  }

  /** A new object of the stored bytes, with its resourceVersion, which one of a dry run does not have (0); the caller may change it. */
  decode(value: Uint8Array, revision: number): ApiObject {
    const object: ApiObject = JSON.parse(decoder.decode(value));
    if (revision !== 0) object.metadata.resourceVersion = String(revision);
    return object;
  }

  /** Whether the bytes are of this form, so that they can be served by splicing. */
  fits(value: Uint8Array): boolean {
    const { head } = this;
    for (let index = head.length - 1; index >= 0; index--) if (value[index] !== head[index]) return false;
    return true;
  }

  /** A stored value with its resourceVersion spliced in (0 is none), between two texts of ASCII. */
  served(value: Uint8Array, revision: number, before: string, after: string): Uint8Array<ArrayBuffer> {
    const field = revision === 0 ? '' : `"resourceVersion":"${revision}",`;
    const bytes = new Uint8Array(before.length + value.length + field.length + after.length);
    // All of the value, so that no part of it need be made an array of its own; then its head and the field over where it began.
    bytes.set(value, before.length + field.length);
    bytes.set(this.head, before.length);
    writeAscii(before, bytes, 0);
    writeAscii(field, bytes, before.length + this.head.length);
    writeAscii(after, bytes, bytes.length - after.length);
    return bytes;
  }

  /** What follows the spliced-in resourceVersion. */
  tail(entry: Entry): Uint8Array {
    return entry.value.subarray(this.head.length);
  }
}

function writeAscii(text: string, bytes: Uint8Array, at: number): void {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
}

/** Joins byte arrays into one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** JSON of a value as Go's encoder writes it: with the end of a line. */
export function jsonLine(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${JSON.stringify(value)}\n`);
}

/** UTF-8 of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}
