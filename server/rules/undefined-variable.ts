import { t } from '@vscode/l10n';
import { didYouMean } from '../documents/did-you-mean.ts';
import type { Field } from '../documents/field.ts';
import { nearest } from '../schemas/distance.ts';
import type { Finding, Rule } from './rule.ts';
import { perEachContainer } from './shapes.ts';

/** `$(NAME)`; `$$(NAME)` stands for itself. Lower-case names are more likely commands for a shell. */
const reference = /(\$\$)|\$\(([A-Z_][A-Z0-9_]*)\)/g;

/** Variables that the kubelet itself sets, for every Service. */
const given = /_SERVICE_(HOST|PORT)|_PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?$/;

/** `$(NAME)` in commands, arguments and values where no such variable is. */
export const undefinedVariable: Rule = {
  id: 'undefined-variable',
  title: 'Variable that is not defined',
  why: 'Where a variable is not known, `$(NAME)` is handed to the program as it is written.',
  severity: 'hint',
  scope: 'object',
  check: perEachContainer((container) => {
    // What these bring is not always known.
    if (container.get('envFrom').items().length > 0) return [];
    const variables = container.get('env').items();
    const names = variables.flatMap((variable) => variable.get('name').text ?? []);
    const words = ['command', 'args'].flatMap((list) => container.get(list).items());
    return [
      ...words.flatMap((word) => undefinedIn(word, names)),
      // A value may use the variables above it alone.
      ...variables.flatMap((variable, at) => undefinedIn(variable.get('value'), names.slice(0, at))),
    ];
  }),
};

function undefinedIn(field: Field, names: readonly string[]): Finding[] {
  const used = [...(field.text ?? '').matchAll(reference)].flatMap(([, , name]) => name ?? []);
  return used
    .filter((name) => !names.includes(name) && !given.test(name))
    .map((name) => {
      const meant = nearest(name, names);
      return {
        at: field,
        message: t('No variable "{0}" is defined here', name) + didYouMean(meant),
        ...(meant !== undefined && { severity: 'warning' as const }),
      };
    });
}
