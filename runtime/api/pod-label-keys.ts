import type { Affinity, Pod, PodAffinityTerm, TopologySpreadConstraint } from './generated/types/core/v1.ts';

type Term = PodAffinityTerm | TopologySpreadConstraint;
type Labels = Readonly<Record<string, string>>;

/** Writes the values that a new pod has for the label keys of its terms into their selectors, so that later changes of its labels do not move it. */
export function mergeLabelKeys({ metadata, spec }: Pod): void {
  const labels = metadata?.labels ?? {};
  for (const term of [...termsOf(spec?.affinity), ...(spec?.topologySpreadConstraints ?? [])]) mergeInto(term, labels);
}

function termsOf({ podAffinity, podAntiAffinity }: Affinity = {}): PodAffinityTerm[] {
  return [podAffinity, podAntiAffinity].flatMap((affinity) => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    // Nothing has been validated yet: a term may be missing.
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ podAffinityTerm }) => podAffinityTerm ?? []),
  ]);
}

/** No selector selects nothing, whatever the keys are. */
function mergeInto(term: Term, labels: Labels): void {
  if (term.labelSelector === undefined) return;
  const { matchLabelKeys = [], mismatchLabelKeys = [] } = term as PodAffinityTerm;
  const added = [...requirements(matchLabelKeys, 'In', labels), ...requirements(mismatchLabelKeys, 'NotIn', labels)];
  if (added.length === 0) return;
  term.labelSelector = { ...term.labelSelector, matchExpressions: [...(term.labelSelector.matchExpressions ?? []), ...added] };
}

function requirements(keys: readonly string[], operator: string, labels: Labels): { key: string; operator: string; values: string[] }[] {
  return keys.flatMap((key) => (labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]));
}
