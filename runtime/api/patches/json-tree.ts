import { formatGoNumber, isInt64 } from '../go-number.ts';
import type { Json } from '../object.ts';

/** A JSON object. Keys come from requests, so they are read and written through the functions of this file, which know that `__proto__` is a key like any other. */
export type JsonMap = { [key: string]: Json };

/** Whether a JSON value is an object (neither null nor a list). */
export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The map's own value of a key, never something inherited. */
export function getKey(map: JsonMap, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Sets a key of a map that the caller made itself. Assigning `__proto__` would replace the map's prototype, so that key is defined instead. */
export function setKey<T>(map: { [key: string]: T }, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  else map[key] = value;
}

/** Whether two JSON values are equal, whatever the order of their keys. */
export function equalJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => equalJson(item, right[index]));
  }
  if (!isMap(left) || !isMap(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key], right[key]));
}

/** A JSON value as Go prints it with `%v`, which is how upstream's error texts show it: `map[image:x name:c1]`. */
export function formatGo(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(formatGo).join(' ')}]`;
  if (typeof value === 'number') return formatGoNumber(value);
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}:${formatGo(item)}`);
  return `map[${entries.join(' ')}]`;
}

/** The Go type a JSON value is decoded into, as upstream's error texts name it. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' && !isInt64(value) ? 'float64' : 'int64';
}
