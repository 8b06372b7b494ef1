import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const hostPort: Rule = {
  id: 'host-port',
  title: 'Port of the node taken by a container',
  why: 'Only one such pod fits on a node, and network policies do not hold for it.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const port = container
      .get('ports')
      .items()
      .map((item) => item.get('hostPort'))
      .find((field) => field.exists);
    return port && { at: port, message: 'The container takes a port of the node' };
  }),
};
