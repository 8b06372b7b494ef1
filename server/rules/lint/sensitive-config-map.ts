import { t } from '@vscode/l10n';
import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const sensitiveConfigMap: Rule = {
  id: 'sensitive-config-map',
  title: 'Secret in a ConfigMap',
  why: 'ConfigMaps are readable by many more than Secrets are.',
  severity: 'hint',
  scope: 'object',
  check: perObject(['ConfigMap'], (object) =>
    object
      .get('data')
      .entries()
      .filter(([name, value]) => /(^|[-_.])(password|passwd|token|api-?key|private-?key)$/i.test(name) && value.text !== undefined)
      .map(([name, value]) => ({ at: value, onName: true, message: t('{0} belongs into a Secret', name) })),
  ),
};
