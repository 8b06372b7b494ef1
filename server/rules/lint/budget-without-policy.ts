import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const budgetWithoutPolicy: Rule = {
  id: 'budget-without-policy',
  title: 'Disruption budget that says nothing',
  why: 'With neither minAvailable nor maxUnavailable it protects no pod.',
  severity: 'hint',
  scope: 'object',
  check: perObject(['PodDisruptionBudget'], (object) => {
    const spec = object.get('spec');
    if (!spec.exists || spec.get('minAvailable').exists || spec.get('maxUnavailable').exists) return [];
    return [objectLacks(object, 'The budget says neither minAvailable nor maxUnavailable')];
  }),
};
