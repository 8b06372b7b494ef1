import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { ClusterEvent } from '../framework/cluster-event.ts';
import type { Listers } from '../framework/listers.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import { maxScore, type NodeFilter, type NodeScorer, type Plugin, type Rejection } from '../framework/plugin.ts';
import { sameLabels } from '../framework/pods.ts';
import { defaultConstraints, hasAllKeys, ownConstraints, type SpreadConstraint } from './spread-constraints.ts';
import { toleratesNode } from './taint-toleration.ts';

const text = "node(s) didn't match pod topology spread constraints";
const tooSkewed: Rejection = { reasons: [text], unresolvable: false };
const labelMissing: Rejection = { reasons: [`${text} (missing required label)`], unresolvable: true };
const hostname = 'kubernetes.io/hostname';

/** Keeps the pods of a workload evenly spread over zones, nodes or whatever domains its constraints name. */
export function podTopologySpread(listers: Pick<Listers, 'services' | 'replicaSets' | 'replicationControllers' | 'statefulSets'>): Plugin {
  return {
    name: 'PodTopologySpread',
    weight: 2,
    filter(pod, nodes) {
      const constraints = ownConstraints(pod, 'DoNotSchedule');
      return constraints.length === 0 ? undefined : new SpreadFilter(constraints, countDomains(constraints, nodes));
    },
    score(pod, nodes, feasible) {
      const own = ownConstraints(pod, 'ScheduleAnyway');
      const constraints = own.length > 0 ? own : defaultConstraints(pod, listers);
      // Nodes need not be in zones for the constraints nobody asked for.
      return constraints.length === 0 ? undefined : scorer(constraints, nodes, feasible, own.length > 0);
    },
    wakes,
  };
}

/** By constraint: the pods in each of its domains. A domain without pods counts with 0. */
type DomainCounts = readonly Map<string, number>[];

function countDomains(constraints: readonly SpreadConstraint[], nodes: readonly NodeInfo[]): DomainCounts {
  const counts = constraints.map(() => new Map<string, number>());
  for (const node of nodes) {
    if (!hasAllKeys(node, constraints)) continue;
    for (const [i, constraint] of constraints.entries())
      if (constraint.includes(node.node)) add(counts, i, node, constraint, node.count(constraint.matcher));
  }
  return counts;
}

function add(counts: DomainCounts, i: number, node: NodeInfo, { topologyKey }: SpreadConstraint, by: number): void {
  const domain = node.labels[topologyKey] ?? '';
  counts[i]?.set(domain, (counts[i].get(domain) ?? 0) + by);
}

class SpreadFilter implements NodeFilter {
  readonly #constraints: readonly SpreadConstraint[];
  readonly #counts: DomainCounts;
  /** The smallest count of each constraint; recounted after every change. */
  #lowest: readonly number[];

  constructor(constraints: readonly SpreadConstraint[], counts: DomainCounts) {
    this.#constraints = constraints;
    this.#counts = counts;
    this.#lowest = this.#findLowest();
  }

