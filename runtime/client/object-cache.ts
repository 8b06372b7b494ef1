import type { KubeObject } from '../api/object.ts';
import { keyOf, namespaceOf } from './object-key.ts';

/** Under which keys an index files an object; none: it is not in the index. */
export type IndexFunction<T> = (object: T) => readonly string[];

/** Reads of a cache. Objects are shared by all readers and must never be written to. */
export interface Lister<T extends KubeObject> {
  get(namespace: string | undefined, name: string): T | undefined;
  /** All objects, or those of one namespace, or those whose labels `matches` accepts. */
  list(namespace?: string, matches?: (labels: Readonly<Record<string, string>>) => boolean): T[];
  /** What an index files under a key. Throws RangeError for an index nobody added. */
  byIndex(index: string, key: string): T[];
  readonly size: number;
}

/** Objects by key with any number of indexes, each kept up as objects come and go. */
export class ObjectCache<T extends KubeObject> implements Lister<T> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>([['namespace', new Index<T>((object) => [namespaceOf(object)])]]);

  get size(): number {
    return this.#objects.size;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.getByKey(namespace === undefined || namespace === '' ? name : `${namespace}/${name}`);
  }

  getByKey(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(namespace?: string, matches?: (labels: Readonly<Record<string, string>>) => boolean): T[] {
    const all = namespace === undefined || namespace === '' ? [...this.#objects.values()] : this.byIndex('namespace', namespace);
    return matches === undefined ? all : all.filter((object) => matches(object.metadata?.labels ?? noLabels));
  }

  byIndex(index: string, key: string): T[] {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new RangeError(`there is no index ${index}`);
    return found.get(key);
  }

  /** Adds an index; of several with one name the first stays. */
  addIndex(name: string, keysOf: IndexFunction<T>): void {
    if (this.#indexes.has(name)) return;
    const index = new Index(keysOf);
    for (const [key, object] of this.#objects) index.add(key, object);
    this.#indexes.set(name, index);
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys();
  }

  /** Stores an object; gives the one it replaces. */
  set(object: T): T | undefined {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) {
      if (previous !== undefined) index.remove(key, previous);
      index.add(key, object);
    }
    return previous;
  }

  /** Removes what stands under a key; gives it. */
  remove(key: string): T | undefined {
    const previous = this.#objects.get(key);
    if (previous === undefined) return undefined;
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) index.remove(key, previous);
    return previous;
  }
}

const noLabels: Readonly<Record<string, string>> = Object.freeze({});

class Index<T> {
  readonly #keysOf: IndexFunction<T>;
  readonly #objects = new Map<string, Map<string, T>>();

  constructor(keysOf: IndexFunction<T>) {
    this.#keysOf = keysOf;
  }

  get(indexKey: string): T[] {
    return [...(this.#objects.get(indexKey)?.values() ?? [])];
  }

  add(key: string, object: T): void {
    for (const indexKey of this.#keysOf(object)) {
      const bucket = this.#objects.get(indexKey);
      if (bucket === undefined) this.#objects.set(indexKey, new Map([[key, object]]));
      else bucket.set(key, object);
    }
  }

  remove(key: string, object: T): void {
    for (const indexKey of this.#keysOf(object)) {
      const bucket = this.#objects.get(indexKey);
      if (bucket?.delete(key) && bucket.size === 0) this.#objects.delete(indexKey);
    }
  }
}
