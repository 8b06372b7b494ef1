import type { Pod } from '../../api/generated/types/core/v1.ts';
import { everything, type Labels } from '../../api/selectors/index.ts';
import { type AffinityTerm, affinityTerms, termMatches } from '../framework/affinity-terms.ts';
import type { ClusterEvent } from '../framework/cluster-event.ts';
import type { Listers } from '../framework/listers.ts';
import type { NodeInfo, PodMatcher } from '../framework/node-info.ts';
import { maxScore, type NodeFilter, type NodeScorer, type Plugin, type Rejection } from '../framework/plugin.ts';
import { sameLabels } from '../framework/pods.ts';
import { TopologyCounts } from './topology-counts.ts';

const affinityUnmet: Rejection = { reasons: ["node(s) didn't match pod affinity rules"], unresolvable: true };
const antiAffinityUnmet: Rejection = { reasons: ["node(s) didn't match pod anti-affinity rules"], unresolvable: false };
const unwelcome: Rejection = { reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"], unresolvable: false };

/** Keeps pods near to, or away from, the pods their affinity and anti-affinity name, and those that name them. */
export function interPodAffinity({ namespaces }: Pick<Listers, 'namespaces'>): Plugin {
  const labelsOf: NamespaceLabels = (namespace) => namespaces.get(undefined, namespace)?.metadata?.labels;
  return {
    name: 'InterPodAffinity',
    weight: 2,
    filter(pod, nodes) {
      const filter = new AffinityFilter(pod, labelsOf);
      filter.look(nodes, (term) => resolve(term, namespaces));
      return filter.idle ? undefined : filter;
    },
    score: (pod, nodes) => scorer(pod, nodes, labelsOf, (term) => resolve(term, namespaces)),
    wakes: (event) => wakes(event, labelsOf),
  };
}

type NamespaceLabels = (namespace: string) => Labels | undefined;
type Resolve = (term: AffinityTerm) => PodMatcher;

/** A term as a question about pods, with the namespaces its selector picks out now. */
function resolve(term: AffinityTerm, namespaces: Listers['namespaces']): PodMatcher {
  const { namespaceSelector, selector } = term;
  if (namespaceSelector === everything) return { key: term.key, matches: (pod) => selector.matches(pod.metadata?.labels) };
  const names = new Set(term.namespaces);
  let { key } = term;
  if (namespaceSelector.requirements.length > 0) {
    for (const namespace of namespaces.list(undefined, (labels) => namespaceSelector.matches(labels)))
      names.add(namespace.metadata?.name ?? '');
    key += JSON.stringify([...names].sort());
  }
  return { key, matches: (pod) => names.has(pod.metadata?.namespace ?? '') && selector.matches(pod.metadata?.labels) };
}

function allOf(matchers: readonly PodMatcher[]): PodMatcher {
  return { key: JSON.stringify(matchers.map(({ key }) => key)), matches: (pod) => matchers.every((matcher) => matcher.matches(pod)) };
}

class AffinityFilter implements NodeFilter {
  readonly #pod: Pod;
  readonly #labelsOf: NamespaceLabels;
  readonly #required: readonly AffinityTerm[];
  readonly #anti: readonly AffinityTerm[];
  /** Pods all required terms match, by the domains of the terms. */
  #near = new TopologyCounts();
  /** Pods a term of the pod's anti-affinity matches. */
  #avoided = new TopologyCounts();
  /** Pods whose anti-affinity matches this one. */
  #avoiding = new TopologyCounts();
  #matchesRequired: PodMatcher | undefined;
  #matchesAnti: readonly PodMatcher[] = [];

  constructor(pod: Pod, labelsOf: NamespaceLabels) {
    this.#pod = pod;
    this.#labelsOf = labelsOf;
    const { required, requiredAnti } = affinityTerms(pod);
    this.#required = required;
    this.#anti = requiredAnti;
  }

  get idle(): boolean {
    return this.#required.length === 0 && this.#anti.length === 0 && this.#avoiding.empty;
  }

  look(nodes: readonly NodeInfo[], resolve: Resolve): void {
    if (this.#required.length > 0) this.#matchesRequired = allOf(this.#required.map(resolve));
    this.#matchesAnti = this.#anti.map(resolve);
    const ownLabels = this.#labelsOf(this.#pod.metadata?.namespace ?? '');
    for (const node of nodes) {
      for (const { item: term, count } of node.antiAffinity.entries()) {
        if (termMatches(term, this.#pod, ownLabels)) this.#avoiding.add(node, term.topologyKey, count);
      }
      if (this.#matchesRequired) {
        const count = node.count(this.#matchesRequired);
        for (const term of this.#required) this.#near.add(node, term.topologyKey, count);
      }
      for (const [i, term] of this.#anti.entries()) {
        const matcher = this.#matchesAnti[i];
        if (matcher) this.#avoided.add(node, term.topologyKey, node.count(matcher));
      }
    }
  }

  check(node: NodeInfo): Rejection | undefined {
    if (!this.#nearEnough(node)) return affinityUnmet;
    if (this.#anti.some((term) => this.#avoided.get(node, term.topologyKey) > 0)) return antiAffinityUnmet;
    for (const key of this.#avoiding.keys()) if (this.#avoiding.get(node, key) > 0) return unwelcome;
    return undefined;
  }

  adjust(node: NodeInfo, other: Pod, by: 1 | -1): void {
    const ownLabels = this.#labelsOf(this.#pod.metadata?.namespace ?? '');
    for (const term of affinityTerms(other).requiredAnti) {
      if (termMatches(term, this.#pod, ownLabels)) this.#avoiding.add(node, term.topologyKey, by);
    }
    if (this.#matchesRequired?.matches(other)) for (const term of this.#required) this.#near.add(node, term.topologyKey, by);
    for (const [i, term] of this.#anti.entries()) if (this.#matchesAnti[i]?.matches(other)) this.#avoided.add(node, term.topologyKey, by);
  }

  copy(): AffinityFilter {
    const copy = new AffinityFilter(this.#pod, this.#labelsOf);
    copy.#near = this.#near.copy();
    copy.#avoided = this.#avoided.copy();
    copy.#avoiding = this.#avoiding.copy();
    copy.#matchesRequired = this.#matchesRequired;
    copy.#matchesAnti = this.#matchesAnti;
    return copy;
  }

  #nearEnough(node: NodeInfo): boolean {
    if (this.#required.some((term) => node.labels[term.topologyKey] === undefined)) return false;
    if (this.#required.every((term) => this.#near.get(node, term.topologyKey) > 0)) return true;
    // The first of pods that want to be together has nobody to join.
    return this.#near.empty && this.#matchesRequired?.matches(this.#pod) === true;
  }
}

function scorer(pod: Pod, nodes: readonly NodeInfo[], labelsOf: NamespaceLabels, resolve: Resolve): NodeScorer | undefined {
  const preferred = affinityTerms(pod).preferred.map((term) => ({ term, matcher: resolve(term) }));
  const ownLabels = labelsOf(pod.metadata?.namespace ?? '');
  const scores = new TopologyCounts();
  let any = false;
  for (const node of nodes) {
    for (const { term, matcher } of preferred) {
      const count = node.count(matcher);
      any ||= count > 0;
      scores.add(node, term.topologyKey, count * term.weight);
    }
    for (const { item: term, count } of node.preferences.entries()) {
      if (!termMatches(term, pod, ownLabels)) continue;
      any = true;
      scores.add(node, term.topologyKey, count * term.weight);
    }
  }
  if (!any) return undefined;
  const keys = [...scores.keys()];
  return {
    score: (node) => keys.reduce((sum, key) => sum + scores.get(node, key), 0),
    normalize(raw) {
      const lowest = Math.min(...raw);
      const range = Math.max(...raw) - lowest;
      for (const [i, score] of raw.entries()) raw[i] = range === 0 ? 0 : Math.trunc((maxScore * (score - lowest)) / range);
    },
  };
}

/** Pods come and go, nodes gain labels: whatever may satisfy the affinity of a pod, or end the anti-affinity against it. */
function wakes(event: ClusterEvent, labelsOf: NamespaceLabels): ((pod: Pod) => boolean) | undefined {
  const wanted = (pod: Pod, other: Pod) => {
    const labels = labelsOf(other.metadata?.namespace ?? '');
    return affinityTerms(pod).required.some((term) => termMatches(term, other, labels));
  };
  const inTheWay = (pod: Pod, other: Pod) => {
    const labels = labelsOf(other.metadata?.namespace ?? '');
    const ownLabels = labelsOf(pod.metadata?.namespace ?? '');
    return (
      affinityTerms(pod).requiredAnti.some((term) => termMatches(term, other, labels)) ||
      affinityTerms(other).requiredAnti.some((term) => termMatches(term, pod, ownLabels))
    );
  };
  switch (event.type) {
    case 'pod added':
      return (pod) => wanted(pod, event.pod);
    case 'pod deleted':
      // With the last pod it wanted to be near to gone, it may be the first again.
      return (pod) => inTheWay(pod, event.pod) || wanted(pod, event.pod);
    case 'pod updated':
      if (sameLabels(event.pod, event.previous)) return undefined;
      return (pod) => wanted(pod, event.pod) || wanted(pod, event.previous) || inTheWay(pod, event.previous);
    case 'node added':
    case 'node updated':
    case 'namespace changed':
      return () => true;
    default:
      return undefined;
  }
}
