import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const writableHostPath: Rule = {
  id: 'writable-host-path',
  title: 'Directory of the node that can be written',
  why: 'What one pod writes there, all others read.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec) => {
    const names = new Set(
      spec
        .get('volumes')
        .items()
        .filter((volume) => volume.get('hostPath').exists)
        .map((volume) => volume.get('name').text),
    );
    const mounts = spec
      .get('containers')
      .items()
      .flatMap((container) => container.get('volumeMounts').items());
    const found = mounts.find((mount) => names.has(mount.get('name').text) && !mount.get('readOnly').isTrue);
    return (
      found && { at: found.get('name'), message: 'The directory of the node can be written', fix: { add: 'readOnly: true', to: found } }
    );
  }),
};
