const maxBytes = 128;
const plain = /^[\x20-\x7e]*$/;
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/**
 * The manager of fields when none is named: what stands before the slash in the user agent, as far as it can be printed and there is room. A header's
 * characters are its bytes. Follows upstream's `prefixFromUserAgent`.
 */
export function managerOf(userAgent: string | null): string {
  const prefix = (userAgent ?? '').split('/', 1)[0] ?? '';
  if (plain.test(prefix)) return prefix.slice(0, maxBytes) || 'unknown';
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(prefix, (byte) => byte.charCodeAt(0)));
  const encoder = new TextEncoder();
  let manager = '';
  let bytes = 0;
  for (const character of text) {
    if (unprintable.test(character)) continue;
    bytes += encoder.encode(character).length;
    if (bytes > maxBytes) break;
    manager += character;
  }
  return manager || 'unknown';
}
