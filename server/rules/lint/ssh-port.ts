import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const sshPort: Rule = {
  id: 'ssh-port',
  title: 'Container that listens on the port of SSH',
  why: 'A shell server in a container is a second way in beside kubectl exec.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const port = container
      .get('ports')
      .items()
      .map((item) => item.get('containerPort'))
      .find((field) => field.number === 22);
    return port && { at: port, message: 'Port 22 is that of SSH' };
  }),
};
