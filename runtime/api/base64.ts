/** Bytes as text, as JSON carries them. */

const whole = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Why a text is not base64, in the words of Go's decoder, or nothing. Line breaks are passed over, as there. */
export function base64Problem(text: string): string | undefined {
  if (whole.test(text)) return undefined;
  return firstBadByte(text);
}

/** Finds the byte that Go would complain of; it looks at four characters at a time. What comes before it is ASCII, so that bytes are characters. */
function firstBadByte(text: string): string | undefined {
  const problem = (at: number): string => `illegal base64 data at input byte ${at}`;
  let inGroup = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\n' || character === '\r') continue;
    if (/[A-Za-z0-9+/]/.test(character)) {
      inGroup = (inGroup + 1) % 4;
      continue;
    }
    if (character !== '=' || inGroup < 2) return problem(at);
    let next = afterLineBreaks(text, at + 1);
    if (inGroup === 2) {
      if (next === text.length) return problem(next);
      if (text[next] !== '=') return problem(next - 1);
      next = afterLineBreaks(text, next + 1);
    }
    return next === text.length ? undefined : problem(next);
  }
  return inGroup === 0 ? undefined : problem(text.length - inGroup);
}

function afterLineBreaks(text: string, at: number): number {
  while (text[at] === '\n' || text[at] === '\r') at++;
  return at;
}

/** A valid text as Go writes it again: without line breaks, and without bits behind the last byte. */
export function canonicalBase64(text: string): string {
  const joined = text.replace(/[\r\n]/g, '');
  return joined.endsWith('=') ? joined.slice(0, -4) + toBase64(base64Bytes(joined.slice(-4))) : joined;
}

/** Number of bytes a valid text stands for. */
export function base64Size(text: string): number {
  let padding = 0;
  if (text.endsWith('==')) padding = 2;
  else if (text.endsWith('=')) padding = 1;
  return (text.length / 4) * 3 - padding;
}

/** The bytes of a valid text. */
export function base64Bytes(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Writes bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // A spread would read the bytes one by one through their iterator, fifty times as slowly.
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, start + 0x8000));
  }
  return btoa(binary);
}
