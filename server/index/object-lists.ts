import type { Labels, ObjectFacts } from './facts.ts';
import type { Found } from './workspace-index.ts';

/** The objects of all files, listed by what is asked for: nobody looks through hundreds of others. */
export class ObjectLists {
  readonly #namespaces = new Lists();
  readonly #kinds = new Lists();
  readonly #names = new Lists();
  /** Objects that make pods, by each label of those. */
  readonly #labels = new Lists();

  add(found: Found<ObjectFacts>): void {
    for (const [lists, key] of this.#placesOf(found.what)) lists.add(key, found);
  }

  remove(found: Found<ObjectFacts>): void {
    for (const [lists, key] of this.#placesOf(found.what)) lists.remove(key, found);
  }

  inNamespace(namespace: string): readonly Found<ObjectFacts>[] {
    return this.#namespaces.get(namespace);
  }

  ofKind(kind: string, namespace: string): readonly Found<ObjectFacts>[] {
    return this.#kinds.get(`${kind} ${namespace}`);
  }

  named(kind: string, namespace: string, name: string): readonly Found<ObjectFacts>[] {
    return this.#names.get(`${kind} ${namespace} ${name}`);
  }

  /** Those whose pods carry the first of some labels; fewer may carry all. */
  labelled(namespace: string, labels: Labels): readonly Found<ObjectFacts>[] {
    const [first] = Object.entries(labels);
    return first ? this.#labels.get(labelKey(namespace, ...first)) : [];
  }

  all(): readonly Found<ObjectFacts>[] {
    return this.#namespaces.all();
  }

  *#placesOf({ kind, namespace, name, pod }: ObjectFacts): Iterable<readonly [Lists, string]> {
    yield [this.#namespaces, namespace];
    yield [this.#kinds, `${kind} ${namespace}`];
    yield [this.#names, `${kind} ${namespace} ${name}`];
    for (const [label, value] of Object.entries(pod?.labels ?? {})) yield [this.#labels, labelKey(namespace, label, value)];
  }
}

function labelKey(namespace: string, label: string, value: string): string {
  return `${namespace} ${label}=${value}`;
}

/** Objects by some key. Sets take them in and out, lists are handed out and made anew when somebody asks after that. */
class Lists {
  readonly #sets = new Map<string, Set<Found<ObjectFacts>>>();
  readonly #lists = new Map<string, readonly Found<ObjectFacts>[]>();

  get(key: string): readonly Found<ObjectFacts>[] {
    const known = this.#lists.get(key);
    if (known) return known;
    const list = [...(this.#sets.get(key) ?? [])];
    if (list.length > 0) this.#lists.set(key, list);
    return list;
  }

  all(): readonly Found<ObjectFacts>[] {
    return [...this.#sets.values()].flatMap((set) => [...set]);
  }

  add(key: string, found: Found<ObjectFacts>): void {
    this.#lists.delete(key);
    const set = this.#sets.get(key);
    if (set) set.add(found);
    else this.#sets.set(key, new Set([found]));
  }

  remove(key: string, found: Found<ObjectFacts>): void {
    this.#lists.delete(key);
    const set = this.#sets.get(key);
    set?.delete(found);
    if (set?.size === 0) this.#sets.delete(key);
  }
}
