import type { Rule } from '../rule.ts';
import { perContainer, security } from '../shapes.ts';

export const lowUserId: Rule = {
  id: 'low-user-id',
  title: 'Container with the user id of a system user',
  why: 'The id may belong to a user of the node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container, spec) => {
    const user = security(container, spec, 'runAsUser');
    return user.number !== undefined && user.number < 10000 ? { at: user, message: 'The user id is below 10000' } : undefined;
  }),
};
