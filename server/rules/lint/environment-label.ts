import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const environmentLabel: Rule = {
  id: 'environment-label',
  title: 'Deployment that does not say which environment it is of',
  why: 'Where environments share a cluster, the label env tells their objects apart.',
  severity: 'off',
  house: true,
  scope: 'object',
  check: perObject(['Deployment'], (object) =>
    object.get('metadata', 'labels', 'env').exists ? [] : [objectLacks(object, 'The label env is missing')],
  ),
};
