import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const mountPropagation: Rule = {
  id: 'mount-propagation',
  title: 'Mount that is passed on to the node',
  why: 'What the container mounts appears on the node.',
  severity: 'hint',
  scope: 'object',
  check: perContainer((container) => {
    const fields = container
      .get('volumeMounts')
      .items()
      .map((mount) => mount.get('mountPropagation'));
    const found = fields.find((field) => field.text === 'Bidirectional');
    return found && { at: found, message: 'Mounts of the container appear on the node' };
  }),
};
