import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const updateStrategy: Rule = {
  id: 'update-strategy',
  title: 'Deployment that stops before it starts again',
  why: 'Nothing answers between the old pods and the new ones.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Deployment'], (object) => {
    const type = object.get('spec', 'strategy', 'type');
    return type.text === 'Recreate'
      ? [{ at: type, message: 'Nothing answers while the pods are replaced', fix: { replace: 'RollingUpdate' } }]
      : [];
  }),
};
