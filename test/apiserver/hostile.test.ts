import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { applySchemaDefaults } from '../../runtime/api/custom-resources/defaulting.ts';
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

test('texts and defaults of such keys are kept, too', async () => {
  const secret = await api.send(
    'POST',
    '/api/v1/namespaces/default/secrets',
    '{"metadata":{"name":"proto"},"stringData":{"__proto__":"a"}}',
  );
  expect(Object.entries(secret.body.data)).toEqual([['__proto__', 'YQ==']]);
  const value = {};
  applySchemaDefaults(value, JSON.parse('{"type":"object","properties":{"__proto__":{"type":"object","default":{"a":1}}}}'));
  expect(Object.entries(value)).toEqual([['__proto__', { a: 1 }]]);
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

test('YAML that nests without end is refused at once', async () => {
  const head = 'apiVersion: v1\nkind: ConfigMap\ndata:';
  for (const [body, line] of [
    [`${head} ${'['.repeat(1_000_000)}`, 'line 3: '],
    [`${head}\n  a: "{"\n  b: ${'{a: ['.repeat(400_000)}`, 'line 5: '],
    [`${head}\n- ${'- '.repeat(1_000_000)}`, 'line 4: '],
    ['['.repeat(1_000_000), ''],
    [`${head}\n  a: ${'['.repeat(2_000)}`, 'line 4: '],
  ] as const) {
    const answer = await api.send('POST', collection, body, { 'content-type': 'application/yaml' });
    expect(answer.body.message).toContain(`yaml: ${line}exceeded max depth of 10000 (`);
  }
  // Brackets in texts and lists beside each other nest nothing.
  const text = `- [b]\n${'- {a: b}\n'.repeat(5_000)}${'['.repeat(20_000)}\n`;
  const metadata = 'metadata:\n  name: brackets\n';
  const yaml = `apiVersion: v1\nkind: ConfigMap\n${metadata}data:\n  a: |\n    ${text.replaceAll('\n', '\n    ')}\n  b: '${'{'.repeat(20_000)}'\n`;
  const made = await api.send('POST', collection, yaml, { 'content-type': 'application/yaml' });
  expect([made.code, made.body.data.a.length]).toEqual([201, text.length]);
  await alive();
});

test('JSON that nests without end is refused at once, in known fields and in unknown ones', async () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const post = async (json: string) => (await api.send('POST', collection, json)).body;
  const tooDeep = "invalid character '[' exceeded max depth";
  const why = `the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: ${tooDeep} (`;
  for (const value of [nested(1_500_000), '['.repeat(3_000_000), nested(10_000)]) {
    const { code, message } = await post(`{"metadata":{"name":"a"},"values":${value}}`);
    expect(message.slice(0, why.length + 1)).toBe(`${why}{`);
    expect(code).toBe(400);
  }
  // As deep as is allowed, and not JSON.
  expect((await post(`{"metadata":{"name":"a"},"values":${'['.repeat(9_999)}`)).message).toContain(
    'json parse error: unexpected end of JSON input (',
  );
  const text = JSON.stringify({ metadata: { name: 'deep' }, data: { a: nested(20_000) } });
  expect((await post(text)).message).toBeUndefined();
  const patch = async (type: string, value: string) =>
    (await api.send('PATCH', `${collection}/deep?fieldManager=m`, value, { 'content-type': `application/${type}` })).body;
  for (const [type, value, told] of [
    ['json-patch+json', `[{"op":"add","path":"/a","value":${nested(1_500_000)}}]`, `error decoding patch: ${tooDeep}`],
    ['merge-patch+json', `{"a":${nested(1_500_000)}}`, `error decoding patch: ${tooDeep}`],
    ['strategic-merge-patch+json', `{"a":${nested(1_500_000)}}`, tooDeep],
    [
      'apply-patch+yaml',
      `{"a":${nested(1_500_000)}}`,
      'error decoding YAML: error converting YAML to JSON: yaml: exceeded max depth of 10000',
    ],
  ] as const) {
    expect(await patch(type, value)).toMatchObject({ code: 400, message: told });
  }
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

test('fields of managers that are no path elements do not stop the server', async () => {
  await api.send('POST', collection, { metadata: { name: 'managed' }, data: { k: 'v' } });
  for (const element of ['k:{"a":1', 'k:{"a":1}x', 'k:[1', 'v:1x', 'v:1 2', 'i:1x']) {
    const fieldsV1 = { 'f:data': { [element]: {}, 'v:3': {}, 'k:{"b":2}': {} } };
    const entry = { manager: 'm', operation: 'Update', apiVersion: 'v1', time: '2026-01-01T00:00:00Z', fieldsType: 'FieldsV1', fieldsV1 };
    const put = await api.send('PUT', `${collection}/managed`, {
      metadata: { name: 'managed', managedFields: [entry] },
      data: { k: element },
    });
    expect(put.code).toBeLessThan(500);
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'managed' }, data: { z: element } };
    const apply = { 'content-type': 'application/apply-patch+yaml' };
    expect((await api.send('PATCH', `${collection}/managed?fieldManager=x&force=true`, applied, apply)).code).toBeLessThan(500);
  }
  await alive();
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
