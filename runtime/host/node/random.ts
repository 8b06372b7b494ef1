import { randomBytes, randomUUID } from 'node:crypto';
import { nameAlphabet, type Random } from '../../simulation/random.ts';

/** Chance from the operating system. */
export function createSystemRandom(): Random {
  return {
    next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    uuid: () => randomUUID(),
    suffix: (length) => Array.from(randomBytes(length), (byte) => nameAlphabet.charAt(byte % nameAlphabet.length)).join(''),
    bytes: (length) => new Uint8Array(randomBytes(length)),
  };
}
