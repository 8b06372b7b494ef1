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
