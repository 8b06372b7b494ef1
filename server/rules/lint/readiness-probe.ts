import type { Rule } from '../rule.ts';
import { lacking, perLastingContainer } from '../shapes.ts';

export const readinessProbe: Rule = {
  id: 'readiness-probe',
  title: 'Container without a readiness probe',
  why: 'Requests are sent to containers that cannot answer yet.',
  severity: 'off',
  scope: 'object',
  check: perLastingContainer((container) =>
    container.get('readinessProbe').exists ? undefined : lacking(container, 'The container has no readiness probe'),
  ),
};
