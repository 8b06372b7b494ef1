import { beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';

const collection = '/api/v1/namespaces/default/configmaps';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.send('POST', collection, { metadata: { name: 'a' } });
});

const table = 'as=Table;g=meta.k8s.io;v=v1';

test.each<[string, string]>([
  [`application/json;${table}, application/json`, 'Table'],
  [`application/json, application/json;${table}`, 'ConfigMapList'],
  [`application/json;q=0.5, application/json;${table};q=0.9`, 'Table'],
  [`*/*, application/json;${table}`, 'Table'],
  [`application/*;${table}, application/json;q=0.5`, 'Table'],
  ['application/vnd.kubernetes.protobuf, application/json', 'ConfigMapList'],
  ['application/json;as=Table;g=meta.k8s.io;v=v2, application/json', 'ConfigMapList'],
  ['application/json;v=v1;g=meta.k8s.io, application/json', 'ConfigMapList'],
  ['application/json;stream=other, */*', 'ConfigMapList'],
  ['application/json;charset=utf-8', 'ConfigMapList'],
  ['application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1', 'PartialObjectMetadataList'],
])('Accept: %s', async (accept, kind) => {
  expect((await api.send('GET', collection, undefined, { accept })).body.kind).toBe(kind);
});

test.each<[string, string, string]>([
  [collection, 'text/html', '406: Not Acceptable'],
  [collection, 'application/*', '406: Not Acceptable'],
  [
    collection,
    'application/json;as=Table;g=meta.k8s.io;v=v2',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  ],
  [
    collection,
    'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
  ],
  [
    `${collection}/a`,
    'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    'you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)',
  ],
])('%s as %s is not acceptable', async (path, accept, message) => {
  expect((await api.send('GET', path, undefined, { accept })).body).toMatchObject({ code: 406, reason: 'NotAcceptable', message });
});

test('only tables mind what objects they carry', async () => {
  expect((await api.send('GET', `${collection}?includeObject=x`)).code).toBe(200);
  const watch = await api.watch(`${collection}?watch=1&includeObject=x`);
  await watch.cancel();
  expect((await api.send('GET', `${collection}?includeObject=x`, undefined, { accept: `application/json;${table}` })).body).toMatchObject({
    code: 400,
    message: `Unable to convert to Table as requested: includeObject: Invalid value: "x": must be 'Metadata', 'Object', 'None', or empty`,
  });
});

test.each<[string, Record<string, string>, boolean]>([
  ['', {}, false],
  ['?pretty=true', {}, true],
  ['?pretty=1', {}, true],
  ['?pretty=yes', {}, false],
  ['?pretty=false', { 'user-agent': 'curl/8' }, false],
  ['', { 'user-agent': 'curl/8.5.0' }, true],
  ['', { 'user-agent': 'Mozilla/5.0 (X11)' }, true],
  ['', { 'user-agent': 'kubectl/v1.36.0' }, false],
  ['', { accept: 'application/json;pretty=1' }, true],
])('%s %j is indented: %s, an answer and a failure alike', async (query, headers, pretty) => {
  for (const name of ['a', 'missing']) {
    const response = await api.server.handle(new Request(`https://a${collection}/${name}${query}`, { headers }), {
      component: { name: 'admin', groups: ['system:masters'] },
    });
    expect((await response.text()).includes('\n  "kind"')).toBe(pretty);
  }
});
