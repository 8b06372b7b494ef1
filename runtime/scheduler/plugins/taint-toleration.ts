import type { Node, Pod, Taint } from '../../api/generated/types/core/v1.ts';
import { wakesByNode } from '../framework/cluster-event.ts';
import { normalizeScores, type Plugin, type Rejection } from '../framework/plugin.ts';
import { tolerates } from './tolerations.ts';

const rejection: Rejection = { reasons: ['node(s) had untolerated taint(s)'], unresolvable: true };
const keepsAway = ({ effect }: Taint) => effect === 'NoSchedule' || effect === 'NoExecute';

/** Whether no taint keeps the pod off the node. */
export function toleratesNode(pod: Pod, node: Node): boolean {
  return !node.spec?.taints?.some((taint) => keepsAway(taint) && !tolerates(pod.spec?.tolerations, taint));
}

/** Leaves out nodes with taints the pod does not tolerate, and prefers those with fewer `PreferNoSchedule` taints. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  filter: (pod) => ({ check: ({ node }) => (toleratesNode(pod, node) ? undefined : rejection) }),
  score(pod, _, feasible) {
    const untolerated = ({ spec }: Node) =>
      (spec?.taints ?? []).filter((t) => t.effect === 'PreferNoSchedule' && !tolerates(pod.spec?.tolerations, t)).length;
    if (!feasible.some(({ node }) => node.spec?.taints?.length)) return undefined;
    return { score: ({ node }) => untolerated(node), normalize: (scores) => normalizeScores(scores, true) };
  },
  wakes: wakesByNode(toleratesNode),
};
