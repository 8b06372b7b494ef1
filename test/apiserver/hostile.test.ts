import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';

const collection = '/api/v1/namespaces/default/configmaps';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

const json = { 'content-type': 'application/json' };
const alive = async () => expect((await api.send('GET', '/readyz')).code).toBe(200);

test('keys that JavaScript knows are keys like others', async () => {
  const text = '{"metadata":{"name":"proto","labels":{"constructor":"a"}},"data":{"toString":"c","__proto__":"b"},"__proto__":{"x":1}}';
  const { body, headers } = await api.send('POST', collection, text);
  expect(headers.get('warning')).toContain('unknown field \\"__proto__\\"');
  const read = (await api.send('GET', `${collection}/proto`)).body;
  expect(read.metadata.labels).toEqual({ constructor: 'a' });
  const entries = async () => Object.entries((await api.send('GET', `${collection}/proto`)).body.data).sort();
  expect(await entries()).toEqual([
    ['__proto__', 'b'],
    ['toString', 'c'],
  ]);
  expect(read.metadata.uid).toBe(body.metadata.uid);
  const merge = { 'content-type': 'application/merge-patch+json' };
  await api.send('PATCH', `${collection}/proto`, '{"data":{"__proto__":"d"},"__proto__":{"polluted":true}}', merge);
  expect((await entries())[0]).toEqual(['__proto__', 'd']);
  expect('polluted' in {}).toBe(false);
});

test('deep nesting, broken text and exploding aliases are refused, and the next request works', async () => {
  const deep = `{"metadata":{"name":"a"},"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  for (const [body, type] of [
    [deep, 'application/json'],
    [`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'application/json'],
    ['{"metadata":{"name":"a"}', 'application/json'],
    [new Uint8Array([0xff, 0xfe, 0x00, 0x01]), 'application/json'],
    [new Uint8Array([0x6b, 0x38, 0x73, 0x00, 0xff, 0xff, 0xff]), 'application/vnd.kubernetes.protobuf'],
    ['a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: &d [*c, *c, *c]\ne: &e [*d, *d, *d]\nf: [*e, *e, *e]\n', 'application/yaml'],
    ['\ufeff{}', 'application/json'],
    ['1e400', 'application/json'],
  ] as const) {
    const { code } = await api.send('POST', collection, body, { 'content-type': type });
    expect(code).toBeGreaterThanOrEqual(400);
    expect(code).toBeLessThan(500);
    await alive();
  }
});

test('a field of any shape may not nest without end', async () => {
  const data = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const path = '/apis/apps/v1/namespaces/default/controllerrevisions';
  const answer = await api.send('POST', path, `{"metadata":{"name":"a"},"revision":1,"data":{"a":${data}}}`);
  expect(answer.body).toMatchObject({ code: 400, message: 'exceeded max depth' });
  await alive();
});

test('paths that try to be clever lead nowhere', async () => {
  for (const path of [
    `${collection}/..%2f..%2fsecrets`,
    `${collection}/a%00b`,
    '/api/v1/namespaces/%2e%2e/configmaps/x',
    '/api/v1/namespaces//configmaps//x',
    '/apis/__proto__/constructor/toString',
    '/api/v1/namespaces/default/constructor',
  ]) {
    const { code } = await api.send('GET', path);
    expect([400, 403, 404]).toContain(code);
  }
});

test('whatever JSON is sent, the answer is a Status or the object', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), fc.constantFrom('configmaps', 'pods', 'services', 'namespaces/x/finalize'), async (body, resource) => {
      const { code, body: answer } = await api.send('POST', `/api/v1/namespaces/default/${resource}`, body, json);
      expect(code).toBeLessThan(500);
      expect(answer.kind).toBeTypeOf('string');
    }),
    { numRuns: 150 },
  );
});
