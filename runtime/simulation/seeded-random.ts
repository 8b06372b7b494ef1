import type { Random } from './random.ts';

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Makes a source of chance that gives the same run for the same seed (sfc32). */
export function createSeededRandom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = seed | 0;
  const word = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // Seeds that lie close together start alike; some rounds take them apart.
  for (let i = 0; i < 15; i++) word();

  const bytes = (length: number) => Uint8Array.from({ length }, () => word() & 0xff);
  return {
    next: () => word() / 0x1_0000_0000,
    uuid() {
      const raw = bytes(16);
      raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40;
      raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80;
      const hex = [...raw].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
    suffix: (length) => Array.from({ length }, () => letters[word() % letters.length]).join(''),
    bytes,
  };
}
