import type { NodeInfo } from '../framework/node-info.ts';

/** Numbers by topology domain: a node label's key with one of its values. */
export class TopologyCounts {
  readonly #counts: Map<string, Map<string, number>>;

  constructor(counts: Map<string, Map<string, number>> = new Map()) {
    this.#counts = counts;
  }

  /** Whether nothing was counted, or all of it was taken away again. */
  get empty(): boolean {
    return this.#counts.size === 0;
  }

  /** Adds to the domain the node is in; nothing when it lacks the label. */
  add(node: NodeInfo, key: string, by: number): void {
    const value = node.labels[key];
    if (value === undefined || by === 0) return;
    const values = this.#counts.get(key) ?? new Map<string, number>();
    const count = (values.get(value) ?? 0) + by;
    if (count === 0) values.delete(value);
    else values.set(value, count);
    if (values.size === 0) this.#counts.delete(key);
    else this.#counts.set(key, values);
  }

  /** The number of the node's domain. */
  get(node: NodeInfo, key: string): number {
    const value = node.labels[key];
    return value === undefined ? 0 : (this.#counts.get(key)?.get(value) ?? 0);
  }

  /** The keys that were counted by. */
  keys(): Iterable<string> {
    return this.#counts.keys();
  }

  copy(): TopologyCounts {
    return new TopologyCounts(new Map([...this.#counts].map(([key, values]) => [key, new Map(values)])));
  }
}
