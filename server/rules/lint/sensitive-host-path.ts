import { t } from '@vscode/l10n';
import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const sensitiveHostPath: Rule = {
  id: 'sensitive-host-path',
  title: 'Directory of the node in a pod',
  why: 'What the node itself lives on can be read, and often changed.',
  severity: 'hint',
  scope: 'object',
  check: perPod((spec) => {
    const paths = spec
      .get('volumes')
      .items()
      .map((volume) => volume.get('hostPath', 'path'));
    const found = paths.find((path) => /^\/($|(etc|boot|dev|lib|proc|root|sys|usr)(\/|$)|var\/lib\/kubelet)/.test(path.text ?? ''));
    return found && { at: found, message: t('{0} belongs to the node', found.text ?? '') };
  }),
};
