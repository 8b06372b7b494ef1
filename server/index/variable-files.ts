import { targetOf } from '../kustomize/paths.ts';
import type { ObjectFacts } from './facts.ts';
import type { Found } from './found.ts';

/** The keys that files of variables say, and the generated objects that get them. */
export class VariableFiles {
  readonly #keys = new Map<string, readonly string[]>();
  /** The objects that each file says keys of: thousands of generators may name a file each. */
  readonly #objects = new Map<string, Set<Found<ObjectFacts>>>();
  /** The files of each object; undefined for what lies elsewhere than in the workspace. */
  readonly #files = new Map<Found<ObjectFacts>, readonly (string | undefined)[]>();

  /** Takes in an object, which most often has no keys from files. */
  add(found: Found<ObjectFacts>): void {
    if (!found.what.variables) return;
    const files = found.what.variables.map((path) => targetOf(path, found.uri));
    this.#files.set(found, files);
    for (const uri of files) {
      if (uri === undefined) continue;
      const objects = this.#objects.get(uri);
      if (objects) objects.add(found);
      else this.#objects.set(uri, new Set([found]));
    }
  }

  remove(found: Found<ObjectFacts>): void {
    for (const uri of this.#files.get(found) ?? []) {
      if (uri === undefined) continue;
      const objects = this.#objects.get(uri);
      objects?.delete(found);
      if (objects?.size === 0) this.#objects.delete(uri);
    }
    this.#files.delete(found);
  }

  /** Takes in the keys of a file, undefined when it cannot be read. The objects that have others now are given back. */
  save(uri: string, keys: readonly string[] | undefined): readonly Found<ObjectFacts>[] {
    if (JSON.stringify(this.#keys.get(uri)) === JSON.stringify(keys)) return [];
    if (keys) this.#keys.set(uri, keys);
    else this.#keys.delete(uri);
    return [...(this.#objects.get(uri) ?? [])];
  }

  /** Objects with the keys that files of variables say; without any while one of these files is not known. */
  withKeys(list: readonly Found<ObjectFacts>[]): readonly Found<ObjectFacts>[] {
    if (!list.some((found) => this.#files.has(found))) return list;
    return list.map((found) => {
      const named = this.#files.get(found);
      if (!named) return found;
      const { variables, keys: own = [], ...what } = found.what;
      const files = named.map((uri) => this.#keys.get(uri ?? ''));
      const all = files.flatMap((keys) => keys ?? []);
      return { ...found, what: files.every((keys) => keys !== undefined) ? { ...what, keys: [...own, ...all] } : what };
    });
  }
}
