const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loose = new TextDecoder('utf-8', { ignoreBOM: true });
const replacement = '\ufffd';

/** Bytes as the text that Go makes of them: every byte that is no UTF-8 is a replacement character of its own, where decoders of the web count several as one. */
export function goText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return loose.decode(replaced(bytes));
  }
}

/** Written anew, with the replacement in place of each byte that belongs to no character. */
function replaced(bytes: Uint8Array): Uint8Array {
  const [first = 0, second = 0, third = 0] = new TextEncoder().encode(replacement);
  const result = new Uint8Array(bytes.length * 3);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const width = widthAt(bytes, at);
    if (width === 0) {
      result.set([first, second, third], length);
      length += 3;
      at++;
    } else {
      result.set(bytes.subarray(at, at + width), length);
      length += width;
      at += width;
    }
  }
  return result.subarray(0, length);
}

/** How many bytes the character that begins there has; 0 when none does. */
function widthAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const width = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (width === 0 || at + width > bytes.length) return 0;
  for (let index = 1; index < width; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  // Longer than it has to be, half of a pair, or beyond the last character.
  if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f)) return 0;
  return (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f) ? 0 : width;
}
