import { expect, test } from 'vitest';
import { shorten } from '../../runtime/scheduler/pod-reports.ts';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

test.each([
  ['what fits', 'a'.repeat(1024), 'a'.repeat(1024)],
  ['letters of one byte', 'a'.repeat(1025), `${'a'.repeat(1020)} ...`],
  ['letters of two bytes that fit', 'ä'.repeat(512), 'ä'.repeat(512)],
  ['letters of two bytes', 'ä'.repeat(513), `${'ä'.repeat(510)} ...`],
  ['letters of four bytes, none of them in two', `aa${'😀'.repeat(400)}`, `aa${'😀'.repeat(254)} ...`],
])('a note is cut to 1,024 bytes: %s', (_, message, note) => {
  expect(shorten(message)).toBe(note);
  expect(bytes(note)).toBeLessThanOrEqual(1024);
});
