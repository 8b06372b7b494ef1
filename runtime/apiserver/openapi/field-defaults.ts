import type { Schema } from '../../api/kinds/schema.ts';
import told from './field-defaults.json' with { type: 'json' };
import { referenced } from './schemas.ts';

/** By definition and property: defaults that no rule gives, and `null` where there is none against the rule. */
const exceptions: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = told;

const zeroes: Readonly<Partial<Record<NonNullable<Schema['type']>, unknown>>> = { string: '', integer: 0, number: 0, boolean: false };
const numberFormats: ReadonlySet<string | undefined> = new Set([undefined, 'int32', 'int64', 'double']);

/**
 * A built-in definition with the defaults that version 3 publishes: the values that Go has for fields that cannot be missing, which are `{}` for
 * structs. Upstream: `mustEnforceDefault` of kube-openapi's generator.
 */
export function withDefaults(name: string, schema: Schema, schemaOf: (name: string) => Schema | undefined): Schema {
  const { properties, required = [] } = schema;
  if (properties === undefined) return schema;
  const own = exceptions[name] ?? {};
  const defaulted = (key: string, property: Schema): Schema => {
    const given = Object.hasOwn(own, key) ? own[key] : required.includes(key) || isMetadata(property) ? zeroOf(property) : undefined;
    return withValue(withElements(property, schemaOf), given ?? undefined);
  };
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, defaulted(key, property)])),
  };
}

function withValue(schema: Schema, value: unknown): Schema {
  return value === undefined || schema.default !== undefined ? schema : { ...schema, default: value };
}

/** What lists and maps hold is always there. */
function withElements(schema: Schema, schemaOf: (name: string) => Schema | undefined): Schema {
  const { items, additionalProperties } = schema;
  const element = (held: Schema): Schema => withValue(held, isStruct(held, schemaOf) ? {} : zeroOf(held));
  return {
    ...schema,
    ...(items === undefined ? {} : { items: element(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: element(additionalProperties) }),
  };
}

function isMetadata(schema: Schema): boolean {
  const name = referenced(schema);
  return name?.endsWith('.meta.v1.ObjectMeta') === true || name?.endsWith('.meta.v1.ListMeta') === true;
}

function isStruct(schema: Schema, schemaOf: (name: string) => Schema | undefined): boolean {
  const name = referenced(schema);
  return name !== undefined && schemaOf(name)?.properties !== undefined;
}

/** What a scalar is in Go before anything is written into it; texts with a format are types of their own there, which publish nothing. */
function zeroOf(schema: Schema): unknown {
  if (isMetadata(schema)) return {};
  return schema.type === undefined || !numberFormats.has(schema.format) ? undefined : zeroes[schema.type];
}
