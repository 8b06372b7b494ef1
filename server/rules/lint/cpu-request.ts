import type { Rule } from '../rule.ts';
import { lacking, perContainer } from '../shapes.ts';

export const cpuRequest: Rule = {
  id: 'cpu-request',
  title: 'Container without a cpu request',
  why: 'The scheduler cannot tell whether the container fits on a node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const resources = container.get('resources');
    if (resources.get('requests', 'cpu').exists || resources.get('limits', 'cpu').exists) return undefined;
    const fix = resources.exists ? undefined : { add: 'resources: { requests: { cpu: 100m } }', to: container };
    return lacking(container, 'The container requests no cpu', fix);
  }),
};
