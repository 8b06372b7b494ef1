import type { Rule } from '../rule.ts';
import { perLastingContainer } from '../shapes.ts';

export const identicalProbes: Rule = {
  id: 'identical-probes',
  title: 'Liveness and readiness probe that are the same',
  why: 'A pod that is only busy is restarted at the moment it should be spared.',
  severity: 'hint',
  scope: 'object',
  check: perLastingContainer((container) => {
    const live = container.get('livenessProbe');
    const ready = container.get('readinessProbe');
    if (!live.exists || !ready.exists || live.source() !== ready.source()) return undefined;
    return { at: live, onName: true, message: 'The liveness probe asks the same as the readiness probe' };
  }),
};
