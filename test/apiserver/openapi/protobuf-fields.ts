import { expect } from 'vitest';

/** Length-delimited fields of a protobuf message, by number. */
export function fieldsOf(bytes: Uint8Array | undefined): Map<number, Uint8Array[]> {
  const fields = new Map<number, Uint8Array[]>();
  if (bytes === undefined) return fields;
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if ((tag & 7) === 0) varint();
    else {
      const size = varint();
      fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), bytes.subarray(at, at + size)]);
      at += size;
    }
  }
  expect(at).toBe(bytes.length);
  return fields;
}

/** The text of a field. */
export function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

/** The entries of a message that holds names and values. */
export function namedIn(bytes: Uint8Array | undefined): [string, Uint8Array | undefined][] {
  return (fieldsOf(bytes).get(1) ?? []).map(fieldsOf).map((entry) => [text(entry.get(1)?.[0]), entry.get(2)?.[0]]);
}
