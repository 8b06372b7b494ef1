import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { Random } from '../../simulation/random.ts';
import type { NodeInfo } from './node-info.ts';
import type { Nominator } from './nominator.ts';
import type { Plugin, Rejection } from './plugin.ts';
import { type NamedFilter, PodFilters } from './pod-filters.ts';

/** The nodes looked at for one pod: those that fit, and why the others do not. */
export interface FilterResult {
  readonly feasible: readonly NodeInfo[];
  /** By the name of the node. */
  readonly rejected: ReadonlyMap<string, Rejection>;
  /** What holds for every node that is neither feasible nor rejected by itself. */
  readonly others?: Rejection;
  /** Why the pod can go to no node at all, whatever the nodes are like. */
  readonly general?: Rejection;
  /** The plugins that stand in the way. */
  readonly plugins: ReadonlySet<string>;
  /** For trials with other pods on the nodes; undefined when there is a general reason. */
  readonly filters?: PodFilters;
}

/** So many fitting nodes are enough to choose from, at least. */
const minFeasible = 100;

/** Runs the plugins at their points, in the order they are configured. */
export class Framework {
  readonly #plugins: readonly Plugin[];
  readonly #random: Random;
  readonly #nominator: Nominator;
  /** Where the next search through the nodes starts, so that all of a large cluster get their turn. */
  #start = 0;

  constructor(plugins: readonly Plugin[], random: Random, nominator: Nominator) {
    this.#plugins = plugins;
    this.#random = random;
    this.#nominator = nominator;
  }

  /**
   * Sorts the nodes into those that can take the pod and those that cannot. In large clusters the search ends when there are enough.
   * @param preferred a node that is taken alone when it fits: the one others were evicted from for this pod
   */
  filter(pod: Pod, nodes: readonly NodeInfo[], preferred?: NodeInfo): FilterResult {
    const named: NamedFilter[] = [];
    let names: ReadonlySet<string> | undefined;
    const choosy: string[] = [];
    for (const plugin of this.#plugins) {
      const filter = plugin.filter?.(pod, nodes);
      if (!filter) continue;
      if ('reasons' in filter) return { feasible: [], rejected: new Map(), general: filter, plugins: new Set([plugin.name]) };
      named.push({ plugin: plugin.name, filter });
      const only = filter.nodes;
      if (only === undefined) continue;
      names = names === undefined ? only : new Set([...names].filter((name) => only.has(name)));
      choosy.push(plugin.name);
    }
    const filters = new PodFilters(pod, named, this.#nominator);
    if (preferred && names?.has(preferred.name) !== false && !filters.check(preferred)) {
      return { feasible: [preferred], rejected: new Map(), plugins: new Set(), filters };
    }
    const candidates = names === undefined ? nodes : nodes.filter((node) => names.has(node.name));
    const result = this.#search(filters, candidates);
    if (names === undefined) return { ...result, filters };
    for (const plugin of choosy) result.plugins.add(plugin);
    return { ...result, filters, others: { reasons: [`node(s) didn't satisfy plugin(s) [${choosy.join(' ')}]`], unresolvable: true } };
  }

  /** The best of the nodes; among equals chance decides. */
  select(pod: Pod, feasible: readonly NodeInfo[], all: readonly NodeInfo[]): NodeInfo | undefined {
    if (feasible.length <= 1) return feasible[0];
    const totals = new Array<number>(feasible.length).fill(0);
    for (const plugin of this.#plugins) {
      const scorer = plugin.score?.(pod, all, feasible);
      if (!scorer) continue;
      const scores = feasible.map((node) => scorer.score(node));
      scorer.normalize?.(scores, feasible);
      for (const [i, score] of scores.entries()) totals[i] = (totals[i] ?? 0) + score * (plugin.weight ?? 1);
    }
    const best = Math.max(...totals);
    const winners = feasible.filter((_, i) => totals[i] === best);
    return winners[Math.floor(this.#random.next() * winners.length)];
  }

  #search(filters: PodFilters, nodes: readonly NodeInfo[]) {
    const enough = feasibleToFind(nodes.length);
    const feasible: NodeInfo[] = [];
    const rejected = new Map<string, Rejection>();
    const plugins = new Set<string>();
    let seen = 0;
    for (; seen < nodes.length && feasible.length < enough; seen++) {
      const node = nodes[(this.#start + seen) % nodes.length];
      if (!node) continue;
      const verdict = filters.check(node);
      if (!verdict) {
        feasible.push(node);
        continue;
      }
      rejected.set(node.name, verdict);
      plugins.add(verdict.plugin);
    }
    if (nodes.length > 0) this.#start = (this.#start + seen) % nodes.length;
    return { feasible, rejected, plugins };
  }
}

/** Half of the nodes, less in very large clusters. Upstream: `numFeasibleNodesToFind`. */
function feasibleToFind(nodes: number): number {
  if (nodes < minFeasible) return nodes;
  const percentage = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(minFeasible, Math.floor((nodes * percentage) / 100));
}
