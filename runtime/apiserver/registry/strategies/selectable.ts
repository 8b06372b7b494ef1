import { type ApiObject, valueAt } from '../api-object.ts';
import type { SelectableFields } from '../strategy.ts';

/** Selectable fields that are just paths into the object; numbers and booleans are written out. */
export function selectableByPath(names: readonly string[], unknown: SelectableFields['unknown'] = notSupportedLabel): SelectableFields {
  const paths = names.map((name) => ({ name, path: name.split('.') }));
  return {
    names,
    unknown,
    values: (object: ApiObject) => Object.fromEntries(paths.map(({ name, path }) => [name, textOf(valueAt(object, ...path))])),
  };
}

/** The same for a kind whose clients may not name a namespace. */
export function selectableWithoutNamespace(names: readonly string[], unknown?: SelectableFields['unknown']): SelectableFields {
  return { ...selectableByPath(names, unknown), withoutNamespace: true };
}

/** A scalar as selectors compare it; empty when there is none. */
export function textOf(value: unknown): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** Upstream's answer for kinds of the core group. */
export function notSupportedLabel(name: string): string {
  return `field label not supported: ${name}`;
}
