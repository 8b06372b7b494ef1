import { t } from '@vscode/l10n';
import type { Field } from '../../documents/field.ts';
import type { Finding, Rule } from '../rule.ts';

export const sortedKeys: Rule = {
  id: 'sorted-keys',
  title: 'Fields that are not in alphabetical order',
  why: 'Where all manifests are sorted, changes are easier to compare.',
  severity: 'off',
  house: true,
  scope: 'object',
  check: ({ object }) => unsorted(object),
};

/** The first field out of order in each mapping. */
function unsorted(field: Field): Finding[] {
  const entries = field.entries();
  const at = entries.findIndex(([name], index) => index > 0 && name < (entries[index - 1]?.[0] ?? ''));
  const found = entries[at];
  const before = entries[at - 1];
  const here: Finding[] =
    found && before ? [{ at: found[1], onName: true, message: t('{0} belongs before {1}', found[0], before[0]) }] : [];
  return [...here, ...[...entries.map(([, value]) => value), ...field.items()].flatMap(unsorted)];
}
