import type { Pod, PodAffinityTerm } from '../../api/generated/types/core/v1.ts';
import type { LabelSelector } from '../../api/generated/types/meta/v1.ts';
import {
  everything,
  type Labels,
  nothing,
  type Requirement,
  type Selector,
  selectorFromLabelSelector,
  selectorOf,
} from '../../api/selectors/index.ts';

/** One term of a pod's affinity or anti-affinity, ready to be matched. */
export interface AffinityTerm {
  /** Two terms with one key match the same pods in the same places. */
  readonly key: string;
  readonly topologyKey: string;
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceSelector: Selector;
  readonly selector: Selector;
  /** How much it counts for a score; below zero: keep away. */
  readonly weight: number;
}

/** What a pod asks of its neighbours. */
export interface AffinityTerms {
  readonly required: readonly AffinityTerm[];
  readonly requiredAnti: readonly AffinityTerm[];
  /** Preferred terms; those of anti-affinity have a weight below zero. */
  readonly preferred: readonly AffinityTerm[];
}

/** What a required affinity term of a placed pod counts for when a new pod is scored. Upstream: `hardPodAffinityWeight`. */
const requiredWeight = 1;
const none: AffinityTerms = { required: [], requiredAnti: [], preferred: [] };
const cache = new WeakMap<Pod, AffinityTerms>();

/** The terms of a pod, read once for each state of it. */
export function affinityTerms(pod: Pod): AffinityTerms {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return none;
  let terms = cache.get(pod);
  if (!terms) {
    terms = {
      required: (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => read(pod, term, requiredWeight)),
      requiredAnti: (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => read(pod, term, -requiredWeight)),
      preferred: [
        ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((p) => read(pod, p.podAffinityTerm, p.weight)),
        ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((p) => read(pod, p.podAffinityTerm, -p.weight)),
      ],
    };
    cache.set(pod, terms);
  }
  return terms;
}

function read(owner: Pod, term: PodAffinityTerm, weight: number): AffinityTerm {
  const labels = owner.metadata?.labels ?? {};
  const ownLabels: Requirement[] = [];
  for (const key of term.matchLabelKeys ?? [])
    if (labels[key] !== undefined) ownLabels.push({ key, operator: 'in', values: [labels[key]] });
  for (const key of term.mismatchLabelKeys ?? [])
    if (labels[key] !== undefined) ownLabels.push({ key, operator: 'notin', values: [labels[key]] });
  const selector = term.labelSelector === undefined ? nothing : withRequirements(readSelector(term.labelSelector), ownLabels);
  // Without a word on namespaces the pod's own is meant; an empty selector of namespaces means all of them.
  const own = !term.namespaces?.length && term.namespaceSelector === undefined;
  const namespaces = own ? [owner.metadata?.namespace ?? ''] : (term.namespaces ?? []);
  return {
    key: JSON.stringify([term.topologyKey, weight, namespaces, term.namespaceSelector, term.labelSelector, ownLabels]),
    topologyKey: term.topologyKey,
    namespaces: new Set(namespaces),
    namespaceSelector: readSelector(term.namespaceSelector),
    selector,
    weight,
  };
}

/** The selector with requirements added to it; one that matches nothing still does. */
export function withRequirements(selector: Selector, requirements: readonly Requirement[]): Selector {
  return requirements.length === 0 || selector === nothing ? selector : selectorOf([...selector.requirements, ...requirements]);
}

/** A selector of an object; one the API server should have refused matches nothing. */
export function readSelector(selector: LabelSelector | undefined): Selector {
  try {
    return selectorFromLabelSelector(selector);
  } catch {
    return nothing;
  }
}

/** Whether the term means this pod, whose namespace has these labels. */
export function termMatches(term: AffinityTerm, pod: Pod, namespaceLabels: Labels | undefined): boolean {
  return (
    (term.namespaces.has(pod.metadata?.namespace ?? '') ||
      term.namespaceSelector === everything ||
      (namespaceLabels !== undefined && term.namespaceSelector.matches(namespaceLabels))) &&
    term.selector.matches(pod.metadata?.labels)
  );
}
