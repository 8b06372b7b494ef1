import { t } from '@vscode/l10n';
import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const duplicateEnv: Rule = {
  id: 'duplicate-env',
  title: 'Environment variable given twice',
  why: 'Only the last value counts.',
  severity: 'warning',
  scope: 'object',
  check: perContainer((container) => {
    const seen = new Set<string>();
    for (const variable of container.get('env').items()) {
      const name = variable.get('name');
      if (name.text !== undefined && seen.has(name.text))
        return { at: name, message: t('Variable {0} is given twice: the last one counts', name.text ?? '') };
      if (name.text !== undefined) seen.add(name.text);
    }
    return undefined;
  }),
};
