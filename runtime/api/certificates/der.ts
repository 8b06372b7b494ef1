/** A value of ASN.1 in its binary form. */
export interface DerElement {
  readonly tag: number;
  /** With its head. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

export const derSequence = 0x30;
export const derInteger = 0x02;
export const derBitString = 0x03;
export const derObjectId = 0x06;

/** The text is Go's. */
export class DerError extends Error {
  constructor(detail = 'asn1: syntax error: data truncated') {
    super(detail);
  }
}

/** Values that follow one another. @throws DerError */
export function derElements(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

function elementAt(bytes: Uint8Array, start: number): DerElement {
  const tag = bytes[start] ?? 0;
  const first = bytes[start + 1];
  if (first === undefined) throw new DerError();
  let length = first;
  let begin = start + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0) throw new DerError('asn1: syntax error: indefinite length found (not DER)');
    if (count > 4) throw new DerError('asn1: structure error: length too large');
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[begin + index] ?? 0);
    begin += count;
  }
  if (begin + length > bytes.length) throw new DerError();
  return { tag, whole: bytes.subarray(start, begin + length), content: bytes.subarray(begin, begin + length) };
}

/** The parts of a sequence that begins with parts of these kinds. @throws DerError */
export function derParts(element: DerElement | undefined, ...tags: readonly number[]): DerElement[] {
  if (element === undefined) throw new DerError('asn1: syntax error: sequence truncated');
  if (element.tag !== derSequence) throw new DerError("asn1: structure error: tags don't match");
  const parts = derElements(element.content);
  for (const [index, tag] of tags.entries()) {
    const part = parts[index];
    if (part === undefined) throw new DerError('asn1: syntax error: sequence truncated');
    if (part.tag !== tag) throw new DerError("asn1: structure error: tags don't match");
  }
  return parts;
}

/** Whether an object identifier is the one with these bytes. */
export function isObjectId(element: DerElement | undefined, bytes: readonly number[]): boolean {
  if (element?.tag !== derObjectId || element.content.length !== bytes.length) return false;
  return bytes.every((byte, index) => element.content[index] === byte);
}
