import type { Rule } from '../rule.ts';
import { lacking, perContainer } from '../shapes.ts';

export const memoryLimit: Rule = {
  id: 'memory-limit',
  title: 'Container without a memory limit',
  why: 'A leak takes the memory of every other pod on the node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const resources = container.get('resources');
    if (resources.get('limits', 'memory').exists) return undefined;
    const fix = resources.exists ? undefined : { add: 'resources: { limits: { memory: 128Mi } }', to: container };
    return lacking(container, 'The container has no memory limit', fix);
  }),
};
