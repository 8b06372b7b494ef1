import { base64Bytes, base64Problem } from '../base64.ts';
import { isObject, type JsonSchema, openFields } from '../custom-resources/json-schema.ts';
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf as mapTypeOf,
  stringType,
  structType,
  timestampType,
} from './check/index.ts';
import { celValue, type FromJson, intOf, JsonMap } from './evaluate/json-values.ts';
import { noOverload } from './evaluate/operators.ts';
import { parseNanos, parseTimestamp } from './evaluate/times.ts';
import { Duration, Failure, Timestamp, type Value } from './evaluate/values.ts';
import { listMaker, type ObjectField, objectMaker } from './schema-values.ts';

/** The type of values of a schema, and how JSON becomes such a value: rules are only asked about objects that have passed their schema. */
export interface SchemaType {
  readonly checked: CelType;
  readonly convert: FromJson;
}

const free: SchemaType = { checked: dynType, convert: celValue };
const plain: SchemaType = { checked: stringType, convert: textOr((text) => text) };
const scalars: Readonly<Record<string, SchemaType>> = {
  boolean: { checked: boolType, convert: (json) => (typeof json === 'boolean' ? json : mismatch(json, 'bool')) },
  integer: { checked: intType, convert: (json) => (Number.isInteger(json) ? intOf(Number(json)) : mismatch(json, 'int')) },
  number: { checked: doubleType, convert: (json) => (typeof json === 'number' ? json : mismatch(json, 'float')) },
};
const timestamp: SchemaType = { checked: timestampType, convert: textOr(timestampOf) };
const texts: Readonly<Record<string, SchemaType>> = {
  byte: { checked: bytesType, convert: textOr(bytesOf) },
  date: timestamp,
  'date-time': timestamp,
  duration: { checked: durationType, convert: textOr(durationOf) },
};

function textOr(convert: (text: string) => Value): FromJson {
  return (json) => (typeof json === 'string' ? convert(json) : mismatch(json, 'string'));
}

/** What stood there before a schema was changed may not fit it. */
function mismatch(json: unknown, expected: string): Failure {
  if (json === null) return new Failure('invalid data, got null for schema with nullable=false');
  return new Failure(`invalid data, expected ${expected}, got ${goTypeOfJson(json)}`);
}

function goTypeOfJson(json: unknown): string {
  if (typeof json === 'number') return Number.isInteger(json) ? 'int64' : 'float64';
  if (typeof json === 'boolean') return 'bool';
  return typeof json === 'string' ? 'string' : Array.isArray(json) ? '[]interface {}' : 'map[string]interface {}';
}

/** Words that cannot be the names of variables. */
export const keywords: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** The name by which expressions call a field: `namespace` is `__namespace__`, `a-b` is `a__dash__b`; undefined when it cannot be called. */
export function escapeField(name: string): string | undefined {
  if (keywords.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][\w./-]*$/.test(name)) return undefined;
  return name.replace(/__/g, '__underscores__').replace(/\./g, '__dot__').replace(/-/g, '__dash__').replace(/\//g, '__slash__');
}

/** Upstream's name has the nanosecond in which the schema was compiled, so that nobody can rely on it. */
const rootName = 'selfType0';

/**
 * The type of a schema. Fields whose type nobody knows are left out, so that expressions that use them do not compile. Follows upstream's `SchemaDeclType`.
 *
 * @param isRoot of a whole resource, whose kind and name are known as well
 */
export function schemaType(schema: JsonSchema, isRoot: boolean, name = rootName): SchemaType | undefined {
  if (schema['x-kubernetes-int-or-string']) return free;
  const type = typeOfSchema(schema, isRoot || schema['x-kubernetes-embedded-resource'] === true, name);
  if (type === undefined || schema.nullable !== true) return type;
  return { ...type, convert: (json) => (json === null ? null : type.convert(json)) };
}

function typeOfSchema(schema: JsonSchema, isResource: boolean, name: string): SchemaType | undefined {
  switch (schema.type) {
    case 'array':
      return listType(schema, name);
    case 'object': {
      const open = openFields(schema);
      if (open.schema === undefined) return objectType(schema, isResource, name);
      const values = schemaType(open.schema, false, `${name}.@elem`);
      return values && mapType(values);
    }
    case 'string':
      return schema.format !== undefined && Object.hasOwn(texts, schema.format) ? texts[schema.format] : plain;
    default:
      return schema.type === undefined ? undefined : scalars[schema.type];
  }
}

