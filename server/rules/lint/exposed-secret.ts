import { t } from '@vscode/l10n';
import type { Field } from '../../documents/field.ts';
import type { Finding, Rule } from '../rule.ts';
import { tokenOf } from '../tokens.ts';

export const exposedSecret: Rule = {
  id: 'exposed-secret',
  title: 'Token or key in a manifest',
  why: 'Whoever can read the manifest, or the history of its repository, can use it.',
  severity: 'warning',
  scope: 'object',
  check: ({ object, facts }) => (facts.kind === 'Secret' ? [] : exposed(object, '')),
};

function exposed(field: Field, name: string): Finding[] {
  const { text } = field;
  if (text !== undefined) {
    const token = tokenOf(name, text);
    return token === undefined ? [] : [{ at: field, message: t('This looks like {0}', t(token)) }];
  }
  const named = field.get('value').text === undefined ? undefined : field.get('name').text;
  return [
    ...field.entries().flatMap(([key, value]) => exposed(value, key === 'value' && named !== undefined ? named : key)),
    ...field.items().flatMap((item) => exposed(item, name)),
  ];
}
