import { expect, test } from 'vitest';
import { convertVersion2 } from '../../../runtime/apiserver/openapi/convert-version2.ts';
import { mergeVersion2 } from '../../../runtime/apiserver/openapi/merge-version2.ts';
import { readVersion2 } from '../../../runtime/apiserver/openapi/read-version2.ts';

const reference = (name: string) => ({ $ref: `#/definitions/${name}` });
const prefix = '/apis/a.io/v1/';

/** A document of another server with one path of interest. */
function remote(item: object, definitions: object = {}, more: object = {}) {
  const paths = { [`${prefix}things`]: item, '/apis/b.io/v1/others': { get: { responses: { 200: { schema: reference('Other') } } } } };
  return readVersion2({ swagger: '2.0', info: {}, paths, definitions, ...more }, prefix);
}

test('of another server’s document its own paths are taken, and the definitions they need', () => {
  const thing = { type: 'object', properties: { parts: { type: 'array', items: reference('Part') }, any: { additionalProperties: true } } };
  const part = { allOf: [{ ...reference('Detail') }], description: 'A part.', 'x-kubernetes-list-type': 'atomic', oddity: 1 };
  const { paths, definitions } = remote(
    {
      parameters: [{ $ref: '#/parameters/pretty' }],
      get: { operationId: 'list', produces: ['application/json'], responses: { 200: { description: 'OK', schema: reference('Thing') } } },
      trace: { operationId: 'no method of ours' },
    },
    { Thing: thing, Part: part, Detail: { type: ['string'] }, Other: { type: 'string' } },
    { parameters: { pretty: { name: 'pretty', in: 'query', type: 'string' } } },
  );
  expect(Object.keys(paths)).toEqual([`${prefix}things`]);
  expect(paths[`${prefix}things`]).toEqual({
    get: expect.objectContaining({ operationId: 'list', parameters: [{ name: 'pretty', in: 'query', type: 'string' }], tags: [] }),
  });
  expect(definitions).toEqual({
    Detail: {},
    Part: { allOf: [reference('Detail')], description: 'A part.', 'x-kubernetes-list-type': 'atomic' },
    Thing: { type: 'object', properties: { parts: { type: 'array', items: reference('Part') }, any: {} } },
  });
});

test.each([[[]], ['text'], [{ swagger: '3.0' }], [{ swagger: '2.0', paths: { [`${prefix}x`]: [] } }]])(
  '%j is no such document',
  (document) => {
    expect(() => readVersion2(document, prefix)).toThrow(/document/);
  },
);

const own = {
  swagger: '2.0' as const,
  info: { title: 'Kubernetes', version: 'v1' },
  paths: { '/version/': {} },
  definitions: { Same: { type: 'string' as const }, Meta: { type: 'object' as const } },
  securityDefinitions: {},
  security: [],
};

test('documents are merged: what is the same is shared, what differs under one name gets another', () => {
  const body = { parameters: [{ name: 'body', in: 'body', schema: reference('Meta') }] };
  const part = remote(
    { post: { ...body, responses: { 201: { description: 'Created', schema: reference('Same') } } } },
    { Same: { type: 'string' }, Meta: { type: 'object', properties: { self: reference('Meta') } } },
  );
  const merged = mergeVersion2(own, [part, part]);
  expect(Object.keys(merged.paths)).toEqual(['/version/', `${prefix}things`]);
  expect(merged.paths[`${prefix}things`]?.post).toMatchObject({
    parameters: [{ schema: reference('Meta_v2') }],
    responses: { 201: { schema: reference('Same') } },
  });
  expect(merged.definitions.Meta).toEqual({ type: 'object' });
  expect(merged.definitions.Meta_v2).toEqual({ type: 'object', properties: { self: reference('Meta_v2') } });
  expect(own.definitions).not.toHaveProperty('Meta_v2');
});

test('of version 2 a document of version 3 is made', () => {
  const part = remote(
    {
      post: {
        operationId: 'make',
        consumes: ['application/json'],
        produces: ['application/json'],
        parameters: [
          { name: 'body', in: 'body', required: true, schema: reference('Thing') },
          { name: 'dryRun', in: 'query', type: 'string' },
        ],
        responses: { 201: { description: 'Created', schema: reference('Thing') }, 401: { description: 'Unauthorized' } },
      },
    },
    { Thing: { type: 'object', properties: { next: reference('Thing') } } },
  );
  const schema = { $ref: '#/components/schemas/Thing' };
  expect(convertVersion2(part, 'v1.36.0')).toEqual({
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.0' },
    paths: {
      [`${prefix}things`]: {
        post: {
          operationId: 'make',
          description: '',
          tags: [],
          parameters: [{ name: 'dryRun', in: 'query', schema: { type: 'string' } }],
          requestBody: { content: { 'application/json': { schema } }, required: true },
          responses: { 201: { description: 'Created', content: { 'application/json': { schema } } }, 401: { description: 'Unauthorized' } },
        },
      },
    },
    components: { schemas: { Thing: { type: 'object', properties: { next: schema } } } },
  });
});
