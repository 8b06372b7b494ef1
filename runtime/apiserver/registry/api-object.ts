export type { ApiObject } from '../../api/object.ts';

/** A JSON object of unknown content. */
export type Dict = Record<string, unknown>;

/** Whether `value` is a JSON object. */
export function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of field names; undefined when any step is missing. */
export function valueAt(object: unknown, ...path: readonly string[]): unknown {
  let value = object;
  for (const step of path) {
    if (!isDict(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** The string at a path; empty when there is none. */
export function stringAt(object: unknown, ...path: readonly string[]): string {
  const value = valueAt(object, ...path);
  return typeof value === 'string' ? value : '';
}

/** The number at a path; undefined when there is none. */
export function numberAt(object: unknown, ...path: readonly string[]): number | undefined {
  const value = valueAt(object, ...path);
  return typeof value === 'number' ? value : undefined;
}

/** The array at a path; empty when there is none. */
export function arrayAt(object: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = valueAt(object, ...path);
  return Array.isArray(value) ? value : [];
}

/** The JSON object at a path, made (with those above it) when it is missing. */
export function ensureDict(object: Dict, ...path: readonly string[]): Dict {
  let current = object;
  for (const step of path) {
    const next = current[step];
    if (isDict(next)) {
      current = next;
    } else {
      const made: Dict = {};
      current[step] = made;
      current = made;
    }
  }
  return current;
}

/** A deep copy of a JSON value. */
export function copyJson<T>(value: T): T;
export function copyJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => copyJson(item));
  if (!isDict(value)) return value;
  const copy: Dict = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: copyJson(value[key]), enumerable: true, configurable: true, writable: true });
    else copy[key] = copyJson(value[key]);
  }
  return copy;
}

/** Whether two JSON values are equal; the order of an object's keys does not count. */
export function jsonEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => jsonEqual(item, b[index]));
  }
  if (!isDict(a) || !isDict(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && jsonEqual(a[key], b[key]));
}
