import { beforeAll, expect, test } from 'vitest';
import { type Api, admin, startApi } from './api.ts';
import { define, widgetDefinition, widgets } from './custom-resources/widgets.ts';

const collection = '/api/v1/namespaces/default/configmaps';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.send('POST', collection, { metadata: { name: 'a' } });
  await define(api, widgetDefinition());
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

const routedTo =
  '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf';
const negotiated = 'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf';

test.each<[string, string, string]>([
  [
    collection,
    'text/html',
    '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
  ],
  [`${collection}/a`, 'application/*', routedTo],
  [`${collection}/a`, 'Application/JSON', routedTo],
  ['/api', 'text/html', routedTo],
  ['/api/v1', 'text/html, */json', routedTo],
  ['/apis/apps/v1', 'text/html', routedTo],
  ['/version', 'text/plain', '406: Not Acceptable\n\nAvailable representations: application/json'],
  ['/apis', 'text/html', negotiated],
  ['/apis/apps', 'text/html', negotiated],
  [collection, 'application/json;as=Table;g=meta.k8s.io;v=v2', negotiated],
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

test.each<[string, string, RegExp]>([
  ['application/yaml', 'application/yaml', /^apiVersion: v1\ncode: 404\n/],
  ['application/json;as=Table;g=meta.k8s.io;v=v1, application/json', 'application/json', /^\{"kind":"Status"/],
  // What cannot be negotiated is written for people.
  ['application/json;as=Table;g=meta.k8s.io;v=v1', 'application/json', /^\{\n {2}"kind": "Status"/],
  ['text/html', 'application/json', /^\{\n {2}"kind": "Status"/],
])('a failure for who accepts %s', async (accept, type, start) => {
  const request = new Request(`https://a${collection}/missing`, { headers: { accept } });
  const response = await api.server.handle(request, { component: admin });
  expect(response.headers.get('content-type')).toBe(type);
  expect(await response.text()).toMatch(start);
});

test('custom resources have no routes that look at Accept before they negotiate', async () => {
  const accept = async (path: string, header: string) => (await api.send('GET', path, undefined, { accept: header })).body;
  expect((await accept(widgets, 'application/*')).kind).toBe('WidgetList');
  expect(await accept(widgets, 'text/html')).toMatchObject({ code: 406, message: negotiated });
});

test.each<[string, number]>([
  ['', 201],
  ['Application/JSON', 201],
  ['application/json; charset=utf-8', 201],
  ['application/json;', 201],
  ['application/json; charset="utf-8"', 201],
  ['application/json;charset', 415],
  ['application/json;a=1;a=2', 415],
  ['application/json, text/plain', 415],
  ['application', 415],
  ['text/json', 415],
])('a body of type %j is answered with %d', async (type, code) => {
  const body = { metadata: { generateName: 'typed-' } };
  expect((await api.send('POST', `${collection}?dryRun=All`, body, { 'content-type': type })).code).toBe(code);
});

test('a patch of a type that nobody takes', async () => {
  const patch = async (path: string) => (await api.send('PATCH', path, '{}', { 'content-type': 'application/json' })).body;
  expect(await patch(`${collection}/a`)).toMatchObject({ code: 415, message: '415: Unsupported Media Type' });
  expect(await patch(`${widgets}/a`)).toMatchObject({
    code: 415,
    message:
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  });
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

test('what cannot be answered is told before what is not there', async () => {
  const accept = 'application/json;as=Foo;v=v1;g=meta.k8s.io';
  const { body } = await api.send('GET', '/api/v1/namespaces/default/configmaps/none', undefined, { accept });
  expect(body).toMatchObject({ code: 406, reason: 'NotAcceptable' });
});
