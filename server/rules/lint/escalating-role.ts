import { t } from '@vscode/l10n';
import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

const verbs: ReadonlySet<string | undefined> = new Set(['bind', 'escalate', 'impersonate']);

export const escalatingRole: Rule = {
  id: 'escalating-role',
  title: 'Role whose holders can make themselves mightier',
  why: 'Who may bind, escalate or impersonate can do what others may do.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Role', 'ClusterRole'], (object) =>
    object
      .get('rules')
      .items()
      .flatMap((rule) => rule.get('verbs').items())
      .filter((verb) => verbs.has(verb.text))
      .map((at) => ({ at, message: t('With "{0}" holders of the role can gain other rights', at.text ?? '') })),
  ),
};
