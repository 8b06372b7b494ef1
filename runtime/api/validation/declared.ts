import { type Errors, immutableMessage, reportInvalid } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { duplicate, invalid, required } from './field-error.ts';
import type { Path } from './path.ts';

/** What upstream generates from the tags of its types, in the words of `k8s.io/apimachinery/pkg/api/validate`. */

type Problems = (text: string) => readonly string[];

/** `+k8s:required` and `+k8s:format`: an empty text is missing. */
export function declareText(text: string | undefined, problems: Problems, path: Path, errors: Errors): void {
  if (text === undefined || text === '') errors.push(required(path));
  else reportInvalid(problems(text), text, path, errors);
}

/** `+k8s:optional` and `+k8s:format` of what may be left out, which nothing else is the same as. */
export function declareOptionalText(text: string | undefined, problems: Problems, path: Path, errors: Errors): void {
  if (text !== undefined) reportInvalid(problems(text), text, path, errors);
}

/** `+k8s:minimum` and `+k8s:maximum`, where there is a number. */
export function declareRange(
  value: number | undefined,
  minimum: number,
  path: Path,
  errors: Errors,
  maximum = Number.POSITIVE_INFINITY,
): void {
  if (value === undefined) return;
  if (value > maximum) errors.push(invalid(path, value, `must be less than or equal to ${maximum}`));
  if (value < minimum) errors.push(invalid(path, value, `must be greater than or equal to ${minimum}`));
}

/** `+k8s:unionMember` of each of the members: one of them is to be there, and no more. */
export function declareUnion<T extends object>(union: T, members: readonly (keyof T & string)[], path: Path, errors: Errors): void {
  const given = members.filter((member) => union[member] !== undefined);
  const all = members.map((member) => `\`${member}\``).join(', ');
  if (given.length > 1) errors.push(invalid(path, `{${given.join(', ')}}`, `must specify exactly one of: ${all}`));
  if (given.length === 0) errors.push(invalid(path, '', `must specify one of: ${all}`));
}

/** `+k8s:immutable` of an update: what stands there is not shown. */
export function declareImmutable(value: unknown, old: unknown, path: Path, errors: Errors): void {
  if (!semanticEqual(value, old)) errors.push(invalid(path, null, immutableMessage));
}

/** `+k8s:listType=map`: of items with the same key, all but the first are one too many, and shown whole. */
export function declareUnique<T>(list: readonly T[], keyOf: (item: T) => string, path: Path, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    if (seen.has(keyOf(item))) errors.push(duplicate(path.index(index), item));
    else seen.add(keyOf(item));
  }
}
