import type { Json } from '../object.ts';
import { formatGo, getKey, isMap, type JsonMap } from './json-tree.ts';
import { PatchError } from './patch-error.ts';

/** The text for a list item without its merge key. */
export function noMergeKey(item: Json, mergeKey: string): PatchError {
  return new PatchError(500, `map: ${formatGo(item)} does not contain declared merge key: ${mergeKey}`);
}

/** The value by which an item is known in its list: its merge key's, or the scalar itself. */
export function identityOf(item: Json, mergeKey: string): Json {
  if (mergeKey === '') return item;
  const key = isMap(item) ? getKey(item, mergeKey) : undefined;
  if (key === undefined) throw noMergeKey(item, mergeKey);
  return key;
}

/** Place of the item with a given merge key value; -1 if there is none. */
export function findByKey(list: readonly Json[], mergeKey: string, identity: Json): number {
  return list.findIndex((item, index) => {
    if (!isMap(item)) throw new PatchError(500, `value for key ${index} is not a map`);
    return getKey(item, mergeKey) === identity;
  });
}

/**
 * Puts a merged list into its final order: items of the patch in the order of `patchOrder`, the others as they stood, each of those before the
 * first patched item that stood behind it.
 */
export function orderElements(merged: readonly Json[], patchOrder: readonly Json[], liveOrder: readonly Json[], mergeKey: string): Json[] {
  const patchPlaces = places(patchOrder, mergeKey);
  const livePlaces = places(liveOrder, mergeKey);
  const patched: Json[] = [];
  const others: Json[] = [];
  for (const item of merged) (patchPlaces.has(identityOf(item, mergeKey)) ? patched : others).push(item);
  sortByPlace(patched, patchPlaces, mergeKey);
  sortByPlace(others, livePlaces, mergeKey);

  const result: Json[] = [];
  let next = 0;
  for (const item of patched) {
    const place = livePlaces.get(identityOf(item, mergeKey));
    while (place !== undefined && next < others.length) {
      const other = others[next];
      const otherPlace = other === undefined ? undefined : livePlaces.get(identityOf(other, mergeKey));
      if (other === undefined || otherPlace === undefined || otherPlace >= place) break;
      result.push(other);
      next++;
    }
    result.push(item);
  }
  result.push(...others.slice(next));
  return result;
}

function places(list: readonly Json[], mergeKey: string): Map<Json, number> {
  const found = new Map<Json, number>();
  list.forEach((item, index) => {
    const identity = mergeKey === '' ? item : isMap(item) ? getKey(item, mergeKey) : undefined;
    if (identity !== undefined && !found.has(identity)) found.set(identity, index);
  });
  return found;
}

function sortByPlace(list: Json[], order: ReadonlyMap<Json, number>, mergeKey: string): void {
  list.sort((left, right) => (order.get(identityOf(left, mergeKey)) ?? 0) - (order.get(identityOf(right, mergeKey)) ?? 0));
}

/**
 * Checks that the items of a patch list appear in the `$setElementOrder` list, in the same order.
 *
 * @throws PatchError 500 where they do not
 */
export function checkAgainstOrder(patchList: readonly Json[], order: readonly Json[], mergeKey: string): void {
  if (order.length === 0 || patchList.length === 0) return;
  const items = patchList.filter((item) => !(isMap(item) && Object.hasOwn(item, '$patch')));
  let place = 0;
  for (const item of items) {
    const identity = identityOf(item, mergeKey);
    while (place < order.length && identityOf(order[place] ?? null, mergeKey) !== identity) place++;
    if (place >= order.length) {
      const text = `The order in patch list:\n${formatGo([...patchList])}\n doesn't match $setElementOrder list:\n${formatGo([...order])}\n`;
      throw new PatchError(500, text);
    }
    place++;
  }
}

/** Removes duplicates of scalars the way upstream does: a later duplicate gives its place to the last item. */
export function withoutDuplicates(list: readonly Json[]): Json[] {
  const result = [...list];
  for (let first = 0; first < result.length - 1; first++) {
    for (let later = first + 1; later < result.length; later++) {
      if (result[first] !== result[later]) continue;
      const last = result.pop();
      if (later < result.length && last !== undefined) result[later] = last;
      later--;
    }
  }
  return result;
}

/** A list item that must be an object. */
export function asMap(item: Json): JsonMap {
  if (isMap(item)) return item;
  throw new PatchError(500, 'list element types are not identical');
}
