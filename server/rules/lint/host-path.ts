import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const hostPath: Rule = {
  id: 'host-path',
  title: 'Volume of the node',
  why: 'What a pod finds there depends on where it runs, and others may have changed it.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec) => {
    const found = spec
      .get('volumes')
      .items()
      .map((volume) => volume.get('hostPath'))
      .find((volume) => volume.exists);
    return found && { at: found, onName: true, message: 'The volume is a path of the node' };
  }),
};
