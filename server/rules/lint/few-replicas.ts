import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const fewReplicas: Rule = {
  id: 'few-replicas',
  title: 'Deployment with fewer than three replicas',
  why: 'While one is replaced the others carry all of the load.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Deployment'], (object) => {
    const replicas = object.get('spec', 'replicas');
    if (replicas.number !== undefined && replicas.number >= 3) return [];
    return [
      replicas.exists ? { at: replicas, message: 'Fewer than three replicas' } : objectLacks(object, 'The Deployment has one replica'),
    ];
  }),
};
