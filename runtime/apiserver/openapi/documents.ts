import type { Descriptions, ParameterTexts, Schema } from '../../api/kinds/schema.ts';
import { asVersion2 } from './downgrade.ts';
import type { Operation } from './operations.ts';
import { version2, version3, type WrittenSchema, writeSchemas } from './schemas.ts';

interface Shared {
  readonly version: string;
  readonly operations: readonly Operation[];
  readonly definitions: ReadonlyMap<string, Schema>;
  readonly descriptions: Descriptions;
}

/** What is written of operations by path and method. */
function byPath<T>(operations: readonly Operation[], write: (operation: Operation) => T): Record<string, Record<string, T>> {
  const paths: Record<string, Record<string, T>> = {};
  for (const operation of operations.toSorted((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0))) {
    const item = paths[operation.path] ?? {};
    item[operation.method] = write(operation);
    paths[operation.path] = item;
  }
  return paths;
}

function extensionsOf({ action, groupVersionKind }: Operation) {
  return {
    ...(action !== undefined && { 'x-kubernetes-action': action }),
    ...(groupVersionKind !== undefined && { 'x-kubernetes-group-version-kind': groupVersionKind }),
  };
}

/** How clients say who they are. */
const bearerToken = { type: 'apiKey', description: 'Bearer Token authentication', name: 'authorization', in: 'header' } as const;

/** What answers a request: the same for all codes of success. */
function answersOf<T extends object>(operation: Operation, answer: T) {
  const success = Object.entries({ '200': 'OK', ...operation.answers });
  return {
    ...Object.fromEntries(success.map(([code, description]) => [code, { description, ...answer }])),
    '401': { description: 'Unauthorized' },
  };
}

/** A parameter of version 3 where it is told. */
interface Version3Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description?: string;
  readonly required?: true;
  readonly schema: object;
}

/** The parameters of an operation in the order of their names. */
function version3Parameters(operation: Operation, texts: ParameterTexts): Version3Parameter[] {
  const { queryParameters, pathParameters, parameterWords, groupVersionKind } = operation;
  const described = (name: string, words: string | undefined) => (words === undefined ? { name } : { name, description: words });
  const common = texts[''] ?? {};
  const query = queryParameters.map(
    ({ name, type }): Version3Parameter => ({
      ...described(name, texts[parameterWords]?.[name] ?? common[name]),
      in: 'query',
      schema: { type, uniqueItems: true },
    }),
  );
  const path = pathParameters.map(
    (name): Version3Parameter => ({
      ...described(name, name === 'name' && groupVersionKind ? `name of the ${groupVersionKind.kind}` : common[name]),
      in: 'path',
      required: true,
      schema: { type: 'string', uniqueItems: true },
    }),
  );
  return [...query, ...path].sort((left, right) =>
    left.name < right.name ? -1 : left.name > right.name ? 1 : left.in < right.in ? -1 : 1,
  );
}

/** What all operations of a path take is told once, beside them. Upstream: `findCommonParameters`. */
function withSharedParameters<T extends { readonly parameters: readonly Version3Parameter[] }>(item: Readonly<Record<string, T>>): object {
  const operations = Object.entries(item);
  const texts = operations.map(([, { parameters }]) => new Set(parameters.map((parameter) => JSON.stringify(parameter))));
  const isShared = (parameter: Version3Parameter) => texts.every((text) => text.has(JSON.stringify(parameter)));
  const shared = operations[0]?.[1].parameters.filter(isShared) ?? [];
  const rest = operations.map(([method, { parameters, ...operation }]) => {
    const own = parameters.filter((parameter) => !isShared(parameter));
    return [method, own.length === 0 ? operation : { ...operation, parameters: own }] as const;
  });
  return { ...Object.fromEntries(rest), ...(shared.length > 0 && { parameters: shared }) };
}

/** The document of one group and version at `/openapi/v3/…`. */
export function writeVersion3({ version, operations, definitions, descriptions, texts }: Shared & { readonly texts: ParameterTexts }) {
  const reference = (name: string) => ({ $ref: `${version3.referencePrefix}${name}` });
  const schemaOf = (name: string | undefined) =>
    name === 'string' ? { schema: { type: name } } : name === undefined || !definitions.has(name) ? {} : { schema: reference(name) };
  const content = (types: readonly string[], name: string | undefined) => Object.fromEntries(types.map((type) => [type, schemaOf(name)]));
  const paths = byPath(operations, (operation) => ({
    tags: [operation.tag],
    description: operation.description,
    operationId: operation.id,
    parameters: version3Parameters(operation, texts),
    ...(operation.body === undefined
      ? {}
      : {
          requestBody: {
            content: content(operation.consumes, operation.body),
            ...(operation.bodyRequired ? { required: true } : {}),
          },
        }),
    responses: answersOf(operation, { content: content(operation.produces, operation.answer) }),
    ...extensionsOf(operation),
  }));
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths: Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, withSharedParameters(item)])),
    components: {
      schemas: writeSchemas(definitions, descriptions, version3),
      securitySchemes: { BearerToken: bearerToken },
    },
  };
}

/** A parameter of version 2: the body's has a schema, all others a type. */
export interface Version2Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: WrittenSchema;
  readonly type?: string;
}

function bodyParameter({ bodyRequired }: Operation, schema: { schema?: WrittenSchema }): Version2Parameter {
  return { name: 'body', in: 'body', ...(bodyRequired ? { required: true } : {}), ...schema };
}

export interface Version2Operation {
  readonly tags: readonly string[];
  readonly description: string;
  readonly operationId: string;
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  readonly schemes: readonly string[];
  readonly parameters: readonly Version2Parameter[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly schema?: WrittenSchema }>>;
  readonly 'x-kubernetes-action'?: string;
  readonly 'x-kubernetes-group-version-kind'?: object;
}

export interface Version2Document {
  readonly swagger: '2.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Version2Operation>>>>;
  readonly definitions: Readonly<Record<string, WrittenSchema>>;
  readonly securityDefinitions: Readonly<Record<string, typeof bearerToken>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

/** The one document at `/openapi/v2`. */
export function writeVersion2({ version, operations, definitions, descriptions }: Shared): Version2Document {
  const schemaOf = (name: string | undefined): { schema?: WrittenSchema } => {
    if (name === 'string') return { schema: { type: name } };
    return name === undefined || !definitions.has(name) ? {} : { schema: { $ref: `${version2.referencePrefix}${name}` } };
  };
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: byPath(
      operations,
      (operation): Version2Operation => ({
        tags: [operation.tag],
        description: operation.description,
        operationId: operation.id,
        consumes: operation.consumes,
        produces: operation.produces,
        schemes: ['https'],
        parameters: [
          ...(operation.body === undefined ? [] : [bodyParameter(operation, schemaOf(operation.body))]),
          ...operation.queryParameters.map(({ name, type }) => ({ name, in: 'query', type })),
          ...operation.pathParameters.map((name) => ({ name, in: 'path', required: true, type: 'string' })),
        ],
        responses: answersOf(operation, schemaOf(operation.answer)),
        ...extensionsOf(operation),
      }),
    ),
    definitions: writeSchemas(new Map([...definitions].map(([name, schema]) => [name, asVersion2(schema)])), descriptions, version2),
    securityDefinitions: { BearerToken: bearerToken },
    security: [{ BearerToken: [] }],
  };
}
