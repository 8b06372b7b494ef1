import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const hostPid: Rule = {
  id: 'host-pid',
  title: "Pod that shares the node's processes",
  why: 'It sees and reaches the processes of everything else on the node.',
  severity: 'hint',
  scope: 'object',
  check: perPod((spec) => {
    const shared = spec.get('hostPID');
    return shared.isTrue ? { at: shared, message: "The pod shares the node's processes" } : undefined;
  }),
};
