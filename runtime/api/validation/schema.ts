import type { Schema } from '../kinds/schema.ts';
import { definitions, referencedDefinition } from '../structure/definitions.ts';
import type { Errors } from './checks.ts';
import { notSupported, required } from './field-error.ts';
import { Path } from './path.ts';

/**
 * What a schema alone can tell of an object: texts and references that must be there, and values out of a fixed list. For kinds that have no rules of
 * their own. The object must have passed `checkStructure`.
 */
export function validateAgainstSchema(definition: string, object: object, errors: Errors): void {
  const schema = definitions[definition];
  if (schema?.properties === undefined) return;
  for (const [name, property] of Object.entries(schema.properties)) {
    if (name === 'apiVersion' || name === 'kind' || name === 'metadata' || name === 'status') continue;
    validateField(property, name, schema, object, Path.of(name), errors);
  }
}

function validateField(property: Schema, name: string, owner: Schema, object: object, path: Path, errors: Errors): void {
  const value = (object as Record<string, unknown>)[name];
  if (value === undefined) {
    if (owner.required?.includes(name) === true && property.type !== 'array' && property.type !== 'object' && isDemanded(property)) {
      errors.push(required(path));
    }
    return;
  }
  validateValue(property, value, path, errors);
}

/** Numbers and booleans that are absent count as zero and false, and structs as empty. */
function isDemanded(property: Schema): boolean {
  return property.type === 'string';
}

function validateValue(schema: Schema, value: unknown, path: Path, errors: Errors): void {
  const reference = referencedDefinition(schema);
  const target = reference === undefined ? schema : (definitions[reference] ?? schema);
  if (typeof value === 'string') {
    if (target.enum !== undefined && !target.enum.includes(value)) errors.push(notSupported(path, value, target.enum));
  } else if (Array.isArray(value)) {
    const { items } = target;
    if (items !== undefined) for (const [index, item] of value.entries()) validateValue(items, item, path.index(index), errors);
  } else if (typeof value === 'object' && value !== null) {
    const { additionalProperties } = target;
    for (const [name, property] of Object.entries(target.properties ?? {})) {
      validateField(property, name, target, value, path.child(name), errors);
    }
    if (additionalProperties !== undefined) {
      for (const [key, each] of Object.entries(value)) validateValue(additionalProperties, each, path.key(key), errors);
    }
  }
}
