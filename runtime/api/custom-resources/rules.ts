import type { FieldError } from '../validation/field-error.ts';
import { type JsonObject, type JsonSchema, someSchema } from './json-schema.ts';

/** The rules of a schema that are written in CEL, compiled. */
export interface ObjectRules {
  /** Which rules an object breaks; `old` is what stood there before. */
  validate(object: JsonObject, old: JsonObject | undefined): readonly FieldError[];
}

/** Compiles the rules of a schema; undefined when it has none. */
export function compileRules(schema: JsonSchema): ObjectRules | undefined {
  if (!someSchema(schema, (each) => (each['x-kubernetes-validations'] ?? []).length > 0)) return undefined;
  return undefined;
}
