import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const hostPath: Rule = {
  id: 'host-path',
  title: 'Volume of the node',
  why: 'What a pod finds there depends on where it runs, and others may have changed it.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec) =>
    spec
      .get('volumes')
      .items()
      .map((volume) => volume.get('hostPath'))
      .filter((volume) => volume.exists)
      .map((at) => ({ at, onName: true, message: 'The volume is a path of the node' })),
  ),
};
