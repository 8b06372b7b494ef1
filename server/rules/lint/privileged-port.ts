import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const privilegedPort: Rule = {
  id: 'privileged-port',
  title: 'Container that listens on a port below 1024',
  why: 'Only root may listen there unless the kernel is told otherwise.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const ports = container
      .get('ports')
      .items()
      .map((item) => item.get('containerPort'));
    const found = ports.find((field) => field.number !== undefined && field.number < 1024);
    return found && { at: found, message: 'Ports below 1024 are for root' };
  }),
};
