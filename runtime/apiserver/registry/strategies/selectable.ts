import { type ApiObject, valueAt } from '../api-object.ts';
import type { SelectableFields } from '../strategy.ts';

/** Selectable fields that are just paths into the object; numbers and booleans are written out. */
export function selectableByPath(
  names: readonly string[],
  unknown: (name: string) => string,
  aliases: Readonly<Record<string, string>> = {},
): SelectableFields {
  const paths = names.map((name) => ({ name, path: name.split('.') }));
  return {
    names,
    aliases,
    unknown,
    values: (object: ApiObject) => Object.fromEntries(paths.map(({ name, path }) => [name, textOf(valueAt(object, ...path))])),
  };
}

/** A scalar as selectors compare it; empty when there is none. */
export function textOf(value: unknown): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** Upstream's answer for kinds of the core group. */
export function notSupportedLabel(name: string): string {
  return `field label not supported: ${name}`;
}
