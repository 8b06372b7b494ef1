import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const systemMasters: Rule = {
  id: 'system-masters',
  title: 'Binding to the group system:masters',
  why: 'Its members may do anything, and no policy can take that from them.',
  severity: 'off',
  scope: 'object',
  check: perObject(['RoleBinding', 'ClusterRoleBinding'], (object) =>
    object
      .get('subjects')
      .items()
      .map((subject) => subject.get('name'))
      .filter((name) => name.text === 'system:masters')
      .map((at) => ({ at, message: 'Members of system:masters may do anything already' })),
  ),
};
