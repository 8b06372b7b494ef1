import { beforeAll, describe, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';

const collection = '/api/v1/namespaces/default/configmaps';
const json = 'application/json-patch+json';
const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.send('POST', collection, { metadata: { name: 'a', managedFields: [] }, data: { k: 'v' } });
});

const patch = (type: string, body: unknown, query = '', name = 'a') =>
  api.send('PATCH', `${collection}/${name}${query}`, typeof body === 'string' ? body : JSON.stringify(body), { 'content-type': type });

describe('what cannot be read', () => {
  test.each<[string, string, string, number, string]>([
    [json, '{', '', 400, 'error decoding patch: unexpected end of JSON input'],
    [json, '{', 'fieldValidation=Ignore', 400, 'unexpected end of JSON input'],
    [json, '{}', '', 400, 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
    [json, '{}', 'fieldValidation=Ignore', 400, 'json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
    [json, '[1]', '', 400, 'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
    [json, '[{"op":1}]', '', 400, 'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string'],
    [merge, '{', '', 400, 'error decoding patch: unexpected end of JSON input'],
    [merge, '{', 'fieldValidation=Ignore', 400, 'Invalid JSON Patch'],
    [merge, '[]', '', 400, 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'],
    [merge, 'null', '', 400, 'Invalid JSON Patch'],
    [strategic, '{', '', 400, 'unexpected end of JSON input'],
    [strategic, '\ufeff{}', '', 400, "invalid character 'ï' looking for beginning of value"],
    [strategic, '[]', '', 400, 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    [json, '[{"op":"test","path":"/data/k","value":"w"}]', '', 422, 'the server rejected our request due to an error in our request'],
    [merge, '{"metadata":{"name":"b"}}', '', 400, 'the name of the object (b) does not match the name on the URL (a)'],
    [
      merge,
      '{"metadata":{"namespace":"b"}}',
      '',
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [merge, '{}', 'force=true', 422, 'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch'],
  ])('%s %s ?%s', async (type, body, query, code, message) => {
    expect((await patch(type, body, `?${query}`)).body).toMatchObject({ kind: 'Status', code, message });
  });

  test('is not told of an object that is not there', async () => {
    for (const type of [json, merge, strategic]) expect((await patch(type, '{', '', 'none')).body).toMatchObject({ code: 404 });
  });

  test('ten thousand operations are enough', async () => {
    const operations = (count: number) => Array.from({ length: count }, () => ({ op: 'test', path: '/data/k', value: 'v' }));
    expect((await patch(json, operations(10_000))).code).toBe(200);
    expect((await patch(json, operations(10_001))).body).toMatchObject({
      code: 413,
      message: 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    });
  });
});

describe('unknown and duplicate fields', () => {
  const operation = '[{"op":"add","path":"/foo","value":1,"why":2,"op":"add"},{"op":"test","path":"/data/k","value":"v","why":2}]';
  const cases: [string, string, string[]][] = [
    [
      json,
      operation,
      [
        'json patch unknown field "[0].why"',
        'json patch duplicate field "[0].op"',
        'json patch unknown field "[1].why"',
        'unknown field "foo"',
      ],
    ],
    [merge, '{"data":{"k":"v"},"data":{"k":"v"},"foo":1}', ['duplicate field "data"', 'unknown field "foo"']],
    [strategic, '{"data":{"k":"v"},"data":{"k":"v"},"foo":1}', ['duplicate field "data"', 'unknown field "foo"']],
  ];
  test.each(cases)('of %s are warned of, refused or ignored', async (type, body, complaints) => {
    const warned = await patch(type, body);
    expect(warned.code).toBe(200);
    expect(
      warned.headers
        .get('warning')
        ?.split(', ')
        .map((text) => text.slice(7, -1).replaceAll('\\"', '"')),
    ).toEqual(complaints);
    const strict = await patch(type, body, '?fieldValidation=Strict');
    expect(strict.body).toMatchObject({
      code: 422,
      reason: 'Invalid',
      details: { causes: [{ reason: 'FieldValueInvalid', field: 'patch' }] },
    });
    expect(strict.body.message).toContain(`: strict decoding error: ${complaints.join(', ')}`);
    const ignored = await patch(type, body, '?fieldValidation=Ignore');
    expect([ignored.code, ignored.headers.get('warning')]).toEqual([200, null]);
  });

  test('a strategic merge shows the patch as Go prints it, the others the whole document', async () => {
    const told = async (change: object) => (await patch(strategic, change)).body.message;
    expect(await told({ data: { k: 1 } })).toBe(
      ' "" is invalid: patch: Invalid value: "map[data:map[k:1]]": cannot convert int64 to string',
    );
    expect(await told({ data: { k: { a: 1 } } })).toMatch(/: unrecognized type: string$/);
    expect(await told({ data: 'x' })).toMatch(/: cannot restore map from string$/);
    expect(await told({ metadata: { finalizers: {} } })).toMatch(/: cannot restore slice from map$/);
    expect(await told({ immutable: 'x' })).toMatch(/: unrecognized type: bool$/);
  });

  test('the document is shown with its fields by name where the patch went, and elsewhere as it was', async () => {
    await api.send('POST', collection, {
      metadata: { name: 'shown', annotations: { a: 'b', z: '<' } },
      data: { k: 'v' },
    });
    const told = async (type: string, change: object) => {
      const { message } = (await patch(type, change, '', 'shown')).body;
      const [, shown = ''] = /Invalid value: ("(?:[^"\\]|\\.)*")/.exec(message) ?? [];
      return JSON.parse(shown)
        .replace(/"(uid|resourceVersion|creationTimestamp)":"[^"]*"/g, '$1')
        .replace(/,"managedFields":[^\]]*\]/, '');
    };
    const metadata =
      '"metadata":{"name":"shown","namespace":"default",uid,resourceVersion,creationTimestamp,"annotations":{"a":"b","z":"\\u003c"}}';
    const whole = `{"apiVersion":"v1","data":{"a":"x","k":1},"kind":"ConfigMap",${metadata}}`;
    expect(await told(merge, { data: { k: 1, a: 'x' } })).toBe(whole);
    expect(await told(json, [{ op: 'replace', path: '/data', value: { k: 1, a: 'x' } }])).toBe(whole);
    const patched = await told(merge, { metadata: { labels: { b: 1, a: '1' } } });
    const others = '"name":"shown","namespace":"default",resourceVersion,uid';
    const touched = `"metadata":{"annotations":{"a":"b","z":"\\u003c"},creationTimestamp,"labels":{"a":"1","b":1},${others}}`;
    expect(patched).toBe(`{"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap",${touched}}`);
  });
});

test('the kind stays what it is', async () => {
  const why = async (body: unknown) => (await patch(merge, body)).body.message.split('": ').at(-1);
  expect(await why({ kind: 'Secret' })).toBe('converting (v1.Secret) to (core.ConfigMap): unknown conversion');
  expect(await why({ kind: {} })).toContain('cannot unmarshal object into Go struct field .kind of type string');
  expect((await patch(merge, { apiVersion: 'v2' })).body.message).toContain('no kind "ConfigMap" is registered for version "v2" in scheme');
  expect((await patch(strategic, { kind: 'Secret', apiVersion: 'v2' })).body).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' });
});

test('half a surrogate pair is read as Go reads it', async () => {
  const sent = await patch(merge, '{"data":{"half":"\\ud800","pair":"\\ud83d\\ude00","text":"\\\\ud800"}}');
  expect(sent.body.data).toMatchObject({ half: '\ufffd', pair: '\u{1f600}', text: '\\ud800' });
});

test('a configuration may leave the name to the URL of what is there', async () => {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', data: { k: 'v' } };
  expect((await patch('application/apply-patch+yaml', body, '?fieldManager=m&force=true')).code).toBe(200);
  expect((await patch('application/apply-patch+yaml', body, '?fieldManager=m', 'fresh')).body.message).toBe(
    'the name of the object (fresh based on URL) was undeterminable: name must be provided',
  );
});

test('owner references that stand twice are dropped with a warning', async () => {
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' };
  const made = await api.send('POST', collection, { metadata: { name: 'owned', ownerReferences: [owner, owner] } });
  expect(made.body.metadata.ownerReferences).toEqual([owner]);
  expect(made.headers.get('warning')).toContain('contains duplicate entries; API server dedups');
  const patched = await patch(json, [{ op: 'add', path: '/metadata/ownerReferences/-', value: owner }], '', 'owned');
  expect(patched.body.metadata.ownerReferences).toEqual([owner]);
  expect(patched.headers.get('warning')).toContain('contains duplicate entries after mutating admission happens; API server dedups');
});

test('what is applied may not name the uid of an object that is gone', async () => {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'gone', uid: 'u' } };
  expect((await patch('application/apply-patch+yaml', body, '?fieldManager=m', 'gone')).body).toMatchObject({
    code: 409,
    message:
      'Operation cannot be fulfilled on configmaps "gone": uid mismatch: the provided object specified uid u, and no existing object was found',
  });
});

test('what is wrong with metadata is told for all kinds as of a new object and as of a change, and by the kind once more', async () => {
  const path = '/api/v1/namespaces/default/podtemplates';
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  await api.send('POST', path, { metadata: { name: 'labelled' }, template });
  const { body } = await api.send(
    'PATCH',
    `${path}/labelled`,
    { metadata: { labels: { $bad: 'x' } } },
    { 'content-type': 'application/merge-patch+json' },
  );
  expect(body.details.causes.map(({ field }: { field: string }) => field)).toEqual([
    'metadata.labels',
    'metadata.labels',
    'metadata.labels',
  ]);
  expect(body.message.match(/metadata\.labels/g)).toHaveLength(1);
});
