import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perContainer, security } from '../shapes.ts';

export const lowGroupId: Rule = {
  id: 'low-group-id',
  title: 'Container with the group id of a system group',
  why: 'The id may belong to a group of the node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container, spec) => {
    const group = security(container, spec, 'runAsGroup');
    if (group.number === undefined) {
      return lacking(container, 'The container names no group id', addSecurity(container, 'runAsGroup: 10001'));
    }
    return group.number < 10000 ? { at: group, message: 'The group id is below 10000' } : undefined;
  }),
};
