import type { Descriptions, Schema } from '../../api/kinds/schema.ts';

const definitionsPrefix = '#/definitions/';

/** A schema as it is written into a document. */
export interface WrittenSchema extends Omit<Schema, 'properties' | 'items' | 'additionalProperties'> {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, WrittenSchema>>;
  readonly items?: WrittenSchema;
  readonly additionalProperties?: WrittenSchema;
  readonly allOf?: readonly WrittenSchema[];
  readonly oneOf?: readonly WrittenSchema[];
}

/** Name of the definition a schema refers to. */
export function referenced(schema: Schema): string | undefined {
  return schema.$ref?.startsWith(definitionsPrefix) ? schema.$ref.slice(definitionsPrefix.length) : undefined;
}

/** The named definitions and all they refer to, directly or not, sorted by name. Names without a definition are left out. */
export function closureOf(roots: Iterable<string>, schemaOf: (name: string) => Schema | undefined): Map<string, Schema> {
  const found = new Map<string, Schema>();
  const open = [...roots];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    const schema = schemaOf(name);
    if (schema === undefined) continue;
    found.set(name, schema);
    collectReferences(schema, open);
  }
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function collectReferences(schema: Schema, names: string[]): void {
  const name = referenced(schema);
  if (name !== undefined) names.push(name);
  for (const property of Object.values(schema.properties ?? {})) collectReferences(property, names);
  if (schema.items !== undefined) collectReferences(schema.items, names);
  if (schema.additionalProperties !== undefined) collectReferences(schema.additionalProperties, names);
}

/** How the two versions of OpenAPI differ where schemas are concerned. */
export interface Dialect {
  readonly referencePrefix: string;
  /** Version 3 lets nothing stand beside a reference, so it is wrapped. */
  readonly wrapsReferences: boolean;
}

export const version2: Dialect = { referencePrefix: definitionsPrefix, wrapsReferences: false };
export const version3: Dialect = { referencePrefix: '#/components/schemas/', wrapsReferences: true };

/** Writes definitions with their descriptions. */
export function writeSchemas(
  definitions: ReadonlyMap<string, Schema>,
  descriptions: Descriptions,
  dialect: Dialect,
): Record<string, WrittenSchema> {
  const written: Record<string, WrittenSchema> = {};
  for (const [name, schema] of definitions) {
    written[name] = writeSchema(schema, Object.hasOwn(descriptions, name) ? descriptions[name] : undefined, '', dialect);
  }
  return written;
}

function writeSchema(schema: Schema, texts: Readonly<Record<string, string>> | undefined, key: string, dialect: Dialect): WrittenSchema {
  const { properties, items, additionalProperties, $ref, ...plain } = schema;
  const text = texts !== undefined && Object.hasOwn(texts, key) ? texts[key] : undefined;
  const described = text === undefined ? plain : { description: text, ...plain };
  const name = referenced(schema);
  if (name !== undefined) {
    const reference = { $ref: `${dialect.referencePrefix}${name}` };
    if (Object.keys(described).length === 0) return reference;
    return dialect.wrapsReferences ? { ...described, allOf: [reference] } : { ...described, ...reference };
  }
  return {
    ...(dialect.wrapsReferences ? withAlternatives(described) : withoutQuantity(described)),
    ...(properties === undefined ? {} : { properties: writeProperties(properties, texts, dialect) }),
    ...(items === undefined ? {} : { items: writeSchema(items, undefined, '', dialect) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: writeSchema(additionalProperties, undefined, '', dialect) }),
  };
}

function writeProperties(
  properties: Readonly<Record<string, Schema>>,
  texts: Readonly<Record<string, string>> | undefined,
  dialect: Dialect,
): Record<string, WrittenSchema> {
  const entries = Object.entries(properties).map(([key, property]) => [key, writeSchema(property, texts, key, dialect)]);
  return Object.fromEntries(entries);
}

/** Quantities are told by name alone in version 2. */
function withoutQuantity(schema: WrittenSchema): WrittenSchema {
  const { format, ...rest } = schema;
  return format === 'quantity' ? rest : schema;
}

/** Version 3 can say that a value is of either type; version 2 only knows strings. */
function withAlternatives(schema: WrittenSchema): WrittenSchema {
  const { type, format, ...rest } = schema;
  if (format === 'int-or-string') return { ...rest, format, oneOf: [{ type: 'integer' }, { type: 'string' }] };
  return format === 'quantity' ? { ...rest, oneOf: [{ type: 'string' }, { type: 'number' }] } : schema;
}
