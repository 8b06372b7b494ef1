import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const antiAffinity: Rule = {
  id: 'anti-affinity',
  title: 'Replicas that may all run on one node',
  why: 'When that node fails, all of them do.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Deployment', 'StatefulSet'], (object, { pod }) => {
    const spec = pod?.get('spec');
    const one = (object.get('spec', 'replicas').number ?? 1) < 2;
    if (!spec || one || spec.get('affinity', 'podAntiAffinity').exists || spec.get('topologySpreadConstraints').exists) return [];
    return [objectLacks(object, 'All replicas may run on one node')];
  }),
};
