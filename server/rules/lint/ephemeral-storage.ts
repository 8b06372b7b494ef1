import type { Rule } from '../rule.ts';
import { lacking, perContainer } from '../shapes.ts';

export const ephemeralStorage: Rule = {
  id: 'ephemeral-storage',
  title: 'Container without a limit of ephemeral storage',
  why: 'Logs and temporary files of one container can fill the disk of the node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) =>
    container.get('resources', 'limits', 'ephemeral-storage').exists
      ? undefined
      : lacking(container, 'The container has no limit of ephemeral storage'),
  ),
};
