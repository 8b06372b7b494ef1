import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const hostIpc: Rule = {
  id: 'host-ipc',
  title: "Pod that shares the node's shared memory",
  why: 'It sees and reaches the shared memory of everything else on the node.',
  severity: 'hint',
  scope: 'object',
  check: perPod((spec) => {
    const shared = spec.get('hostIPC');
    return shared.isTrue ? { at: shared, message: "The pod shares the node's shared memory" } : undefined;
  }),
};
