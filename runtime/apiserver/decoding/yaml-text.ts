import { YamlFault } from './yaml-fault.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const marks: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
];

/** What go-yaml takes: of the control characters tab, the ends of lines and U+0085, and no half of a pair. */
const unprintable = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** Ends of lines that are read as `\n` wherever they stand. */
const otherBreaks = /\r(?!\n)|\x85/g;

/**
 * The text of a body of YAML, with lines that end in `\n` or `\r\n`. It is UTF-8, or UTF-16 if it begins with that mark. Follows go-yaml's `readerc.go`.
 *
 * @throws YamlFault for bytes that are no text and for characters that YAML has not
 */
export function yamlText(body: Uint8Array): string {
  const [encoding, mark] = marks.find(([, bytes]) => bytes.every((byte, index) => body[index] === byte)) ?? ['utf-8', []];
  const bytes = body.subarray(mark.length);
  const text = decoded(bytes, encoding);
  if (text === undefined || unprintable.test(text)) {
    const points = encoding === 'utf-8' ? pointsOfUtf8(bytes) : pointsOfUtf16(bytes, encoding === 'utf-16le');
    for (const point of points) {
      if (unprintable.test(String.fromCodePoint(point))) throw new YamlFault('yaml: control characters are not allowed');
    }
  }
  return (text ?? '').replace(otherBreaks, '\n');
}

function decoded(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function fault(why: string): YamlFault {
  return new YamlFault(`yaml: ${why}`);
}

/** The smallest character that is written in so many bytes. */
const smallest = [0, 0, 0x80, 0x800, 0x10000];

/** Every character up to the first that is none, which throws. */
function* pointsOfUtf8(bytes: Uint8Array): Generator<number> {
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const width = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 0;
    if (width === 0) throw fault('invalid leading UTF-8 octet');
    if (at + width > bytes.length) throw fault('incomplete UTF-8 octet sequence');
    let point = width === 1 ? lead : lead & (0x7f >> width);
    for (const trail of bytes.subarray(at + 1, at + width)) {
      if ((trail & 0xc0) !== 0x80) throw fault('invalid trailing UTF-8 octet');
      point = (point << 6) | (trail & 0x3f);
    }
    if (point < (smallest[width] ?? 0)) throw fault('invalid length of a UTF-8 sequence');
    if ((point >= 0xd800 && point < 0xe000) || point > 0x10ffff) throw fault('invalid Unicode character');
    yield point;
    at += width;
  }
}

function* pointsOfUtf16(bytes: Uint8Array, isLittleEndian: boolean): Generator<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += 2) {
    if (at + 2 > bytes.length) throw fault('incomplete UTF-16 character');
    const unit = view.getUint16(at, isLittleEndian);
    if ((unit & 0xfc00) === 0xdc00) throw fault('unexpected low surrogate area');
    if ((unit & 0xfc00) !== 0xd800) {
      yield unit;
      continue;
    }
    at += 2;
    if (at + 2 > bytes.length) throw fault('incomplete UTF-16 surrogate pair');
    const low = view.getUint16(at, isLittleEndian);
    if ((low & 0xfc00) !== 0xdc00) throw fault('expected low surrogate area');
    yield 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
  }
}
