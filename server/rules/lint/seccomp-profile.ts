import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perContainer, security } from '../shapes.ts';

export const seccompProfile: Rule = {
  id: 'seccomp-profile',
  title: 'Container without a seccomp profile',
  why: 'Every call of the kernel is open to it, those too that no program needs.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container, spec) =>
    security(container, spec, 'seccompProfile', 'type').exists
      ? undefined
      : lacking(container, 'The container has no seccomp profile', addSecurity(container, 'seccompProfile: { type: RuntimeDefault }')),
  ),
};
