import type { Rule } from '../rule.ts';
import { perContainer, security } from '../shapes.ts';

export const hostProcess: Rule = {
  id: 'host-process',
  title: 'Windows container that is a process of the node',
  why: 'It can do whatever its account can do on the node.',
  severity: 'hint',
  scope: 'object',
  check: perContainer((container, spec) => {
    const host = security(container, spec, 'windowsOptions', 'hostProcess');
    return host.isTrue ? { at: host, message: 'The container is a process of the node' } : undefined;
  }),
};
