import { grantsOf } from '../grants.ts';
import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const secretAccess: Rule = {
  id: 'secret-access',
  title: 'Role that may read or write Secrets',
  why: 'Whoever can list Secrets has every password of the namespace.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Role', 'ClusterRole'], (object) =>
    grantsOf(object, { '': ['secrets'] }, ['get', 'list', 'watch', 'create', 'delete']).map((at) => ({
      at,
      message: 'This role may read or write Secrets',
    })),
  ),
};
