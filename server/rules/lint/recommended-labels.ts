import type { Rule } from '../rule.ts';
import { lasting, objectLacks, perObject } from '../shapes.ts';

export const recommendedLabels: Rule = {
  id: 'recommended-labels',
  title: 'Workload without the recommended labels',
  why: 'Tools cannot tell what it belongs to.',
  severity: 'off',
  scope: 'object',
  check: perObject(lasting, (object) =>
    object.get('metadata', 'labels', 'app.kubernetes.io/name').exists
      ? []
      : [objectLacks(object, 'The label app.kubernetes.io/name is missing')],
  ),
};
