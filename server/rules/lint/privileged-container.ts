import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const privilegedContainer: Rule = {
  id: 'privileged-container',
  title: 'Privileged container',
  why: 'It can do whatever root can do on the node.',
  severity: 'hint',
  scope: 'object',
  check: perContainer((container) => {
    const privileged = container.get('securityContext', 'privileged');
    return privileged.isTrue ? { at: privileged, message: 'The container is as mighty as root on the node' } : undefined;
  }),
};
