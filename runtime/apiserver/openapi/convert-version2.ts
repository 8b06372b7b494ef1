import type { Version2Operation } from './documents.ts';
import { mapReferences, type Version2Part } from './read-version2.ts';
import { version2, version3, type WrittenSchema } from './schemas.ts';

/** The document of version 3 for servers that know version 2 alone. Upstream: `ConvertV2ToV3`. */
export function convertVersion2({ paths, definitions }: Version2Part, version: string): object {
  const converted = Object.entries(paths).map(([path, item]) => {
    return [path, Object.fromEntries(Object.entries(item).map(([method, operation]) => [method, convertOperation(operation)]))];
  });
  const schemas = Object.entries(definitions).map(([name, schema]) => [name, convertSchema(schema)]);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths: Object.fromEntries(converted),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

function convertOperation({ consumes, produces, schemes: _, parameters, responses, ...operation }: Version2Operation): object {
  const content = (media: readonly string[], schema: WrittenSchema | undefined) =>
    Object.fromEntries(media.map((type) => [type, schema === undefined ? {} : { schema: convertSchema(schema) }]));
  const body = parameters.find((parameter) => parameter.in === 'body');
  const others = parameters.filter((parameter) => parameter.in !== 'body');
  const answers = Object.entries(responses).map(([code, { description, schema }]) => {
    return [code, { description, ...(schema !== undefined && { content: content(produces, schema) }) }];
  });
  return {
    ...operation,
    parameters: others.map(({ type, schema: _, ...parameter }) => ({ ...parameter, schema: { ...(type !== undefined && { type }) } })),
    ...(body !== undefined && {
      requestBody: { content: content(consumes.length > 0 ? consumes : ['*/*'], body.schema), ...(body.required && { required: true }) },
    }),
    responses: Object.fromEntries(answers),
  };
}

/** Version 3 has its definitions elsewhere. */
function convertSchema(schema: WrittenSchema): WrittenSchema {
  return mapReferences(schema, (reference) =>
    reference.startsWith(version2.referencePrefix)
      ? version3.referencePrefix + reference.slice(version2.referencePrefix.length)
      : reference,
  );
}
