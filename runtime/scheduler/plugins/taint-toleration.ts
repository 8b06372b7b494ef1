import { normalizeScores, type Plugin } from '../framework/plugin.ts';
import { tolerates } from './tolerations.ts';

/** Leaves out nodes with taints the pod does not tolerate, and prefers those with fewer `PreferNoSchedule` taints. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  filter(pod, { node }) {
    const untolerated = node.spec?.taints?.some(
      (t) => (t.effect === 'NoSchedule' || t.effect === 'NoExecute') && !tolerates(pod.spec?.tolerations, t),
    );
    return untolerated ? { reasons: ['node(s) had untolerated taint(s)'], unresolvable: true } : undefined;
  },
  score: (pod, { node }) =>
    (node.spec?.taints ?? []).filter((t) => t.effect === 'PreferNoSchedule' && !tolerates(pod.spec?.tolerations, t)).length,
  normalize: (scores) => normalizeScores(scores, true),
};
