import type { Json } from '../object.ts';

/** The path element of a field. */
export function fieldElement(name: string): string {
  return `f:${name}`;
}

/** The path element of a value in a set. */
export function valueElement(value: Json): string {
  return `v:${JSON.stringify(value)}`;
}

/** The path element of an item by the values of its keys, which must be sorted by name. */
export function keyElement(keys: readonly (readonly [string, Json])[]): string {
  return `k:{${keys.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

/**
 * The order that elements are written in: fields, items by their keys, values, and items by their place; numbers by
 * their size, before all else.
 * Upstream: `PathElement.Compare` of structured-merge-diff.
 */
export function compareElements(left: string, right: string): number {
  if (left.startsWith('f:') && right.startsWith('f:')) return left < right ? -1 : left > right ? 1 : 0;
  const kind = kinds.indexOf(left.slice(0, 2)) - kinds.indexOf(right.slice(0, 2));
  if (kind !== 0) return kind;
  if (hasNumber.test(left) || hasNumber.test(right)) return compareValues(JSON.parse(left.slice(2)), JSON.parse(right.slice(2)));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Puts elements in that order, in place. Names of fields, of which there may be very many, are compared by the engine itself. */
export function sortElements(elements: string[]): string[] {
  return elements.every((element) => element.startsWith('f:')) ? elements.sort() : elements.sort(compareElements);
}

/** What a set says of the place itself stands first. */
const kinds: readonly string[] = ['.', 'f:', 'k:', 'v:', 'i:'];
const hasNumber = /^(?:[vi]:-?\d|k:.*":-?\d)/;

function compareValues(left: Json, right: Json): number {
  if (typeof left === 'number') return typeof right === 'number' ? left - right : -1;
  if (typeof right === 'number') return 1;
  if (typeof left !== 'object' || typeof right !== 'object') {
    const [a, b] = [JSON.stringify(left), JSON.stringify(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const [a, b] = [Object.entries(left ?? {}), Object.entries(right ?? {})];
  for (const [index, [name, value]] of a.entries()) {
    const [otherName, other] = b[index] ?? [''];
    const order = name < otherName ? -1 : name > otherName ? 1 : compareValues(value, other ?? null);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Name of the field an element stands for; undefined for items of lists. */
export function fieldNameOf(element: string): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

/** A path as error texts show it: `.spec.containers[name="a"].args`. */
export function formatPath(path: readonly string[]): string {
  return path.map(formatElement).join('');
}

/** One element of a path as error texts show it. */
export function formatElement(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (!element.startsWith('k:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as { [key: string]: Json });
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
