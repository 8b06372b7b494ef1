import type { Rule } from '../rule.ts';
import { lacking, perContainer } from '../shapes.ts';

export const memoryRequest: Rule = {
  id: 'memory-request',
  title: 'Container without a memory request',
  why: 'The scheduler cannot tell whether the container fits on a node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const resources = container.get('resources');
    if (resources.get('requests', 'memory').exists || resources.get('limits', 'memory').exists) return undefined;
    const fix = resources.exists ? undefined : { add: 'resources: { requests: { memory: 128Mi } }', to: container };
    return lacking(container, 'The container requests no memory', fix);
  }),
};
