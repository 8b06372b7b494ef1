import type { NodeSelectorTerm } from '../../../api/generated/types/core/v1.ts';

/** Labels of nodes that have other names by now, with upstream's advice. */
const replaced: Readonly<Record<string, readonly [since: string, instead: string]>> = {
  'beta.kubernetes.io/arch': ['v1.14', 'kubernetes.io/arch'],
  'beta.kubernetes.io/os': ['v1.14', 'kubernetes.io/os'],
  'failure-domain.beta.kubernetes.io/region': ['v1.17', 'topology.kubernetes.io/region'],
  'failure-domain.beta.kubernetes.io/zone': ['v1.17', 'topology.kubernetes.io/zone'],
  'beta.kubernetes.io/instance-type': ['v1.17', 'node.kubernetes.io/instance-type'],
};

/** What to say of a label of nodes; nothing when it is in order. */
export function nodeLabelAdvice(key: string): string | undefined {
  const advice = replaced[key];
  return advice === undefined ? undefined : `deprecated since ${advice[0]}; use "${advice[1]}" instead`;
}

/** What to say of a term that selects nodes. */
export function nodeTermWarnings({ matchExpressions }: NodeSelectorTerm, path: string): string[] {
  return (matchExpressions ?? []).flatMap(({ key }, index) => {
    const advice = nodeLabelAdvice(key);
    return advice === undefined ? [] : [`${path}.matchExpressions[${index}].key: ${key} is ${advice}`];
  });
}
