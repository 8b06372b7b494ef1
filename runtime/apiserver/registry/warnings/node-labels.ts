import type { NodeSelectorTerm } from '../../../api/generated/types/core/v1.ts';
import { labelValueProblems } from '../../../api/names/index.ts';

/** Labels of nodes that are on their way out, with upstream's advice. Follows `pkg/api/node/util.go`. */
const deprecated: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};

/** What to say of a label of nodes; nothing when it is in order. */
export function nodeLabelAdvice(key: string): string | undefined {
  return Object.hasOwn(deprecated, key) ? deprecated[key] : undefined;
}

/** What to say of a term that selects nodes; of its values too, where validation lets any pass. */
export function nodeTermWarnings(term: NodeSelectorTerm | undefined, path: string, withValues = false): string[] {
  const warnings: string[] = [];
  for (const [index, { key = '', values = [] }] of (term?.matchExpressions ?? []).entries()) {
    const at = `${path}.matchExpressions[${index}]`;
    const advice = nodeLabelAdvice(key);
    if (advice !== undefined) warnings.push(`${at}.key: ${key} is ${advice}`);
    if (!withValues) continue;
    for (const [position, value] of values.entries()) {
      for (const problem of labelValueProblems(value)) warnings.push(`${at}.values[${position}]: ${value} is invalid, ${problem}`);
    }
  }
  return warnings;
}
