import { Duration, type Environment } from '@marcbachmann/cel-js/evaluator';
import { base64Bytes } from '../base64.ts';
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
  structOf,
  timestampType,
} from './check/index.ts';

/** The type of values of a schema, and how JSON becomes such a value. */
export interface SchemaType {
  /** To the library that evaluates: `int`, `list<string>`, `Self.spec`. */
  readonly name: string;
  readonly checked: CelType;
  /** Nothing when the value does not fit: rules are only asked about objects that have passed their schema. */
  convert(value: unknown): unknown;
}

const dyn: SchemaType = { name: 'dyn', checked: dynType, convert: convertFree };
const scalars: Readonly<Record<string, SchemaType>> = {
  string: { name: 'string', checked: stringType, convert: (value) => value },
  boolean: { name: 'bool', checked: boolType, convert: (value) => value },
  integer: { name: 'int', checked: intType, convert: (value) => (typeof value === 'number' ? BigInt(Math.trunc(value)) : value) },
  number: { name: 'double', checked: doubleType, convert: (value) => value },
};
const timestamp: SchemaType = {
  name: 'google.protobuf.Timestamp',
  checked: timestampType,
  convert: (value) => (typeof value === 'string' ? new Date(value) : value),
};
const bytes: SchemaType = {
  name: 'bytes',
  checked: bytesType,
  convert: (value) => (typeof value === 'string' ? base64Bytes(value) : value),
};
const duration: SchemaType = {
  name: 'google.protobuf.Duration',
  checked: durationType,
  convert: (value) => (typeof value === 'string' ? durationOf(value) : value),
};

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

/** What a type of objects is called by the library, and what messages call it. */
interface TypeName {
  readonly own: string;
  readonly shown: string;
}

/** Upstream's name has the nanosecond in which the schema was compiled, so that nobody can rely on it. */
const rootName: TypeName = { own: 'Self', shown: 'selfType0' };

function below({ own, shown }: TypeName, step: string, shownStep: string): TypeName {
  return { own: `${own}.${step}`, shown: `${shown}.${shownStep}` };
}

/**
 * Declares the types of a schema in an environment. Fields whose type nobody knows are left out, so that expressions that use them do not compile.
 * Follows upstream's `SchemaDeclType`.
 *
 * @param isRoot of a whole resource, whose kind and name are known as well
 */
export function declareSchema(
  environment: Environment,
  schema: JsonSchema,
  isRoot: boolean,
  name: TypeName = rootName,
): SchemaType | undefined {
  if (schema['x-kubernetes-int-or-string']) return dyn;
  const nullable = schema.nullable === true;
  const type = declareOne(environment, schema, isRoot || schema['x-kubernetes-embedded-resource'] === true, name);
  if (type === undefined || !nullable) return type;
  // A null is of no type that could be told, so such values may be anything to the library.
  return { ...type, name: 'dyn', convert: (value) => (value === null ? null : type.convert(value)) };
}

function declareOne(environment: Environment, schema: JsonSchema, isResource: boolean, name: TypeName): SchemaType | undefined {
  switch (schema.type) {
    case 'array':
      return declareList(environment, schema, name);
    case 'object': {
      const open = openFields(schema);
      if (open.schema === undefined) return declareObject(environment, schema, isResource, name);
      const values = declareSchema(environment, open.schema, false, below(name, 'values', '@elem'));
      return values && mapOf(values);
    }
    case 'string':
      if (schema.format === 'date' || schema.format === 'date-time') return timestamp;
      if (schema.format === 'duration') return duration;
      return schema.format === 'byte' ? bytes : scalars.string;
    default:
      return schema.type === undefined ? undefined : scalars[schema.type];
  }
}

function declareList(environment: Environment, schema: JsonSchema, name: TypeName): SchemaType | undefined {
  const items = schema.items && declareSchema(environment, schema.items, false, below(name, 'items', '@idx'));
  if (items === undefined) return undefined;
  return {
    name: `list<${items.name}>`,
    checked: listOf(items.checked),
    convert: (value) => (Array.isArray(value) ? value.map((item) => items.convert(item)) : value),
  };
}

function mapOf(values: SchemaType): SchemaType {
  return {
    name: `map<string, ${values.name}>`,
    checked: mapTypeOf(stringType, values.checked),
    convert: (value) => (isObject(value) ? new Map(Object.entries(value).map(([key, item]) => [key, values.convert(item)])) : value),
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

function declareObject(environment: Environment, schema: JsonSchema, isResource: boolean, names: TypeName): SchemaType {
  const { own: name } = names;
  const fields: Record<string, string> = {};
  const checkedFields: Record<string, CelType> = {};
  const known: { readonly json: string; readonly field: string; readonly type: SchemaType }[] = [];
  const properties = isResource && !declaresResource(schema) ? { ...schema.properties, ...resourceFields } : schema.properties;
  for (const [json, property] of Object.entries(properties ?? {})) {
    const field = escapeField(json);
    const type = field === undefined ? undefined : declareSchema(environment, property, false, below(names, field, field));
    if (field === undefined || type === undefined) continue;
    fields[field] = type.name;
    checkedFields[field] = type.checked;
    known.push({ json, field, type });
    // Keywords name such fields as well as the names that stand for them.
    if (!keywords.has(json) || Object.hasOwn(fields, json)) continue;
    fields[json] = fields[field];
    checkedFields[json] = type.checked;
    known.push({ json, field: json, type });
  }
  // A class whose instances stand for the objects of this schema: CEL tells types by them.
  const ctor = class {
    [field: string]: unknown;
  };
  environment.registerType(name, { ctor, fields });
  environment.registerOperator(`${name} == ${name}`, equalObjects);
  environment.registerOperator(`${name} == null`, () => false);
  return {
    name,
    checked: structOf(names.shown, checkedFields),
    convert(value) {
      if (!isObject(value)) return value;
      const object = new ctor();
      // A field that is null is none, other than an item of a list or a value of a map.
      for (const { json, field, type } of known)
        if ((value[json] ?? null) !== null && Object.hasOwn(value, json)) object[field] = type.convert(value[json]);
      sources.set(object, value);
      return object;
    },
  };
}

/** The JSON behind values, by which objects are compared. */
const sources = new WeakMap<object, unknown>();

function equalObjects(a: object, b: object): boolean {
  return canonicalOf(a) === canonicalOf(b);
}

/** What has been written of objects, which may be compared with many others. */
const written = new WeakMap<object, string>();

function canonicalOf(object: object): string {
  const known = written.get(object);
  if (known !== undefined) return known;
  const text = canonical(sources.get(object));
  written.set(object, text);
  return text;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

function convertFree(value: unknown): unknown {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

const unitNanos: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 };

function durationOf(value: string): Duration {
  let nanos = 0;
  for (const [, amount = '', unit = ''] of value.matchAll(/([\d.]+)\s*(ns|us|µs|μs|ms|s|m|h)/g))
    nanos += Number(amount) * (unitNanos[unit] ?? 0);
  return Duration.fromMilliseconds(((value.startsWith('-') ? -1 : 1) * nanos) / 1e6);
}
