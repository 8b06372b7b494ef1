import { setKey } from '../patches/json-tree.ts';
import { copyValue, isObject, type JsonObject, type JsonSchema, openFields, propertyOf } from './json-schema.ts';

/**
 * Fills in the defaults of a schema, in place, once a null where none may stand has been taken for a field that was left out, unless such nulls are
 * to be kept. Follows upstream's `structural schema defaulting`.
 */
export function applySchemaDefaults(object: JsonObject, schema: JsonSchema, nulls: 'dropped' | 'kept' = 'dropped'): void {
  if (nulls === 'dropped') dropNulls(object, schema);
  setDefaults(object, schema);
}

function dropNulls(value: unknown, schema: JsonSchema | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item, schema.items);
    return;
  }
  if (!isObject(value)) return;
  const open = openFields(schema);
  for (const name of Object.keys(value)) {
    const property = propertyOf(schema, name);
    if (property !== undefined && isStrayNull(value[name], property) && property.default === undefined) delete value[name];
    else dropNulls(value[name], property ?? open.schema);
  }
}

function setDefaults(value: unknown, schema: JsonSchema | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const { items } = schema;
    for (const [index, item] of value.entries()) {
      if (items?.default !== undefined && isStrayNull(item, items)) value[index] = copyValue(items.default);
      setDefaults(value[index], items);
    }
    return;
  }
  if (!isObject(value)) return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined) continue;
    if (!Object.hasOwn(value, name) || isStrayNull(value[name], property)) setKey(value, name, copyValue(property.default));
  }
  const open = openFields(schema);
  for (const name of Object.keys(value)) {
    const property = propertyOf(schema, name);
    if (property === undefined && open.schema?.default !== undefined && isStrayNull(value[name], open.schema)) {
      setKey(value, name, copyValue(open.schema.default));
    }
    setDefaults(value[name], property ?? open.schema);
  }
}

function isStrayNull(value: unknown, schema: JsonSchema): boolean {
  return value === null && !schema.nullable;
}
