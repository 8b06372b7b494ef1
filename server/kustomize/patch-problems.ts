import type { Problem } from '../documents/problem.ts';
import { writtenCodes } from '../schemas/written-codes.ts';

/** What is wrong in a patch as well as in a whole object. */
const certain = new Set([...writtenCodes, 'duplicate-field']);

/** Directives of strategic merge patches, which are fields of no kind. */
const directive = /(^|\.)\$(patch|retainKeys|deleteFromPrimitiveList\/[^.]+|setElementOrder\/[^.]+|patchMergeKey)$/;

/** The problems of an object that are problems of a patch, too: what it lacks, the patched object has. */
export function inPatch(problems: readonly Problem[]): Problem[] {
  return problems.filter(
    ({ code, path = '', message }) => certain.has(code) && !directive.test(path) && !message.includes('Invalid value: null'),
  );
}
