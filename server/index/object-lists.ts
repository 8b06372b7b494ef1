import type { Labels, ObjectFacts } from './facts.ts';
import type { Found } from './found.ts';

/** What objects are asked for by. Nobody looks through hundreds of others, and whoever asked need not ask again until something changes under his key. */
export const keys = {
  all: 'all',
  namespace: (namespace: string) => `namespace ${namespace}`,
  kind: (kind: string, namespace: string) => `kind ${kind} ${namespace}`,
  name: (kind: string, namespace: string, name: string) => `name ${kind} ${namespace} ${name}`,
  /** Objects that make pods, by one of the labels of those. */
  label: (namespace: string, label: string, value: string) => `label ${namespace} ${label}=${value}`,
  /** Whether there is a file. */
  file: (uri: string) => `file ${uri}`,
};

/** The key of those whose pods carry the first of some labels; fewer may carry all. Without a label there is none. */
export function keyOfLabels(namespace: string, labels: Labels): string | undefined {
  const [first] = Object.entries(labels);
  return first && keys.label(namespace, ...first);
}

/** The keys that an object is found by. */
export function* keysOf({ kind, namespace, name, pod }: ObjectFacts): Iterable<string> {
  yield keys.all;
  yield keys.namespace(namespace);
  yield keys.kind(kind, namespace);
  yield keys.name(kind, namespace, name);
  for (const [label, value] of Object.entries(pod?.labels ?? {})) yield keys.label(namespace, label, value);
}

/** The objects of all files by their keys. Sets take them in and out, lists are handed out and made anew when somebody asks after that. */
export class ObjectLists {
  readonly #sets = new Map<string, Set<Found<ObjectFacts>>>();
  readonly #lists = new Map<string, readonly Found<ObjectFacts>[]>();

  get(key: string): readonly Found<ObjectFacts>[] {
    const known = this.#lists.get(key);
    if (known) return known;
    const list = [...(this.#sets.get(key) ?? [])];
    if (list.length > 0) this.#lists.set(key, list);
    return list;
  }

  add(found: Found<ObjectFacts>): void {
    for (const key of keysOf(found.what)) {
      this.#lists.delete(key);
      const set = this.#sets.get(key);
      if (set) set.add(found);
      else this.#sets.set(key, new Set([found]));
    }
  }

  remove(found: Found<ObjectFacts>): void {
    for (const key of keysOf(found.what)) {
      this.#lists.delete(key);
      const set = this.#sets.get(key);
      set?.delete(found);
      if (set?.size === 0) this.#sets.delete(key);
    }
  }
}
