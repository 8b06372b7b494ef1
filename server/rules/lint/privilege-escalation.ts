import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perContainer } from '../shapes.ts';

export const privilegeEscalation: Rule = {
  id: 'privilege-escalation',
  title: 'Container whose processes may gain privileges',
  why: 'A program with the setuid bit makes an ordinary user root.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const allowed = container.get('securityContext', 'allowPrivilegeEscalation');
    if (allowed.flag === false) return undefined;
    return allowed.exists
      ? { at: allowed, message: 'Processes may gain privileges', fix: { replace: 'false' } }
      : lacking(container, 'Processes may gain privileges', addSecurity(container, 'allowPrivilegeEscalation: false'));
  }),
};
