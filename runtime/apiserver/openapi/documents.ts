import type { Descriptions, Schema } from '../../api/kinds/schema.ts';
import type { Operation, Parameter } from './operations.ts';
import { version2, version3, type WrittenSchema, writeSchemas } from './schemas.ts';

const produced = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const watched = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

interface Shared {
  readonly version: string;
  readonly operations: readonly Operation[];
  readonly definitions: ReadonlyMap<string, Schema>;
  readonly descriptions: Descriptions;
}

/** Operations by path and method. */
function byPath<T>(operations: readonly Operation[], write: (operation: Operation) => T): Record<string, Record<string, T>> {
  const paths: Record<string, Record<string, T>> = {};
  for (const operation of operations.toSorted((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0))) {
    const item = paths[operation.path] ?? {};
    item[operation.method] = write(operation);
    paths[operation.path] = item;
  }
  return paths;
}

function producedBy(operation: Operation): readonly string[] {
  return operation.action === 'list' ? [...produced, ...watched] : produced;
}

function extensionsOf(operation: Operation) {
  return {
    'x-kubernetes-action': operation.action,
    'x-kubernetes-group-version-kind': operation.groupVersionKind,
  };
}

/** The document of one group and version at `/openapi/v3/…`. */
export function writeVersion3({ version, operations, definitions, descriptions }: Shared) {
  const reference = (name: string) => ({ $ref: `${version3.referencePrefix}${name}` });
  const parameter = (place: string) => (parameter: Parameter) => ({
    name: parameter.name,
    in: place,
    ...(place === 'path' ? { required: true } : {}),
    schema: { type: parameter.type, uniqueItems: true },
  });
  const content = (types: readonly string[], name: string | undefined) =>
    Object.fromEntries(types.map((type) => [type, name === undefined || !definitions.has(name) ? {} : { schema: reference(name) }]));
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths: byPath(operations, (operation) => ({
      tags: [operation.tag],
      operationId: operation.id,
      parameters: [
        ...operation.queryParameters.map(parameter('query')),
        ...operation.pathParameters.map((name) => parameter('path')({ name, type: 'string' })),
      ],
      ...(operation.consumes.length === 0 ? {} : { requestBody: { content: content(operation.consumes, operation.body) } }),
      responses: {
        '200': { description: 'OK', content: content(producedBy(operation), operation.answer) },
        '401': { description: 'Unauthorized' },
      },
      ...extensionsOf(operation),
    })),
    components: {
      schemas: writeSchemas(definitions, descriptions, version3),
      securitySchemes: {
        BearerToken: { type: 'apiKey', description: 'Bearer Token authentication', name: 'authorization', in: 'header' },
      },
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

export interface Version2Operation {
  readonly tags: readonly string[];
  readonly operationId: string;
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  readonly schemes: readonly string[];
  readonly parameters: readonly Version2Parameter[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly schema?: WrittenSchema }>>;
  readonly 'x-kubernetes-action': string;
  readonly 'x-kubernetes-group-version-kind': object;
}

export interface Version2Document {
  readonly swagger: '2.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Version2Operation>>>>;
  readonly definitions: Readonly<Record<string, WrittenSchema>>;
}

/** The one document at `/openapi/v2`. */
export function writeVersion2({ version, operations, definitions, descriptions }: Shared): Version2Document {
  const schemaOf = (name: string | undefined): { schema?: WrittenSchema } =>
    name === undefined || !definitions.has(name) ? {} : { schema: { $ref: `${version2.referencePrefix}${name}` } };
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: byPath(
      operations,
      (operation): Version2Operation => ({
        tags: [operation.tag],
        operationId: operation.id,
        consumes: operation.consumes,
        produces: producedBy(operation),
        schemes: ['https'],
        parameters: [
          ...(operation.body === undefined ? [] : [{ name: 'body', in: 'body', required: true, ...schemaOf(operation.body) }]),
          ...operation.queryParameters.map(({ name, type }) => ({ name, in: 'query', type })),
          ...operation.pathParameters.map((name) => ({ name, in: 'path', required: true, type: 'string' })),
        ],
        responses: { '200': { description: 'OK', ...schemaOf(operation.answer) }, '401': { description: 'Unauthorized' } },
        ...extensionsOf(operation),
      }),
    ),
    definitions: writeSchemas(definitions, descriptions, version2),
  };
}
