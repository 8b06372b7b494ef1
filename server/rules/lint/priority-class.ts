import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const priorityClass: Rule = {
  id: 'priority-class',
  title: 'Pod without a priority',
  why: 'When room is short the scheduler cannot tell what matters.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec) =>
    spec.get('priorityClassName').exists ? undefined : { at: spec, onName: true, message: 'The pod has no priority class' },
  ),
};
