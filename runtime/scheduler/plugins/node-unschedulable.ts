import type { Plugin } from '../framework/plugin.ts';
import { tolerates } from './tolerations.ts';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** Leaves out cordoned nodes. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  filter: (pod, { node }) =>
    node.spec?.unschedulable && !tolerates(pod.spec?.tolerations, taint)
      ? { reasons: ['node(s) were unschedulable'], unresolvable: true }
      : undefined,
};
