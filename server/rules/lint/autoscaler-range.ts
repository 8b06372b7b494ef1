import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const autoscalerRange: Rule = {
  id: 'autoscaler-range',
  title: 'Autoscaler with fewer than three replicas',
  why: 'While one is replaced the others carry all of the load.',
  severity: 'off',
  scope: 'object',
  check: perObject(['HorizontalPodAutoscaler'], (object) => {
    const least = object.get('spec', 'minReplicas');
    if (least.number !== undefined && least.number >= 3) return [];
    return [
      least.exists ? { at: least, message: 'Fewer than three replicas' } : objectLacks(object, 'The autoscaler may go down to one replica'),
    ];
  }),
};
