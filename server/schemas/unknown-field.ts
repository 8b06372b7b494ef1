import { t } from '@vscode/l10n';
import { didYouMean } from '../documents/did-you-mean.ts';
import { absence, changeOf } from '../versions/history.ts';
import { nearest } from './distance.ts';
import type { StructuralSchema } from './structural.ts';

/** White space that people cannot see to be none of YAML's: non-breaking, full-width and the like. */
const oddSpace = /^[ \u00a0\u2000-\u200b\u202f\u3000\ufeff]*[\u00a0\u2000-\u200b\u202f\u3000\ufeff]/;

/**
 * What is said of a field that a schema does not have, and the field that was meant.
 *
 * @param field the path of the field
 * @param definition the name of the schema's definition
 * @param home finds where in its object the field belongs, at another level
 */
export function unknownField(
  field: string,
  name: string,
  schema: StructuralSchema,
  definition: string | undefined,
  release: string,
  home: () => string | undefined = () => undefined,
): { readonly message: string; readonly meant: string | undefined } {
  const absent = absence(changeOf(definition, name), release);
  const meant = absent === '' ? nearest(name, Object.keys(schema.properties ?? {})) : undefined;
  if (oddSpace.test(name))
    return {
      message: `unknown field "${field}"${t(': a space of another kind stands before it, which is no indentation')}`,
      meant: undefined,
    };
  if (meant !== undefined) return { message: `unknown field "${field}"${didYouMean(meant)}`, meant };
  const elsewhere = absent === '' ? home() : undefined;
  return { message: `unknown field "${field}"${elsewhere === undefined ? absent : t(': it belongs to {0}', elsewhere)}`, meant };
}
