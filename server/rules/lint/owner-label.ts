import type { Rule } from '../rule.ts';
import { lasting, objectLacks, perObject } from '../shapes.ts';

export const ownerLabel: Rule = {
  id: 'owner-label',
  title: 'Workload without an owner',
  why: 'When it fails nobody knows whom to ask.',
  severity: 'off',
  house: true,
  scope: 'object',
  check: perObject(lasting, (object) =>
    object.get('metadata', 'labels', 'owner').exists ? [] : [objectLacks(object, 'The label owner is missing')],
  ),
};
