/**
 * The way to a field: `spec.containers[0].image`. A step is a small link to its parent; text is made only when an error needs it,
 * because most objects have none.
 */
export class Path {
  readonly #parent: Path | undefined;
  readonly #name: string;
  readonly #index: string | number | undefined;

  private constructor(parent: Path | undefined, name: string, index: string | number | undefined) {
    this.#parent = parent;
    this.#name = name;
    this.#index = index;
  }

  static of(name: string, ...names: readonly string[]): Path {
    return new Path(undefined, name, undefined).child(...names);
  }

  /** A named field below this one. */
  child(...names: readonly string[]): Path {
    let path: Path = this;
    for (const name of names) path = new Path(path, name, undefined);
    return path;
  }

  /** Another field of the object that this one is a field of. */
  sibling(name: string): Path {
    return new Path(this.#parent, name, undefined);
  }

  /** An element of the list that this path names. */
  index(index: number): Path {
    return new Path(this, '', index);
  }

  /** An entry of the map that this path names. */
  key(key: string): Path {
    return new Path(this, '', key);
  }

  toString(): string {
    // Upstream writes a name that is empty as an index, which is empty too.
    return this.#parent === undefined && this.#index === undefined && this.#name === '' ? '[]' : this.#text();
  }

  #text(): string {
    const before = this.#parent === undefined ? '' : this.#parent.#text();
    if (this.#index !== undefined) return `${before}[${this.#index}]`;
    return before === '' ? this.#name : `${before}.${this.#name}`;
  }
}

/** The object itself. */
export const root = Path.of('');
