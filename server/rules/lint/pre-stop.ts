import type { Rule } from '../rule.ts';
import { lacking, perLastingContainer } from '../shapes.ts';

export const preStop: Rule = {
  id: 'pre-stop',
  title: 'Container without a preStop hook',
  why: 'Requests still arrive for a moment after the container was told to stop.',
  severity: 'off',
  scope: 'object',
  check: perLastingContainer((container) =>
    container.get('lifecycle', 'preStop').exists ? undefined : lacking(container, 'The container has no preStop hook'),
  ),
};