  check(node: NodeInfo): Rejection | undefined {
    for (const [i, { topologyKey, maxSkew, selfMatch }] of this.#constraints.entries()) {
      const domain = node.labels[topologyKey];
      if (domain === undefined) return labelMissing;
      const count = (this.#counts[i]?.get(domain) ?? 0) + (selfMatch ? 1 : 0);
      if (count - (this.#lowest[i] ?? 0) > maxSkew) return tooSkewed;
    }
    return undefined;
  }

  adjust(node: NodeInfo, other: Pod, by: 1 | -1): void {
    if (!hasAllKeys(node, this.#constraints)) return;
    for (const [i, constraint] of this.#constraints.entries()) {
      if (constraint.matcher.matches(other) && constraint.includes(node.node)) add(this.#counts, i, node, constraint, by);
    }
    this.#lowest = this.#findLowest();
  }

  copy(): SpreadFilter {
    return new SpreadFilter(
      this.#constraints,
      this.#counts.map((counts) => new Map(counts)),
    );
  }

  /** With fewer domains than the pod wants there to be, the missing ones count as empty. */
  #findLowest(): number[] {
    return this.#constraints.map(({ minDomains }, i) => {
      const counts = this.#counts[i] ?? new Map<string, number>();
      return counts.size < minDomains ? 0 : Math.min(...counts.values());
    });
  }
}

function scorer(
  constraints: readonly SpreadConstraint[],
  nodes: readonly NodeInfo[],
  feasible: readonly NodeInfo[],
  needsAllKeys: boolean,
): NodeScorer {
  const ignored = new Set(needsAllKeys ? feasible.filter((node) => !hasAllKeys(node, constraints)) : []);
  // Nodes are domains of one node each: their pods are counted when they are scored.
  const domains = constraints.map(({ topologyKey }) => {
    const counts = new Map<string, number>();
    if (topologyKey === hostname) return counts;
    for (const node of feasible) if (!ignored.has(node)) counts.set(node.labels[topologyKey] ?? '', 0);
    return counts;
  });
  for (const node of nodes) {
    if (needsAllKeys && !hasAllKeys(node, constraints)) continue;
    for (const [i, { topologyKey, matcher, includes }] of constraints.entries()) {
      const domain = node.labels[topologyKey] ?? '';
      const count = domains[i]?.get(domain);
      if (count !== undefined && includes(node.node)) domains[i]?.set(domain, count + node.count(matcher));
    }
  }
  // The more domains there are, the less one pod more makes of a difference in each.
  const weights = constraints.map(({ topologyKey }, i) =>
    Math.log((topologyKey === hostname ? feasible.length - ignored.size : (domains[i]?.size ?? 0)) + 2),
  );
  return {
    score(node) {
      if (ignored.has(node)) return 0;
      let score = 0;
      for (const [i, { topologyKey, matcher, maxSkew }] of constraints.entries()) {
        const domain = node.labels[topologyKey];
        if (domain === undefined) continue;
        const count = topologyKey === hostname ? node.count(matcher) : (domains[i]?.get(domain) ?? 0);
        score += count * (weights[i] ?? 0) + maxSkew - 1;
      }
      return Math.round(score);
    },
    normalize(scores, scored) {
      const counted = scores.filter((_, i) => !isIgnored(scored[i]));
      const highest = Math.max(0, ...counted);
      const lowest = Math.min(...counted);
      for (const [i, score] of scores.entries()) {
        if (isIgnored(scored[i])) scores[i] = 0;
        else scores[i] = highest === 0 ? maxScore : Math.trunc((maxScore * (highest + lowest - score)) / highest);
      }
    },
  };

  function isIgnored(node: NodeInfo | undefined): boolean {
    return node !== undefined && ignored.has(node);
  }
}

/** Domains appear and vanish with nodes, and pods that are spread come, go and change their labels. */
function wakes(event: ClusterEvent): ((pod: Pod) => boolean) | undefined {
  const counted = (pod: Pod, other: Pod) =>
    pod.metadata?.namespace === other.metadata?.namespace &&
    ownConstraints(pod, 'DoNotSchedule').some(({ selector }) => selector.matches(other.metadata?.labels));
  switch (event.type) {
    case 'pod added':
    case 'pod deleted':
      return (pod) => counted(pod, event.pod);
    case 'pod updated':
      if (sameLabels(event.pod, event.previous) && event.pod.metadata?.deletionTimestamp === event.previous.metadata?.deletionTimestamp)
        return undefined;
      return (pod) => counted(pod, event.pod) !== counted(pod, event.previous) || event.pod.metadata?.deletionTimestamp !== undefined;
    case 'node added':
    case 'node deleted':
      return (pod) =>
        ownConstraints(pod, 'DoNotSchedule').every(({ topologyKey }) => event.node.metadata?.labels?.[topologyKey] !== undefined);
    case 'node updated':
      return (pod) =>
        ownConstraints(pod, 'DoNotSchedule').some(
          ({ topologyKey }) => event.node.metadata?.labels?.[topologyKey] !== event.previous.metadata?.labels?.[topologyKey],
        ) || toleratesNode(pod, event.node) !== toleratesNode(pod, event.previous);
    default:
      return undefined;
  }
}
