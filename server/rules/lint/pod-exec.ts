import { grantsOf } from '../grants.ts';
import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const podExec: Rule = {
  id: 'pod-exec',
  title: 'Role that may enter pods',
  why: 'Whoever can enter a pod has all that it has.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Role', 'ClusterRole'], (object) =>
    grantsOf(object, { '': ['pods/exec', 'pods/attach'] }, ['create', 'get']).map((at) => ({ at, message: 'This role may enter pods' })),
  ),
};
