import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const nodeAffinity: Rule = {
  id: 'node-affinity',
  title: 'Pod that may run on any node',
  why: 'Where nodes differ, it may land on one that was meant for something else.',
  severity: 'off',
  house: true,
  scope: 'object',
  check: perPod((spec) =>
    spec.get('affinity', 'nodeAffinity').exists ? undefined : { at: spec, onName: true, message: 'The pod has no node affinity' },
  ),
};
