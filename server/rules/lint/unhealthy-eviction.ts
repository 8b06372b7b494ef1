import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const unhealthyEviction: Rule = {
  id: 'unhealthy-eviction',
  title: 'Disruption budget that protects broken pods',
  why: 'Pods that never become ready cannot be evicted, and the drain waits for them.',
  severity: 'off',
  scope: 'object',
  check: perObject(['PodDisruptionBudget'], (object) =>
    object.get('spec', 'unhealthyPodEvictionPolicy').exists ? [] : [objectLacks(object, 'Broken pods block a drain')],
  ),
};
