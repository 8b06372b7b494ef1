import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const hostNetwork: Rule = {
  id: 'host-network',
  title: "Pod that shares the node's network",
  why: 'It sees and reaches the network of everything else on the node.',
  severity: 'hint',
  scope: 'object',
  check: perPod((spec) => {
    const shared = spec.get('hostNetwork');
    return shared.isTrue ? { at: shared, message: "The pod shares the node's network" } : undefined;
  }),
};
