import type { Pod } from '../../api/generated/types/core/v1.ts';
import { matchesNodeSelection, matchesTerm } from '../../api/node-selection.ts';
import { wakesByNode } from '../framework/cluster-event.ts';
import { normalizeScores, type Plugin, type Rejection } from '../framework/plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't match Pod's node affinity/selector"], unresolvable: true };
const conflict: Rejection = { reasons: ['pod affinity terms conflict'], unresolvable: true };

/** Holds a pod to its `nodeSelector` and required node affinity, and prefers nodes its preferred terms match. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  filter(pod) {
    if (!pod.spec?.nodeSelector && !pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution) return undefined;
    const nodes = namedNodes(pod);
    if (nodes?.size === 0) return conflict;
    return { ...(nodes && { nodes }), check: ({ node }) => (matchesNodeSelection(pod, node) ? undefined : rejection) };
  },
  score(pod) {
    const preferred = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (preferred.length === 0) return undefined;
    return {
      score: ({ node }) =>
        preferred
          // An empty preferred term counts for every node.
          .filter(({ preference: p }) => !(p.matchExpressions?.length || p.matchFields?.length) || matchesTerm(p, node))
          .reduce((sum, { weight }) => sum + weight, 0),
      normalize: (scores) => normalizeScores(scores, false),
    };
  },
  wakes: wakesByNode(matchesNodeSelection),
};

/** The nodes that every term names by their `metadata.name`, as those of DaemonSet pods do; undefined when some term names none. */
function namedNodes(pod: Pod): ReadonlySet<string> | undefined {
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!required) return undefined;
  const all = new Set<string>();
  for (const term of required.nodeSelectorTerms) {
    const lists = (term.matchFields ?? []).filter((f) => f.key === 'metadata.name' && f.operator === 'In').map((f) => f.values ?? []);
    const [first, ...rest] = lists;
    if (!first) return undefined;
    for (const name of first) if (rest.every((list) => list.includes(name))) all.add(name);
  }
  return all;
}
