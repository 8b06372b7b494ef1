import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { NodeInfo } from './node-info.ts';
import type { Nominator } from './nominator.ts';
import type { NodeFilter, Rejection } from './plugin.ts';
import { priorityOf, uidOf } from './pods.ts';

/** What a plugin said of a node. */
export interface Verdict extends Rejection {
  readonly plugin: string;
}

/** A plugin's filter under the plugin's name. */
export interface NamedFilter {
  readonly plugin: string;
  readonly filter: NodeFilter;
}

/** The filters that have something to say on one pod, in the order of their plugins. */
export class PodFilters {
  readonly #pod: Pod;
  readonly #filters: readonly NamedFilter[];
  readonly #nominator: Nominator;

  constructor(pod: Pod, filters: readonly NamedFilter[], nominator: Nominator) {
    this.#pod = pod;
    this.#filters = filters;
    this.#nominator = nominator;
  }

  /**
   * Whether the pod fits on the node; the first plugin that rejects it speaks. It must fit whether or not the pods that others
   * were evicted for, and that are no less important, come to the node. Upstream: `RunFilterPluginsWithNominatedPods`.
   */
  check(node: NodeInfo): Verdict | undefined {
    const expected = [...this.#nominator.podsOn(node.name)].filter(
      (other) => uidOf(other) !== uidOf(this.#pod) && priorityOf(other) >= priorityOf(this.#pod),
    );
    if (expected.length > 0) {
      const trial = this.#copy();
      const crowded = node.copy();
      for (const other of expected) trial.move(crowded, other, 1);
      const verdict = trial.#verdict(crowded);
      if (verdict) return verdict;
    }
    return this.#verdict(node);
  }

  /** A trial on a copy of the node; `move` changes both together and nothing else. */
  trial(node: NodeInfo): { readonly filters: PodFilters; readonly node: NodeInfo } {
    return { filters: this.#copy(), node: node.copy() };
  }

  /** Lets another pod come to the node (1) or leave it (-1). */
  move(node: NodeInfo, other: Pod, by: 1 | -1): void {
    if (by === 1) node.add(other);
    else node.remove(uidOf(other));
    for (const { filter } of this.#filters) filter.adjust?.(node, other, by);
  }

  #verdict(node: NodeInfo): Verdict | undefined {
    for (const { plugin, filter } of this.#filters) {
      const rejection = filter.check(node);
      if (rejection) return { plugin, ...rejection };
    }
    return undefined;
  }

  #copy(): PodFilters {
    const filters = this.#filters.map(({ plugin, filter }) => ({ plugin, filter: filter.copy?.() ?? filter }));
    return new PodFilters(this.#pod, filters, this.#nominator);
  }
}
