/** So many changes are remembered: more than are made between two checks of a file. */
const limit = 256;

/** What has changed lately, by the keys that it is asked for by. */
export class Changes {
  #generation = 0;
  /** The last one led to the present generation. */
  readonly #recent: ReadonlySet<string>[] = [];
  /** All that has changed since a generation: many ask about the same one. */
  #changed: { readonly since: number; readonly generation: number; readonly keys: ReadonlySet<string> } | undefined;

  /** Goes up with every change. */
  get generation(): number {
    return this.#generation;
  }

  add(keys: ReadonlySet<string>): void {
    this.#generation++;
    this.#recent.push(keys);
    if (this.#recent.length > limit) this.#recent.shift();
  }

  /** Whether something has changed under one of the keys since a generation. What was long ago is forgotten: then it is taken for changed. */
  concern(asked: ReadonlySet<string>, since: number): boolean {
    const newer = this.#generation - since;
    if (newer > this.#recent.length) return true;
    if (newer === 0) return false;
    if (this.#changed?.since !== since || this.#changed.generation !== this.#generation) {
      const keys = new Set(this.#recent.slice(-newer).flatMap((each) => [...each]));
      this.#changed = { since, generation: this.#generation, keys };
    }
    for (const key of asked) if (this.#changed.keys.has(key)) return true;
    return false;
  }
}
