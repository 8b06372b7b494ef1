import type { Rule } from '../rule.ts';
import { lacking, perContainer } from '../shapes.ts';

export const cpuLimit: Rule = {
  id: 'cpu-limit',
  title: 'Container without a CPU limit',
  why: 'Where CPU is paid for or shared evenly, a container may take more than its share.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) =>
    container.get('resources', 'limits', 'cpu').exists ? undefined : lacking(container, 'The container has no CPU limit'),
  ),
};
