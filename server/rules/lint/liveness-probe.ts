import type { Rule } from '../rule.ts';
import { lacking, perLastingContainer } from '../shapes.ts';

export const livenessProbe: Rule = {
  id: 'liveness-probe',
  title: 'Container without a liveness probe',
  why: 'A container that hangs is not restarted.',
  severity: 'off',
  scope: 'object',
  check: perLastingContainer((container) =>
    container.get('livenessProbe').exists ? undefined : lacking(container, 'The container has no liveness probe'),
  ),
};
