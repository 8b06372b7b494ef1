import { type JsonSchema, openFields } from '../../custom-resources/json-schema.ts';
import { escapeField, withResourceFields } from '../schema-types.ts';

/** How large values of schemas can be, after upstream's `SchemaDeclType`. */

/** Upstream's `MaxRequestSizeBytes`: nothing can be larger than what fits into a request. */
const maxRequestBytes = 3 * 1024 * 1024;

/** How many elements, entries or bytes a value has, at least and at most. */
export interface Size {
  readonly min: number;
  readonly max: number;
}

/** Nothing costs or holds more; upstream stops at the end of its numbers. */
export const unbounded = 2 ** 64;
export const unknownSize: Size = { min: 0, max: unbounded };

export function fixed(size: number): Size {
  return { min: size, max: size };
}

export function union(a: Size, b: Size): Size {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

export function bounded(value: number): number {
  return Math.min(value, unbounded);
}

/** The most elements that a value of a schema can have: what the schema allows, or else what a request can carry. Objects with fields, and scalars, have none. */
export function maxElements(schema: JsonSchema): number {
  if (schema['x-kubernetes-int-or-string']) return schema.maxLength === undefined ? maxRequestBytes - 2 : schema.maxLength * 4;
  switch (schema.type) {
    case 'array':
      return schema.maxItems ?? Math.floor((maxRequestBytes - 2) / (minBytes(schema.items) + 1));
    case 'object': {
      const values = openFields(schema).schema;
      return values === undefined ? 0 : (schema.maxProperties ?? Math.floor((maxRequestBytes - 2) / (minBytes(values) + 6)));
    }
    case 'string':
      return maxText(schema);
    default:
      return 0;
  }
}

const largestTexts: Readonly<Record<string, number>> = { duration: 32, date: 12, 'date-time': 32 };

function maxText({ enum: values, maxLength, format = '' }: JsonSchema): number {
  if (Object.hasOwn(largestTexts, format)) return largestTexts[format] ?? 0;
  // Lengths are counted in characters, of which each may take four bytes.
  if (maxLength !== undefined) return format === 'byte' ? maxLength : maxLength * 4;
  if (values === undefined || values.length === 0) return maxRequestBytes - 2;
  return Math.max(...values.map((value) => (typeof value === 'string' ? value.length : 0)));
}

/** The schema at the end of a path through values: names of fields, `@items`, `@values` and `@keys`. */
export function schemaAt(root: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = root;
  for (const step of path) {
    if (schema === undefined) return undefined;
    if (step === '@items') schema = schema.items;
    else if (step === '@values') schema = openFields(schema).schema;
    // Upstream takes the keys of maps for empty.
    else if (step === '@keys') schema = openFields(schema).schema && { type: 'string', maxLength: 0 };
    else schema = fieldOf(schema, step);
  }
  return schema;
}

function fieldOf(schema: JsonSchema, field: string): JsonSchema | undefined {
  const { properties = {} } = withResourceFields(schema, schema['x-kubernetes-embedded-resource'] === true);
  const entry = Object.entries(properties).find(([name]) => escapeField(name) === field);
  return entry?.[1] ?? openFields(schema).schema;
}

const smallestTexts: Readonly<Record<string, number>> = { duration: 3, date: 12, 'date-time': 21 };

/** The fewest bytes of JSON that a value of a schema takes. */
function minBytes(schema: JsonSchema | undefined): number {
  switch (schema?.type) {
    case 'boolean':
      return 4;
    case 'string':
      return smallestTexts[schema.format ?? ''] ?? 2;
    case 'array':
      return 2;
    case 'object': {
      let bytes = 2;
      for (const name of schema.required ?? []) {
        const property = schema.properties?.[name];
        if (property !== undefined && property.default === undefined) bytes += name.length + 4 + minBytes(property);
      }
      return bytes;
    }
    default:
      return 1;
  }
}

/** How often values of a schema can stand in an object at most; `within` are the schemas around it, the root first. */
export function maxCardinality(within: readonly JsonSchema[], schema: JsonSchema): number {
  let product = 1;
  for (const outer of within) {
    const bound = outer.type === 'array' ? outer.maxItems : openFields(outer).allowed ? outer.maxProperties : 1;
    if (bound === undefined) return Math.floor(maxRequestBytes / (minBytes(schema) + 1));
    product *= Math.max(0, bound);
  }
  return product;
}
