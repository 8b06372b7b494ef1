import type { Environment } from './environment.ts';

/** So many characters of documents take about as long as nobody notices, on a slow machine too. */
const charactersOfDocuments = 16 * 1024;

/** Lets others have their turn in the middle of long work. */
export class Turns {
  readonly #environment: Pick<Environment, 'after'>;
  readonly #stride: number;
  #fresh = 0;

  /** @param stride how many characters are looked into before others get their turn */
  constructor(environment: Pick<Environment, 'after'>, stride = charactersOfDocuments) {
    this.#environment = environment;
    this.#stride = stride;
  }

  /** Counts characters that are looked into, and waits when there have been many. Whether it has waited. */
  async take(length: number): Promise<boolean> {
    this.#fresh += length;
    if (this.#fresh < this.#stride) return false;
    this.#fresh = 0;
    await new Promise<void>((resolve) => void this.#environment.after(0, resolve));
    return true;
  }
}