function listType(schema: JsonSchema, name: string): SchemaType | undefined {
  const items = schema.items && schemaType(schema.items, false, `${name}.@idx`);
  if (items === undefined) return undefined;
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map((key) => escapeField(key) ?? key);
  return { checked: listOf(items.checked), convert: listMaker(items.convert, schema['x-kubernetes-list-type'], keys) };
}

function mapType(values: SchemaType): SchemaType {
  return {
    checked: mapTypeOf(stringType, values.checked),
    convert: (json) => (isObject(json) ? new JsonMap(json, values.convert) : noOverload),
  };
}

const text: JsonSchema = { type: 'string' };
const resourceFields: Readonly<Record<string, JsonSchema>> = {
  apiVersion: text,
  kind: text,
  metadata: { type: 'object', properties: { name: text, generateName: text } },
};

/** Whether a schema says for itself what every resource has; what else it says of metadata then counts. */
function declaresResource({ properties = {} }: JsonSchema): boolean {
  const { kind, apiVersion, metadata } = properties;
  const names = metadata?.type === 'object' ? [metadata.properties?.name, metadata.properties?.generateName] : [undefined];
  return [kind, apiVersion, ...names].every((property) => property?.type === 'string');
}

/** A schema with the fields that every resource has, when it is one of a resource. */
export function withResourceFields(schema: JsonSchema, isResource: boolean): JsonSchema {
  return isResource && !declaresResource(schema) ? { ...schema, properties: { ...schema.properties, ...resourceFields } } : schema;
}

function objectType(schema: JsonSchema, isResource: boolean, name: string): SchemaType {
  const types = new Map<string, CelType>();
  const fields = new Map<string, ObjectField>();
  for (const [json, property] of Object.entries(withResourceFields(schema, isResource).properties ?? {})) {
    const field = escapeField(json);
    const type = field === undefined ? undefined : schemaType(property, false, `${name}.${field}`);
    if (field === undefined || type === undefined) continue;
    // Keywords name such fields as well as the names that stand for them.
    for (const called of keywords.has(json) ? [field, json] : [field]) {
      types.set(called, type.checked);
      fields.set(called, { json, convert: type.convert });
    }
  }
  return { checked: structType(name, (field) => types.get(field)), convert: objectMaker(fields) };
}

function timestampOf(value: string): Value {
  const read = parseTimestamp(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
  if (read !== undefined) return read;
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return new Failure(`Invalid date-time formatted string ${value}`);
  return new Timestamp(Math.floor(milliseconds / 1000), (milliseconds - Math.floor(milliseconds / 1000) * 1000) * 1e6);
}

function bytesOf(value: string): Value {
  const problem = base64Problem(value);
  return problem === undefined ? base64Bytes(value) : new Failure(`Invalid byte formatted string ${value}: ${problem}`);
}

/** The nanoseconds of units by what begins their names. */
const wordedUnits: readonly (readonly [RegExp, bigint])[] = [
  [/^(?:ns$|nano)/, 1n],
  [/^(?:us$|µs$|micro)/, 1000n],
  [/^(?:ms$|milli)/, 1_000_000n],
  [/^(?:s$|sec)/, 1_000_000_000n],
  [/^(?:m$|min)/, 60_000_000_000n],
  [/^(?:h$|hr$|hour)/, 3_600_000_000_000n],
  [/^(?:d$|day)/, 86_400_000_000_000n],
  [/^(?:w$|week)/, 604_800_000_000_000n],
];

/** As schemas allow durations: `1h30m`, `3 days`. */
function durationOf(value: string): Value {
  const nanos = parseNanos(value) ?? wordedNanos(value);
  return nanos === undefined ? new Failure(`Invalid duration ${value}: unable to parse ${value} as duration`) : new Duration(nanos);
}

function wordedNanos(value: string): bigint | undefined {
  const [, amount = '', word = ''] = /^\s*(\d{1,19})\s*([A-Za-zµ]+)\s*$/.exec(value) ?? [];
  const unit = wordedUnits.find(([begins]) => begins.test(word.toLowerCase()))?.[1];
  return unit === undefined ? undefined : BigInt.asIntN(64, BigInt(amount) * unit);
}
