import { normalizeScores, type Plugin } from '../framework/plugin.ts';
import { matchesNodeSelection, matchesTerm } from './node-selector.ts';

/** Holds a pod to its `nodeSelector` and required node affinity, and prefers nodes its preferred terms match. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  filter: (pod, { node }) =>
    matchesNodeSelection(pod, node) ? undefined : { reasons: ["node(s) didn't match Pod's node affinity/selector"], unresolvable: true },
  score: (pod, { node }) =>
    (pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
      // An empty preferred term counts for every node.
      .filter(({ preference }) => !(preference.matchExpressions?.length || preference.matchFields?.length) || matchesTerm(preference, node))
      .reduce((sum, { weight }) => sum + weight, 0),
  normalize: (scores) => normalizeScores(scores, false),
};
