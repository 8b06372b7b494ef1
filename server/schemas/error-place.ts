import { isMap, isScalar, type YAMLMap } from 'yaml';
import { type FieldError, formatFieldError } from '../../runtime/api/validation/field-error.ts';
import { type FieldPath, locate, parsePath } from '../documents/path.ts';
import type { Span } from '../documents/span.ts';
import { type Entry, rangeOf, type Tree } from '../documents/tree.ts';

/** Where an error is told: the place to change, which is narrower than its field where it names an entry of it. */
export interface ErrorPlace extends Span {
  /** Whether the field itself stands there. */
  readonly exact: boolean;
}

/**
 * Finds what an error is about, at a path from the root of a document. Of labels and the like upstream names the whole mapping, and the entry only
 * by its name or value.
 *
 * @param before how many of the same errors came before this one
 */
export function placeOf(tree: Tree, path: FieldPath, error: FieldError, before: number): ErrorPlace | undefined {
  const found = locate(tree, path);
  if (!found) return undefined;
  const { node, exact } = found;
  if (!exact && typeof path.at(-1) === 'number') return onlyOne(tree, path) ?? found;
  const entry = exact && isMap(node) ? entryMeant(tree, node, error, before) : undefined;
  return entry ? { ...entry, exact: false } : found;
}

/** The field that says alone what is first in a list of them: what `clusterIP` says, defaulting has copied to `clusterIPs`. */
function onlyOne(tree: Tree, path: FieldPath): ErrorPlace | undefined {
  const list = path.at(-2);
  if (path.at(-1) !== 0 || typeof list !== 'string' || !list.endsWith('s')) return undefined;
  const found = locate(tree, [...path.slice(0, -2), list.slice(0, -1)]);
  return found?.exact ? found : undefined;
}

function entryMeant(tree: Tree, map: YAMLMap, { value, detail }: FieldError, before: number): Span | undefined {
  if (typeof value !== 'string') return undefined;
  const entries = tree.entries(map);
  const [, resource] = /^must be (?:less than or equal|equal) to (\S+) limit/.exec(detail) ?? [];
  const named = entries.filter(({ name }) => name === (resource ?? value));
  const [only] = named;
  if (only) return rangeOf(resource === undefined ? only.key : (only.value ?? only.key));
  const valued = entries.filter((entry) => textOf(tree, entry) === value);
  const meant = valued[before] ?? valued[0];
  return meant?.value ? rangeOf(meant.value) : undefined;
}

function textOf(tree: Tree, { value }: Entry): string | undefined {
  const node = tree.resolve(value);
  return isScalar(node) ? String(node.value) : undefined;
}

/** The errors without those that tell of a default what was told of the value that it was taken from: a limit is the request, too. */
export function withoutCopies(errors: readonly FieldError[], isWritten: (path: FieldPath) => boolean): readonly FieldError[] {
  const told = new Set(errors.map((error) => `${error.field} ${formatFieldError({ ...error, field: '' })}`));
  return errors.filter((error) => {
    const original = error.field.replace(/\.resources\.requests\[/, '.resources.limits[');
    if (original === error.field || !told.has(`${original} ${formatFieldError({ ...error, field: '' })}`)) return true;
    return isWritten(parsePath(error.field));
  });
}
