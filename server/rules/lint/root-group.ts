import type { Rule } from '../rule.ts';
import { perContainer, security } from '../shapes.ts';

export const rootGroup: Rule = {
  id: 'root-group',
  title: 'Container in the root group',
  why: 'Files of the root group can be written.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container, spec) => {
    const group = security(container, spec, 'runAsGroup');
    return group.number === 0 ? { at: group, message: 'The container runs in the root group' } : undefined;
  }),
};
