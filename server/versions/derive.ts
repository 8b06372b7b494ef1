import type { Definitions, Schema } from '../../runtime/api/kinds/schema.ts';
import { isIn, newest, releases } from './history.ts';

/** The definitions of a release, made from the newest ones. What did not change is shared with them. */
export function definitionsOf(release: string, current: Definitions): Definitions {
  if (release === newest) return current;
  const derived: Record<string, Schema> = { ...current, ...releases.definitions };
  for (const [name, changes] of Object.entries(releases.fields)) {
    const schema = derived[name];
    if (!schema) continue;
    const properties: Record<string, Schema> = { ...schema.properties };
    const required = new Set(schema.required);
    for (const [field, change] of Object.entries(changes)) {
      if (!isIn(change, release)) {
        delete properties[field];
        required.delete(field);
      } else if (change.schema) {
        properties[field] = change.schema;
        if (change.required) required.add(field);
      }
    }
    derived[name] = { ...schema, properties, ...(schema.required || required.size > 0 ? { required: [...required] } : {}) };
  }
  for (const [name, fields] of Object.entries(releases.values)) {
    const schema = derived[name];
    if (!schema?.properties) continue;
    const properties = { ...schema.properties };
    for (const [field, values] of Object.entries(fields)) {
      const property = properties[field];
      if (property) properties[field] = withValues(property, (value) => !values[value] || isIn(values[value], release));
    }
    derived[name] = { ...schema, properties };
  }
  return derived;
}

/** The schema of an enumeration, or of a list of its values, with some of them. */
function withValues(schema: Schema, has: (value: string) => boolean): Schema {
  if (schema.items) return { ...schema, items: withValues(schema.items, has) };
  return schema.enum ? { ...schema, enum: schema.enum.filter(has) } : schema;
}
