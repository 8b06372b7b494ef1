import type { Json } from '../object.ts';
import { getKey, isMap } from '../patches/json-tree.ts';
import type { ListType } from './field-types.ts';
import { keyElement, valueElement } from './path-element.ts';

/** Why an item of a list has no path element, in upstream's words. */
export class ItemError extends Error {}

/**
 * The path element by which an item is known in a list of type set or map.
 *
 * @throws ItemError for items without keys, or of a type that cannot be told apart
 */
export function itemElement(item: Json, type: ListType): string {
  if (type.relation === 'set') return setElement(item);
  if (item === null) throw new ItemError('associative list with keys may not have a null element');
  if (!isMap(item)) throw new ItemError('associative list with keys may not have non-map elements');
  const keys: [string, Json][] = [];
  for (const key of type.keys) {
    const value = getKey(item, key) ?? (Object.hasOwn(type.defaults, key) ? type.defaults[key] : undefined);
    if (value !== undefined) keys.push([key, value]);
  }
  if (keys.length === 0) {
    const names = `[${type.keys.map((key) => JSON.stringify(key)).join(' ')}]`;
    const text = `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`;
    throw new ItemError(text);
  }
  return keyElement(keys);
}

function setElement(item: Json): string {
  if (item === null) throw new ItemError("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) throw new ItemError('not supported: associative list with lists as elements');
  if (typeof item === 'object') throw new ItemError("associative list without keys has an element that's a map type");
  return valueElement(item);
}

/** Items by their path elements, in order. Items that have none are left out: stored objects may be older than their schema. */
export function indexItems(list: readonly Json[], type: ListType): Map<string, Json[]> {
  const index = new Map<string, Json[]>();
  for (const item of list) {
    const element = tryElement(item, type);
    if (element === undefined) continue;
    const same = index.get(element);
    if (same === undefined) index.set(element, [item]);
    else same.push(item);
  }
  return index;
}

function tryElement(item: Json, type: ListType): string | undefined {
  try {
    return itemElement(item, type);
  } catch (error) {
    if (error instanceof ItemError) return undefined;
    throw error;
  }
}
