import { duplicate, type FieldError, invalid } from '../validation/field-error.ts';
import type { Path } from '../validation/path.ts';
import { isObject, type JsonSchema, openFields, propertyOf } from './json-schema.ts';

/** Reports items that stand twice in sets, and keys that stand twice in lists that are maps. Follows upstream's `structural schema listtype`. */
export function validateListTypes(value: unknown, schema: JsonSchema | undefined, path: Path, errors: FieldError[]): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    if (schema['x-kubernetes-list-type'] === 'set') reportRepeated(value, value, path, errors);
    else if (schema['x-kubernetes-list-type'] === 'map') validateMapList(value, schema, path, errors);
    for (const [index, item] of value.entries()) validateListTypes(item, schema.items, path.index(index), errors);
    return;
  }
  if (!isObject(value)) return;
  const open = openFields(schema);
  for (const [name, field] of Object.entries(value)) {
    const property = propertyOf(schema, name);
    if (property !== undefined) validateListTypes(field, property, path.child(name), errors);
    else validateListTypes(field, open.schema, path.key(name), errors);
  }
}

function validateMapList(items: readonly unknown[], schema: JsonSchema, path: Path, errors: FieldError[]): void {
  const stray = items.findIndex((item) => item !== null && !isObject(item));
  if (stray >= 0) {
    errors.push(invalid(path.index(stray), items[stray], 'must be an object for an array of list-type map'));
    return;
  }
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  const keys = items.map((item) =>
    Object.fromEntries(names.flatMap((name) => (isObject(item) && Object.hasOwn(item, name) ? [[name, item[name]]] : []))),
  );
  reportRepeated(keys, keys, path, errors);
}

/** Of a value that stands several times the second is told, and no other. */
function reportRepeated(values: readonly unknown[], shown: readonly unknown[], path: Path, errors: FieldError[]): void {
  const seen = new Map<string, number>();
  for (const [index, value] of values.entries()) {
    const text = canonical(value);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    if (times === 1) errors.push(duplicate(path.index(index), shown[index]));
  }
}

/** JSON with sorted keys, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}
