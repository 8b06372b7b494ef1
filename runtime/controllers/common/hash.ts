const safeLetters = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A short text for the contents of a value, the same for equal values whatever the order of their fields: 32 bits of FNV-1a, written in
 * upstream's letters that spell no words. `salt` gives another text for the same value.
 */
export function contentHash(value: unknown, salt?: number): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(canonical(value) + (salt === undefined ? '' : `#${salt}`))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => safeLetters[digit.charCodeAt(0) % safeLetters.length]).join('');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
