import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { Random } from '../../simulation/random.ts';
import type { NodeInfo } from './node-info.ts';
import type { Plugin, Rejection } from './plugin.ts';

/** What a plugin said of a node. */
export interface Verdict extends Rejection {
  readonly plugin: string;
}

/** The nodes looked at for one pod: those that fit, and why the others do not. */
export interface FilterResult {
  readonly feasible: readonly NodeInfo[];
  readonly rejected: ReadonlyMap<string, Verdict>;
}

/** Runs the plugins at their points, in the order they are configured. */
export class Framework {
  readonly #plugins: readonly Plugin[];
  readonly #random: Random;

  constructor(plugins: readonly Plugin[], random: Random) {
    this.#plugins = plugins;
    this.#random = random;
  }

  /** Sorts the nodes into those that can take the pod and those that cannot; of each of the latter the first plugin that rejects it speaks. */
  filter(pod: Pod, nodes: readonly NodeInfo[]): FilterResult {
    const prepared = this.#prepare(pod, nodes);
    const feasible: NodeInfo[] = [];
    const rejected = new Map<string, Verdict>();
    for (const node of nodes) {
      const verdict = this.#verdict(pod, node, prepared);
      if (verdict) rejected.set(node.name, verdict);
      else feasible.push(node);
    }
    return { feasible, rejected };
  }

  /** Whether the pod fits on this one node, as it stands in `nodes`. */
  fits(pod: Pod, node: NodeInfo, nodes: readonly NodeInfo[]): boolean {
    return this.#verdict(pod, node, this.#prepare(pod, nodes)) === undefined;
  }

  /** The best of the nodes; among equals chance decides. */
  select(pod: Pod, feasible: readonly NodeInfo[], all: readonly NodeInfo[]): NodeInfo | undefined {
    if (feasible.length <= 1) return feasible[0];
    const prepared = this.#prepare(pod, all);
    const totals = new Array<number>(feasible.length).fill(0);
    for (const plugin of this.#plugins) {
      if (!plugin.score) continue;
      const scores = feasible.map((node) => plugin.score?.(pod, node, prepared.get(plugin)) ?? 0);
      plugin.normalize?.(scores);
      for (const [i, score] of scores.entries()) totals[i] = (totals[i] ?? 0) + score * (plugin.weight ?? 1);
    }
    const best = Math.max(...totals);
    const winners = feasible.filter((_, i) => totals[i] === best);
    return winners[Math.floor(this.#random.next() * winners.length)];
  }

  #prepare(pod: Pod, nodes: readonly NodeInfo[]): Map<Plugin, unknown> {
    const prepared = new Map<Plugin, unknown>();
    for (const plugin of this.#plugins) if (plugin.prepare) prepared.set(plugin, plugin.prepare(pod, nodes));
    return prepared;
  }

  #verdict(pod: Pod, node: NodeInfo, prepared: ReadonlyMap<Plugin, unknown>): Verdict | undefined {
    for (const plugin of this.#plugins) {
      const rejection = plugin.filter?.(pod, node, prepared.get(plugin));
      if (rejection) return { plugin: plugin.name, ...rejection };
    }
    return undefined;
  }
}
