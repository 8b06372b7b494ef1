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
    if (user === undefined ? security(container, spec, 'runAsNonRoot').isTrue : user > 0) return undefined;
    if (user === 0) return { at: security(container, spec, 'runAsUser'), message: 'The container runs as root' };
    return lacking(container, 'The container may run as root', addSecurity(container, 'runAsNonRoot: true'));
  }),
};
