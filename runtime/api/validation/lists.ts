import type { Errors } from './checks.ts';
import { duplicate, tooMany } from './field-error.ts';
import type { Path } from './path.ts';

type CheckItem<T> = (item: T, path: Path, errors: Errors) => void;

/** Each item of a list that may hold so many. A longer list is not looked into. Gives whether it was. */
export function checkItems<T>(list: readonly T[], limit: number, path: Path, errors: Errors, check: CheckItem<T>): boolean {
  if (list.length > limit) {
    errors.push(tooMany(path, list.length, limit));
    return false;
  }
  for (const [index, item] of list.entries()) check(item, path.index(index), errors);
  return true;
}

/** As {@link checkItems}, and no two items may have the same key. The key is what an error shows. */
export function checkUniqueItems<T>(
  list: readonly T[],
  limit: number,
  path: Path,
  errors: Errors,
  keyOf: (item: T) => string,
  check: CheckItem<T>,
): void {
  if (!checkItems(list, limit, path, errors, check)) return;
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const key = keyOf(item);
    if (seen.has(key)) errors.push(duplicate(path.index(index), key));
    else seen.add(key);
  }
}
