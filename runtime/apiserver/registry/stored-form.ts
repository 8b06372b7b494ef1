import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import { completeWritten } from '../../api/structure/index.ts';
import type { Entry } from '../../store/store.ts';
import type { ApiObject } from './api-object.ts';
import { inOrder } from './metadata-order.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const zero = 0x30;
/** What comes before the resourceVersion in metadata, in order; all of these are texts. */
const leading = ['name', 'generateName', 'namespace', 'selfLink', 'uid'].map((name) => encoder.encode(`"${name}":"`));
const itemHead = encoder.encode('{"metadata":{');
const spliced = encoder.encode('"resourceVersion":"');
/** Behind the digits of a resourceVersion its quote, and before it or behind that a comma. */
const splicedMarks = 2;
/** How many digits a revision has at most. */
const mostDigits = 16;

/**
 * How objects of one kind stand in the store: JSON with `kind`, `apiVersion` and `metadata` first and without a resourceVersion,
 * which is the revision of the write and so not known before it. It is spliced in where it belongs when the bytes are served, and nothing is decoded
 * for an answer.
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
    const { kind, apiVersion, metadata, status, ...rest } = object;
    const ordered = { ...inOrder(metadata), resourceVersion: undefined };
    return encoder.encode(JSON.stringify({ kind, apiVersion, metadata: ordered, ...rest, status }));
  }

  /** A new object of the stored bytes, with its resourceVersion, which one of a dry run does not have (0); the caller may change it. */
  decode(value: Uint8Array, revision: number): ApiObject {
    const object: ApiObject = JSON.parse(decoder.decode(value));
    if (revision !== 0) object.metadata.resourceVersion = String(revision);
    return object;
  }

  /** Whether the bytes are of this form, so that they can be served by splicing. */
  fits(value: Uint8Array): boolean {
    return continues(value, this.head, 0);
  }

  /** A stored value with its resourceVersion spliced in (0 is none), between two texts of ASCII. */
  served(value: Uint8Array, revision: number, before: string, after: string): Uint8Array<ArrayBuffer> {
    const place = this.placeIn(value);
    const isFirst = place === this.head.length;
    const field = revision === 0 ? '' : isFirst ? `"resourceVersion":"${revision}",` : `,"resourceVersion":"${revision}"`;
    const bytes = new Uint8Array(before.length + value.length + field.length + after.length);
    // All of the value, so that no part of it need be made an array of its own; then its beginning goes to where it belongs, and the field behind it.
    bytes.set(value, before.length + field.length);
    bytes.copyWithin(before.length, before.length + field.length, before.length + field.length + place);
    writeAscii(before, bytes, 0);
    writeAscii(field, bytes, before.length + place);
    writeAscii(after, bytes, bytes.length - after.length);
    return bytes;
  }

  /**
   * Stored values with their resourceVersions spliced in, as the items of a list, between two texts. Items that are not `typed` leave out their kind and
   * apiVersion, which the list tells. Undefined when a value does not fit.
   */
  servedList(entries: readonly Entry[], typed: boolean, before: string, after: string): Uint8Array<ArrayBuffer> | undefined {
    const { head } = this;
    const itemStart = typed ? head : itemHead;
    const [opening, closing] = [encoder.encode(before), encoder.encode(after)];
    const more = itemStart.length + spliced.length + mostDigits + splicedMarks + 1;
    const most = entries.reduce((sum, { value }) => sum + value.length + more, 0);
    const bytes = new Uint8Array(head.length + opening.length + most + closing.length);
    let at = bytes.length - closing.length;
    bytes.set(closing, at);
    // From the last to the first, so that whole values can be copied, as above: what their heads lie over is written later.
    for (let index = entries.length - 1; index >= 0; index--) {
      const entry = entries[index];
      if (entry === undefined) continue;
      at -= entry.value.length;
      bytes.set(entry.value, at);
      // Of the copy, which is at hand: to look into thousands of values spread over the memory takes longer than all else.
      if (!continues(bytes, head, at)) return undefined;
      at = this.splice(bytes, at + head.length, entry.revision) - itemStart.length;
      bytes.set(itemStart, at);
      if (index > 0) bytes[--at] = comma;
    }
    at -= opening.length;
    bytes.set(opening, at);
    return bytes.subarray(at);
  }

  /** Writes the resourceVersion into metadata whose fields begin at `start`, by moving those before it; gives where they begin then. */
  private splice(bytes: Uint8Array, start: number, revision: number): number {
    const place = this.placeIn(bytes, start);
    const length = spliced.length + digitsOf(revision) + splicedMarks;
    bytes.copyWithin(start - length, start, place);
    let at = place;
    if (place === start) bytes[--at] = comma;
    bytes[--at] = quote;
    let rest = revision;
    do {
      bytes[--at] = zero + (rest % 10);
      rest = Math.floor(rest / 10);
    } while (rest > 0);
    at -= spliced.length;
    bytes.set(spliced, at);
    if (place > start) bytes[--at] = comma;
    return start - length;
  }

  /** Where the resourceVersion belongs: behind those of the leading fields that the metadata begins with, whose first field is at `start`. */
  private placeIn(value: Uint8Array, start = this.head.length): number {
    let place = start;
    for (const field of leading) {
      if (place > start && value[place] !== comma) break;
      const from = place > start ? place + 1 : start;
      if (!continues(value, field, from)) continue;
      place = endOfText(value, from + field.length);
    }
    return place;
  }
}

function digitsOf(revision: number): number {
  let digits = 1;
  for (let rest = revision; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  return digits;
}

/** The place behind the quote that ends a text. */
function endOfText(value: Uint8Array, from: number): number {
  const end = value.indexOf(quote, from);
  if (value[end - 1] !== backslash) return end + 1;
  let at = from;
  while (at < value.length && value[at] !== quote) at += value[at] === backslash ? 2 : 1;
  return at + 1;
}

function continues(value: Uint8Array, part: Uint8Array, from: number): boolean {
  for (let index = 0; index < part.length; index++) if (value[from + index] !== part[index]) return false;
  return true;
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
