import type { Version2Operation, Version2Parameter } from './documents.ts';
import { version2, type WrittenSchema } from './schemas.ts';

/** What a document of version 2 says of one group version: its operations, and the definitions that these need. */
export interface Version2Part {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Version2Operation>>>>;
  readonly definitions: Readonly<Record<string, WrittenSchema>>;
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
const types: ReadonlySet<string> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

/** Deeper than any schema, and less deep than what works on them can follow. */
const deepest = 500;

type Dict = Readonly<Record<string, unknown>>;

/**
 * Takes the paths with a prefix out of another server's document, and of what it says only what a document has a place for. Upstream:
 * `FilterSpecByPathsWithoutSideEffects`.
 *
 * @throws Error for a document that is none
 */
export function readVersion2(document: unknown, prefix: string): Version2Part {
  if (isDeeper(document, deepest)) throw new Error('the document is nested too deeply');
  const { swagger, paths, definitions, parameters } = dict(document);
  if (swagger !== '2.0') throw new Error('the document is not of OpenAPI version 2');
  const shared = dict(parameters);
  const kept = Object.entries(dict(paths)).filter(([path]) => path.startsWith(prefix));
  const read = Object.fromEntries(kept.map(([path, item]) => [path, readItem(dict(item), shared)]));
  return { paths: read, definitions: definitionsFor(Object.values(read), dict(definitions)) };
}

/** The names that schemas refer to, where they stand. */
export function mapReferences(schema: WrittenSchema, rename: (reference: string) => string): WrittenSchema {
  const { $ref, properties, items, additionalProperties, allOf, oneOf } = schema;
  const map = (each: WrittenSchema) => mapReferences(each, rename);
  return {
    ...schema,
    ...($ref !== undefined && { $ref: rename($ref) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, map(property)])),
    }),
    ...(items !== undefined && { items: map(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: map(additionalProperties) }),
    ...(allOf !== undefined && { allOf: allOf.map(map) }),
    ...(oneOf !== undefined && { oneOf: oneOf.map(map) }),
  };
}

/** The schemas of an operation, mapped. */
export function mapSchemas(operation: Version2Operation, map: (schema: WrittenSchema) => WrittenSchema): Version2Operation {
  const mapped = <T extends { readonly schema?: WrittenSchema }>(holder: T): T =>
    holder.schema === undefined ? holder : { ...holder, schema: map(holder.schema) };
  const responses = Object.entries(operation.responses).map(([code, response]) => [code, mapped(response)]);
  return { ...operation, parameters: operation.parameters.map(mapped), responses: Object.fromEntries(responses) };
}

function readItem(item: Dict, shared: Dict): Record<string, Version2Operation> {
  const common = parameters(item.parameters, shared);
  const operations = methods
    .filter((method) => item[method] !== undefined)
    .map((method) => [method, operation(dict(item[method]), common, shared)]);
  return Object.fromEntries(operations);
}

function operation(given: Dict, common: readonly Version2Parameter[], shared: Dict): Version2Operation {
  const responses = Object.entries(dict(given.responses)).map(([code, response]) => {
    const { description, schema } = dict(response);
    return [code, { description: text(description), ...(schema !== undefined && { schema: readSchema(schema) }) }];
  });
  const action = given['x-kubernetes-action'];
  const kind = given['x-kubernetes-group-version-kind'];
  return {
    tags: texts(given.tags),
    description: text(given.description),
    operationId: text(given.operationId),
    consumes: texts(given.consumes),
    produces: texts(given.produces),
    schemes: texts(given.schemes),
    parameters: [...parameters(given.parameters, shared), ...common],
    responses: Object.fromEntries(responses),
    ...(typeof action === 'string' && { 'x-kubernetes-action': action }),
    ...(typeof kind === 'object' && kind !== null && { 'x-kubernetes-group-version-kind': kind }),
  };
}

function parameters(list: unknown, shared: Dict): Version2Parameter[] {
  return array(list).map((entry) => {
    const reference = text(dict(entry).$ref);
    const { name, in: place, required, schema, type } = dict(reference === '' ? entry : shared[reference.slice('#/parameters/'.length)]);
    return {
      name: text(name),
      in: text(place),
      ...(required === true && { required }),
      ...(schema !== undefined && { schema: readSchema(schema) }),
      ...(typeof type === 'string' && { type }),
    };
  });
}

function readSchema(value: unknown): WrittenSchema {
  const given = dict(value);
  const { $ref, type, format, description, required, properties, items, additionalProperties, allOf } = given;
  const extensions = Object.entries(given).filter(([key]) => key.startsWith('x-'));
  return {
    ...(typeof $ref === 'string' && { $ref }),
    ...(isType(type) && { type }),
    ...(typeof format === 'string' && { format }),
    ...(typeof description === 'string' && { description }),
    ...(given.default !== undefined && { default: given.default }),
    ...(required !== undefined && { required: texts(required) }),
    ...(given.enum !== undefined && { enum: texts(given.enum) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(dict(properties)).map(([name, property]) => [name, readSchema(property)])),
    }),
    ...(items !== undefined && { items: readSchema(items) }),
    // A mere yes says nothing of what they are.
    ...(typeof additionalProperties === 'object' && { additionalProperties: readSchema(additionalProperties) }),
    ...(allOf !== undefined && { allOf: array(allOf).map(readSchema) }),
    ...Object.fromEntries(extensions),
  };
}

/** The definitions that operations refer to, directly or not. */
function definitionsFor(items: readonly Readonly<Record<string, Version2Operation>>[], definitions: Dict): Record<string, WrittenSchema> {
  const found = new Map<string, WrittenSchema>();
  const open: string[] = [];
  const collect = (schema: WrittenSchema) =>
    mapReferences(schema, (reference) => {
      open.push(reference.slice(version2.referencePrefix.length));
      return reference;
    });
  for (const each of items.flatMap((item) => Object.values(item))) mapSchemas(each, collect);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name) || !Object.hasOwn(definitions, name)) continue;
    found.set(name, collect(readSchema(definitions[name])));
  }
  return Object.fromEntries([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function isDeeper(document: unknown, levels: number): boolean {
  let level: readonly unknown[] = [document];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}

function isType(value: unknown): value is NonNullable<WrittenSchema['type']> {
  return typeof value === 'string' && types.has(value);
}

function dict(value: unknown): Dict {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('the document has other values than objects');
  return { ...value };
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] => array(value).filter((each) => typeof each === 'string');
