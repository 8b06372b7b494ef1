import type { Environment } from './environment.ts';

/** So many characters are looked into before others get their turn: about as long as nobody notices, on a slow machine too. */
const stride = 16 * 1024;

/** Lets others have their turn in the middle of long work. */
export class Turns {
  readonly #environment: Pick<Environment, 'after'>;
  #fresh = 0;

  constructor(environment: Pick<Environment, 'after'>) {
    this.#environment = environment;
  }

  /** Counts characters that are looked into, and waits when there have been many. Whether it has waited. */
  async take(length: number): Promise<boolean> {
    this.#fresh += length;
    if (this.#fresh < stride) return false;
    this.#fresh = 0;
    await new Promise<void>((resolve) => void this.#environment.after(0, resolve));
    return true;
  }
}
