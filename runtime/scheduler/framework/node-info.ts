import type { Node, Pod } from '../../api/generated/types/core/v1.ts';
import { type HostPort, hostPorts } from '../../api/host-ports.ts';
import { type AffinityTerm, affinityTerms } from './affinity-terms.ts';
import { sameToScheduler, uidOf } from './pods.ts';
import { addTo, parseResources, podRequests, type Resources, scoredRequests, takeFrom } from './resources.ts';
import { Tally } from './tally.ts';

/** A question about pods that nodes keep the answer to. */
export interface PodMatcher {
  /** Matchers with one key match the same pods, now and later. */
  readonly key: string;
  /** May depend on the pod's namespace, labels and whether it is being deleted, and on nothing else. */
  matches(pod: Pod): boolean;
}

/** How many matchers a node keeps the counts of. */
const keptCounts = 32;

/** A node with the pods on it, summed up so that a filter need not go through them. */
export class NodeInfo {
  readonly name: string;
  readonly pods = new Map<string, Pod>();
  /** What the pods ask for together. */
  readonly requested: Record<string, number> = {};
  /** The same with assumed amounts, see {@link scoredRequests}. */
  readonly scored: Record<string, number> = {};
  readonly ports: HostPort[] = [];
  /** Terms of the pods' required anti-affinity. */
  readonly antiAffinity = new Tally<AffinityTerm>();
  /** Terms by which the pods like or dislike new neighbours: preferred ones and those of required affinity. */
  readonly preferences = new Tally<AffinityTerm>();
  readonly #counts = new Map<string, { readonly matcher: PodMatcher; count: number }>();
  #node: Node;
  #allocatable: Resources;

  constructor(node: Node) {
    this.name = node.metadata?.name ?? '';
    this.#node = node;
    this.#allocatable = parseResources(node.status?.allocatable);
  }

  get node(): Node {
    return this.#node;
  }

  set node(node: Node) {
    this.#node = node;
    this.#allocatable = parseResources(node.status?.allocatable);
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#node.metadata?.labels ?? {};
  }

  get allocatable(): Resources {
    return this.#allocatable;
  }

  /** Puts a pod on the node, or a new state of it in the place of the old. */
  add(pod: Pod): void {
    const uid = uidOf(pod);
    const before = this.pods.get(uid);
    if (before && sameToScheduler(before, pod)) {
      this.pods.set(uid, pod);
      return;
    }
    if (before) this.remove(uid);
    this.pods.set(uid, pod);
    addTo(this.requested, podRequests(pod));
    addTo(this.scored, scoredRequests(pod));
    this.ports.push(...hostPorts(pod));
    const terms = affinityTerms(pod);
    for (const term of terms.requiredAnti) this.antiAffinity.add(term);
    for (const term of terms.required) this.preferences.add(term);
    for (const term of terms.preferred) this.preferences.add(term);
    for (const kept of this.#counts.values()) if (kept.matcher.matches(pod)) kept.count++;
  }

  remove(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod) return;
    this.pods.delete(uid);
    takeFrom(this.requested, podRequests(pod));
    takeFrom(this.scored, scoredRequests(pod));
    for (const port of hostPorts(pod)) {
      const at = this.ports.findIndex((p) => p.port === port.port && p.protocol === port.protocol && p.address === port.address);
      if (at >= 0) this.ports.splice(at, 1);
    }
    const terms = affinityTerms(pod);
    for (const term of terms.requiredAnti) this.antiAffinity.remove(term);
    for (const term of terms.required) this.preferences.remove(term);
    for (const term of terms.preferred) this.preferences.remove(term);
    for (const kept of this.#counts.values()) if (kept.matcher.matches(pod)) kept.count--;
  }

  /** How many pods match. Counted once and then kept up, because pods of one workload ask the same question one after the other. */
  count(matcher: PodMatcher): number {
    const known = this.#counts.get(matcher.key);
    if (known) return known.count;
    let count = 0;
    for (const pod of this.pods.values()) if (matcher.matches(pod)) count++;
    if (this.#counts.size >= keptCounts) this.#counts.clear();
    this.#counts.set(matcher.key, { matcher, count });
    return count;
  }

  /** The same node with the same pods, to try something on. */
  copy(): NodeInfo {
    const copy = new NodeInfo(this.#node);
    for (const pod of this.pods.values()) copy.add(pod);
    return copy;
  }
}
