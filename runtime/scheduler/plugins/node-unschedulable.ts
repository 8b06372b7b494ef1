import type { Node, Pod } from '../../api/generated/types/core/v1.ts';
import { wakesByNode } from '../framework/cluster-event.ts';
import type { Plugin, Rejection } from '../framework/plugin.ts';
import { tolerates } from './tolerations.ts';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const rejection: Rejection = { reasons: ['node(s) were unschedulable'], unresolvable: true };

const fits = (pod: Pod, node: Node) => !node.spec?.unschedulable || tolerates(pod.spec?.tolerations, taint);

/** Leaves out cordoned nodes. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  filter: (pod) => ({ check: ({ node }) => (fits(pod, node) ? undefined : rejection) }),
  wakes: wakesByNode(fits),
};
