import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const unmaskedProc: Rule = {
  id: 'unmasked-proc',
  title: 'Container with an unmasked /proc',
  why: 'It can read and change what the kernel says of the whole node.',
  severity: 'hint',
  scope: 'object',
  check: perContainer((container) => {
    const mount = container.get('securityContext', 'procMount');
    return mount.text === 'Unmasked' ? { at: mount, message: '/proc is open to the container', fix: { replace: 'Default' } } : undefined;
  }),
};
