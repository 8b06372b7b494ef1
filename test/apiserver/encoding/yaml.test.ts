import { beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from '../api.ts';

const collection = '/api/v1/namespaces/default/configmaps';
const unrecognized = 'the object provided is unrecognized (must be of type ConfigMap)';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const send = (text: string, query = '') =>
  api.send('POST', `${collection}?dryRun=All${query}`, text, { 'content-type': 'application/yaml' });

test.each<[string, string, unknown]>([
  ['the first of several documents', 'metadata: {name: a}\ndata: {k: v}\n---\nmetadata: {name: b}\n', { k: 'v' }],
  ['what comes before the end of a document', 'metadata: {name: a}\ndata: {k: v}\n...\nfoo: [', { k: 'v' }],
  ['bytes as text', 'metadata: {name: a}\ndata: {k: !!binary aGVsbG8=}', { k: 'hello' }],
  ['the last of equal keys', 'metadata: {name: a}\ndata: {k: v, k: w}', { k: 'w' }],
])('%s is read', async (_, text, data) => {
  expect((await send(text)).body.data).toEqual(data);
});

test('unknown fields are told in the order of their names, as in the JSON that Go makes of the text', async () => {
  const text = 'unknown: 1\nmetadata:\n  zone: a\n  ownerReferences:\n  - {b: 1, a: 2}\n  name: a\ndata: {}\nalso: 1\n';
  const told = ['also', 'metadata.ownerReferences[0].a', 'metadata.ownerReferences[0].b', 'metadata.zone', 'unknown'];
  expect((await send(text, '&fieldValidation=Strict')).body.message).toBe(
    `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${told.map((field) => `unknown field "${field}"`).join(', ')}`,
  );
});

test('keys that stand twice are told, or refused', async () => {
  const text = 'metadata:\n  name: a\n  name: b\ndata:\n  k: v\n  k: w\nunknown: 1\n';
  const told = 'yaml: unmarshal errors:\n  line 3: key "name" already set in map\n  line 6: key "k" already set in map';
  const warned = await send(text);
  expect(warned.code).toBe(201);
  expect(warned.headers.get('warning')).toBe(
    '299 - "line 3: key \\"name\\" already set in map", 299 - "line 6: key \\"k\\" already set in map", 299 - "unknown field \\"unknown\\""',
  );
  expect((await send(text, '&fieldValidation=Ignore')).headers.get('warning')).toBeNull();
  expect((await send(text, '&fieldValidation=Strict')).body.message).toBe(
    `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${told}, unknown field "unknown"`,
  );
  const apply = async (query: string) =>
    api.send(
      'PATCH',
      `${collection}/a?fieldManager=m${query}`,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: v\n  k: w\n',
      {
        'content-type': 'application/apply-patch+yaml',
      },
    );
  const why = 'error converting YAML to JSON: yaml: unmarshal errors:\n  line 6: key "k" already set in map';
  expect((await apply('&fieldValidation=Strict')).body).toMatchObject({ code: 400, message: `error strict decoding YAML: ${why}` });
  const applied = await apply('');
  expect(applied.body.data).toEqual({ k: 'w' });
  expect(applied.headers.get('warning')).toContain('already set in map');
});

test.each<[string, string]>([
  ['a: b: c', 'yaml: mapping values are not allowed in this context'],
  ['a: 1\nb: c: d', 'yaml: line 2: mapping values are not allowed in this context'],
  ['metadata:\n\tname: a', 'yaml: line 2: found character that cannot start any token'],
  ['data: &a {k: [*a]}', "yaml: anchor 'a' value contains itself"],
  ['data: {k: *nope}', "yaml: unknown anchor 'nope' referenced"],
  ['data: "\\q"', 'yaml: found unknown escape character'],
])('%j is refused in words of go-yaml', async (text, why) => {
  const { code, body } = await send(text);
  expect(code).toBe(400);
  expect(body.message.startsWith(`${unrecognized}: ${why} (`)).toBe(true);
});

test.each(['', '# nothing', '---\n', 'null'])('%j is an object without anything', async (text) => {
  expect((await send(text)).body).toMatchObject({
    code: 422,
    message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
  });
});

test('bytes that are no text and keys that are no text are refused, to be applied, too, and the next request works', async () => {
  const apply = { 'content-type': 'application/apply-patch+yaml' };
  const bad = new Uint8Array([
    ...new TextEncoder().encode('metadata: {name: a}\ndata: {k: "'),
    0xc3,
    0x28,
    ...new TextEncoder().encode('"}'),
  ]);
  const refused = await api.send('POST', `${collection}?dryRun=All`, bad, { 'content-type': 'application/yaml' });
  expect(refused.body).toMatchObject({
    code: 400,
    reason: 'BadRequest',
    message: expect.stringMatching(
      /^the object provided is unrecognized .*: yaml: invalid trailing UTF-8 octet \(6d65746164617461.* \.\.\.\)$/,
    ),
  });
  expect((await api.send('PATCH', `${collection}/a?fieldManager=m`, bad, apply)).body).toMatchObject({
    code: 400,
    message: 'error decoding YAML: error converting YAML to JSON: yaml: invalid trailing UTF-8 octet',
  });
  expect((await send('metadata: {name: a}\ndata: {[k]: v}')).body.message).toContain(': yaml: invalid map key: []interface {}{"k"} (');
  expect((await api.send('PATCH', `${collection}/a?fieldManager=m`, 'data: {~: v}', apply)).body.message).toBe(
    'error decoding YAML: error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: "v"',
  );
  expect((await send('metadata: {name: next}')).code).toBe(201);
});
