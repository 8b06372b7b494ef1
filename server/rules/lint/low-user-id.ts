import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perContainer, security } from '../shapes.ts';

export const lowUserId: Rule = {
  id: 'low-user-id',
  title: 'Container with the user id of a system user',
  why: 'The id may belong to a user of the node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container, spec) => {
    const user = security(container, spec, 'runAsUser');
    if (user.number === undefined) {
      return lacking(container, 'The container names no user id', addSecurity(container, 'runAsUser: 10001'));
    }
    return user.number < 10000 ? { at: user, message: 'The user id is below 10000' } : undefined;
  }),
};
