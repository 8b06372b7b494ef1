import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perContainer, security } from '../shapes.ts';

export const runAsNonRoot: Rule = {
  id: 'run-as-non-root',
  title: 'Container that may run as root',
  why: 'Who breaks out of it is root on the node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container, spec) => {
    const user = security(container, spec, 'runAsUser').number;
    if (security(container, spec, 'runAsNonRoot').isTrue || (user !== undefined && user > 0)) return undefined;
    return lacking(container, 'The container may run as root', addSecurity(container, 'runAsNonRoot: true'));
  }),
};
