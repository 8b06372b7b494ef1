/** The only source of chance in the cluster, so that a run can be repeated from its seed. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A version 4 UUID. */
  uuid(): string;
  /** `length` letters and digits without vowels, as upstream's `rand.String` makes for names. */
  suffix(length: number): string;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
}

/** Letters and digits of generated names: no vowels and nothing that looks like another, as in apimachinery's `util/rand`. */
export const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
