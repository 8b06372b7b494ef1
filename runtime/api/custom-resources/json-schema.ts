import type { ValidationRule } from '../generated/types/apiextensions/v1.ts';
import type { Json } from '../object.ts';

/** A schema as it stands in a CustomResourceDefinition: upstream's `JSONSchemaProps`, of which structural schemas are the part that is served. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $schema?: string;
  readonly id?: string;
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly example?: Json;
  readonly nullable?: boolean;
  readonly enum?: readonly Json[];
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly additionalItems?: unknown;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** A JSON object whose content the schema decides. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema of a declared property; undefined for names that are not declared, whatever objects inherit. */
export function propertyOf(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  const properties = schema?.properties;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Whether fields that are not declared stay until they are judged. Those that are forbidden do, so that they are told of. */
export function keepsOpenFields(schema: JsonSchema | undefined): boolean {
  return schema?.additionalProperties !== undefined;
}

/** Whether fields that are not declared are allowed, and the schema they follow, if there is one. */
export function openFields(schema: JsonSchema | undefined): { readonly allowed: boolean; readonly schema: JsonSchema | undefined } {
  const open = schema?.additionalProperties;
  if (open === undefined || open === false) return { allowed: false, schema: undefined };
  return { allowed: true, schema: open === true ? undefined : open };
}

/** Fields that every resource has, at the root and where it is embedded. */
export function isResourceField(name: string): boolean {
  return name === 'apiVersion' || name === 'kind' || name === 'metadata';
}

/** The schemas right below this one, with the steps that lead to them. */
export function* subschemas(schema: JsonSchema): Iterable<readonly [readonly (string | number)[], JsonSchema]> {
  const { items, properties, additionalProperties, not } = schema;
  if (items !== undefined && !Array.isArray(items)) yield [['items'], items];
  for (const [name, property] of Object.entries(properties ?? {})) yield [['properties', name], property];
  if (isObject(additionalProperties)) yield [['additionalProperties'], additionalProperties];
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [index, branch] of (schema[junctor] ?? []).entries()) yield [[junctor, index], branch];
  }
  if (not !== undefined) yield [['not'], not];
}

/** Whether a schema or any below it fulfils a condition. */
export function someSchema(schema: JsonSchema, condition: (schema: JsonSchema) => boolean): boolean {
  if (condition(schema)) return true;
  for (const [, below] of subschemas(schema)) if (someSchema(below, condition)) return true;
  return false;
}

/** A deep copy of a JSON value; a key `__proto__` stays a plain key. */
export function copyValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyValue(item)]));
}

/** Whether two JSON values are equal; the order of keys does not count. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalValues(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equalValues(a[key], b[key]));
}
