import type { YAMLMap } from 'yaml';
import { type FieldError, formatFieldError, required } from '../../runtime/api/validation/field-error.ts';
import { Path } from '../../runtime/api/validation/path.ts';
import { type FieldPath, formatPath, locate, parsePath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import type { Tree } from '../documents/tree.ts';
import type { KnownKind } from './kinds.ts';

interface Named {
  readonly metadata?: { readonly name?: string; readonly generateName?: string } | null;
}

/** What the API server would refuse in an object that its schema allows, each at the field it names. */
export function ruleProblems(tree: Tree, map: YAMLMap, known: KnownKind, path: FieldPath): Problem[] {
  const object: Named = map.toJS(tree.document, { maxAliasCount: -1 });
  return errorsOf(object, known).flatMap((error) => {
    const found = locate(tree, [...path, ...parsePath(error.field)]);
    if (!found) return [];
    const prefix = path.length === 0 ? '' : `${formatPath(path)}: `;
    return [{ start: found.start, end: found.end, severity: 'error' as const, code: 'rule', message: prefix + formatFieldError(error) }];
  });
}

function errorsOf(object: Named, known: KnownKind): readonly FieldError[] {
  if (known.named && !object.metadata?.name && !object.metadata?.generateName) {
    return [required(Path.of('metadata', 'name'), 'name or generateName is required')];
  }
  return [];
}
