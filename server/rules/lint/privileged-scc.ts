import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const privilegedScc: Rule = {
  id: 'privileged-scc',
  title: 'Security context constraints that allow privileged containers',
  why: 'Whoever may use them is root on the nodes.',
  severity: 'hint',
  scope: 'object',
  check: perObject(['SecurityContextConstraints'], (object) => {
    const allowed = object.get('allowPrivilegedContainer');
    return allowed.isTrue ? [{ at: allowed, message: 'Privileged containers are allowed', fix: { replace: 'false' } }] : [];
  }),
};
