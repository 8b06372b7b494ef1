import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const clusterAdmin: Rule = {
  id: 'cluster-admin',
  title: 'Binding to cluster-admin',
  why: 'Whoever holds it can do anything in the whole cluster.',
  severity: 'hint',
  scope: 'object',
  check: perObject(['RoleBinding', 'ClusterRoleBinding'], (object) => {
    const name = object.get('roleRef', 'name');
    return name.text === 'cluster-admin' ? [{ at: name, message: 'cluster-admin may do anything' }] : [];
  }),
};
