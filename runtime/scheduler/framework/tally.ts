/** Counts things that are the same by their key. */
export class Tally<T extends { readonly key: string }> {
  readonly #counts = new Map<string, { readonly item: T; count: number }>();

  get empty(): boolean {
    return this.#counts.size === 0;
  }

  add(item: T): void {
    const known = this.#counts.get(item.key);
    if (known) known.count++;
    else this.#counts.set(item.key, { item, count: 1 });
  }

  remove(item: T): void {
    const known = this.#counts.get(item.key);
    if (known && --known.count === 0) this.#counts.delete(item.key);
  }

  /** Each thing with how often it is there. */
  entries(): Iterable<{ readonly item: T; readonly count: number }> {
    return this.#counts.values();
  }
}
