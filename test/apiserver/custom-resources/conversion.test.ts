import { expect, test } from 'vitest';
import { settle } from '../../client/settle.ts';
import { type Api, type Body, startApi } from '../api.ts';
import { define, definitions } from './widgets.ts';

const hostPort = {
  type: 'object',
  properties: { host: { type: 'string' }, port: { type: 'string', maxLength: 4 }, mode: { type: 'string', default: 'tcp' } },
};
const address = { type: 'object', properties: { hostPort: { type: 'string' } } };
const schema = (properties: object) => ({ openAPIV3Schema: properties });
const path = (version: string, name = '') => `/apis/stable.test/${version}/namespaces/default/endpoints${name === '' ? '' : `/${name}`}`;
const merge = { 'content-type': 'application/merge-patch+json' };

const definition: Body = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'endpoints.stable.test' },
  spec: {
    group: 'stable.test',
    scope: 'Namespaced',
    names: { plural: 'endpoints', singular: 'endpoint', kind: 'Endpoint', listKind: 'EndpointList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: schema({ type: 'object', properties: { spec: hostPort } }),
        additionalPrinterColumns: [{ name: 'Host', type: 'string', jsonPath: '.spec.host' }],
      },
      {
        name: 'v2',
        served: true,
        storage: false,
        schema: schema({ type: 'object', properties: { spec: address } }),
        additionalPrinterColumns: [{ name: 'Address', type: 'string', jsonPath: '.spec.hostPort' }],
      },
    ],
    conversion: {
      strategy: 'Webhook',
      webhook: { clientConfig: { url: 'https://localhost/convert' }, conversionReviewVersions: ['v1'] },
    },
  },
};

/** Between `host` and `port` of v1 and `hostPort` of v2. */
function convert(object: Body, apiVersion: string): Body {
  const { spec, ...rest } = object;
  if (apiVersion === 'stable.test/v2') return { ...rest, apiVersion, spec: { hostPort: `${spec.host}:${spec.port}` } };
  const [host, port] = spec.hostPort.split(':');
  return { ...rest, apiVersion, spec: { host, port } };
}

interface Asked {
  readonly desired: string;
  readonly names: readonly string[];
}

async function start(
  change: (response: Body, request: Body) => Body = (response) => response,
  defined = definition,
  before: () => Promise<void> | undefined = () => undefined,
) {
  const asked: Asked[] = [];
  const api = await startApi({
    webhooks: {
      async fetch(sent) {
        const { request, ...review } = await sent.json();
        await before();
        asked.push({ desired: request.desiredAPIVersion, names: request.objects.map(({ metadata }: Body) => metadata.name) });
        const convertedObjects = request.objects.map((object: Body) => convert(object, request.desiredAPIVersion));
        const response = { uid: request.uid, result: { status: 'Success' }, convertedObjects };
        return Response.json({ ...review, response: change(response, request) });
      },
    },
  });
  await define(api, defined);
  return { api, asked };
}

const v1 = (name: string) => ({ apiVersion: 'stable.test/v1', kind: 'Endpoint', metadata: { name }, spec: { host: name, port: '80' } });
const v2 = (name: string) => ({ apiVersion: 'stable.test/v2', kind: 'Endpoint', metadata: { name }, spec: { hostPort: `${name}:90` } });

async function make(api: Api, object: { apiVersion: string }): Promise<Body> {
  const { code, body } = await api.send('POST', path(object.apiVersion.split('/')[1] ?? ''), object);
  expect([code, body.message ?? '']).toEqual([201, '']);
  return body;
}

test('objects are read and written in either version, and stored in one', async () => {
  const { api, asked } = await start();
  expect(await make(api, v1('a'))).toMatchObject({ apiVersion: 'stable.test/v1', spec: { host: 'a', port: '80', mode: 'tcp' } });
  expect(asked).toEqual([]);
  expect(await make(api, v2('b'))).toMatchObject({ apiVersion: 'stable.test/v2', spec: { hostPort: 'b:90' } });
  expect(asked).toEqual([
    { desired: 'stable.test/v1', names: ['b'] },
    { desired: 'stable.test/v2', names: ['b'] },
  ]);
  expect((await api.send('GET', path('v2', 'a'))).body.spec).toEqual({ hostPort: 'a:80' });
  // Defaults are those of the version that is read.
  expect((await api.send('GET', path('v1', 'b'))).body.spec).toEqual({ host: 'b', port: '90', mode: 'tcp' });

  const patched = await api.send('PATCH', path('v2', 'a'), { spec: { hostPort: 'c:443' }, metadata: { labels: { x: 'y' } } }, merge);
  expect(patched.body).toMatchObject({ spec: { hostPort: 'c:443' }, metadata: { generation: 2, labels: { x: 'y' } } });
  expect((await api.send('GET', path('v1', 'a'))).body.spec).toMatchObject({ host: 'c', port: '443' });
  const same = await api.send('PATCH', path('v2', 'a'), { spec: { hostPort: 'c:443' } }, merge);
  expect(same.body.metadata.resourceVersion).toBe(patched.body.metadata.resourceVersion);
  const put = await api.send('PUT', path('v2', 'a'), { ...same.body, spec: { hostPort: 'd:1' } });
  expect([put.code, put.body.spec]).toEqual([200, { hostPort: 'd:1' }]);
  const applied = await api.send(
    'PATCH',
    `${path('v2', 'a')}?fieldManager=m&force=true`,
    { apiVersion: 'stable.test/v2', kind: 'Endpoint', metadata: { name: 'a' }, spec: { hostPort: 'e:2' } },
    { 'content-type': 'application/apply-patch+yaml' },
  );
  expect([applied.code, applied.body.spec]).toEqual([200, { hostPort: 'e:2' }]);
  expect((await api.send('DELETE', path('v2', 'b'))).code).toBe(200);
  expect((await api.send('GET', path('v1', 'b'))).code).toBe(404);
});

test('a list is converted at once, and so are tables and metadata', async () => {
  const { api, asked } = await start();
  for (const name of ['a', 'b']) await make(api, v1(name));
  const { body } = await api.send('GET', path('v2'));
  expect(body.items.map(({ apiVersion, spec }: Body) => [apiVersion, spec.hostPort])).toEqual([
    ['stable.test/v2', 'a:80'],
    ['stable.test/v2', 'b:80'],
  ]);
  expect(asked).toEqual([{ desired: 'stable.test/v2', names: ['a', 'b'] }]);
  const table = await api.send('GET', path('v2'), undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
  expect(table.body.rows.map(({ cells }: Body) => cells)).toEqual([
    ['a', 'a:80'],
    ['b', 'b:80'],
  ]);
});

test('a watch tells of objects in the version that is watched, in their order', async () => {
  const { api } = await start();
  await make(api, v1('a'));
  const watched = await api.watch(`${path('v2')}?watch=true`);
  expect(await watched.next(1)).toMatchObject([{ type: 'ADDED', object: { apiVersion: 'stable.test/v2', spec: { hostPort: 'a:80' } } }]);
  await make(api, v1('b'));
  await api.send('PATCH', path('v1', 'b'), { spec: { port: '81' } }, merge);
  await api.send('DELETE', path('v1', 'b'));
  expect(await watched.next(3)).toMatchObject([
    { type: 'ADDED', object: { spec: { hostPort: 'b:80' } } },
    { type: 'MODIFIED', object: { spec: { hostPort: 'b:81' } } },
    { type: 'DELETED', object: { apiVersion: 'stable.test/v2', spec: { hostPort: 'b:81' } } },
  ]);
  await watched.cancel();
});

test('a bookmark does not come before what the webhook still converts', async () => {
  const gate: { open?: () => void; wait?: Promise<void> } = {};
  const { api } = await start(undefined, definition, () => gate.wait);
  await make(api, v1('a'));
  const watched = await api.watch(`${path('v2')}?watch=true&allowWatchBookmarks=true`);
  expect(await watched.next(2)).toMatchObject([{ type: 'ADDED' }, { type: 'BOOKMARK' }]);
  await api.clock.advance(59_000);
  gate.wait = new Promise((open) => {
    gate.open = open;
  });
  const { metadata } = await make(api, v1('b'));
  await api.clock.advance(1_000);
  gate.open?.();
  expect(await watched.next(2)).toMatchObject([
    { type: 'ADDED', object: { metadata: { name: 'b', resourceVersion: metadata.resourceVersion } } },
    { type: 'BOOKMARK', object: { metadata: { resourceVersion: metadata.resourceVersion } } },
  ]);
  await watched.cancel();
});

test('selectors of fields look at objects in the version that is asked for', async () => {
  const selectable: Body = structuredClone(definition);
  selectable.spec.versions[0].selectableFields = [{ jsonPath: '.spec.host' }];
  selectable.spec.versions[1].selectableFields = [{ jsonPath: '.spec.hostPort' }];
  const { api, asked } = await start(undefined, selectable);
  const by = (version: string, field: string, value: string) =>
    `${path(version)}?fieldSelector=spec.${field}%3D${encodeURIComponent(value)}`;
  const names = async (at: string) => (await api.send('GET', at)).body.items.map(({ metadata }: Body) => metadata.name);
  const watch = await api.watch(`${by('v2', 'hostPort', 'b:80')}&watch=1`);
  for (const name of ['a', 'b', 'c']) await make(api, v1(name));
  expect(await names(by('v1', 'host', 'b'))).toEqual(['b']);
  asked.length = 0;
  expect(await names(by('v2', 'hostPort', 'b:80'))).toEqual(['b']);
  // The watch has looked at all of them; what is answered is converted anew.
  expect(asked).toEqual([{ desired: 'stable.test/v2', names: ['b'] }]);
  expect(await names(`${by('v2', 'hostPort', 'b:80')}&limit=1`)).toEqual(['b']);
  expect(await names(by('v1', 'host', 'b'))).toEqual(['b']);
  const standing = await api.watch(`${by('v2', 'hostPort', 'c:80')}&watch=1`);
  expect((await standing.next(1))[0]).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'c' } } });
  await api.send('PATCH', path('v1', 'b'), { spec: { host: 'x' } }, merge);
  const seen = await watch.next(2);
  expect(seen.map(({ type, object }) => [type, object.spec])).toEqual([
    ['ADDED', { hostPort: 'b:80' }],
    ['DELETED', { hostPort: 'b:80' }],
  ]);
  const refused = await api.send('GET', by('v2', 'host', 'a'));
  expect(refused.body).toMatchObject({ code: 400, message: 'field label not supported: spec.host' });
  await api.send('DELETE', by('v2', 'hostPort', 'a:80'));
  expect(await names(path('v1'))).toEqual(['b', 'c']);
  await standing.cancel();
  await watch.cancel();
});

test('once another version is stored, a write without a change brings an object into it', async () => {
  const { api } = await start();
  await make(api, v1('a'));
  const versions = definition.spec.versions.map((version: Body) => ({ ...version, storage: version.name === 'v2' }));
  await api.send('PATCH', `${definitions}/endpoints.stable.test`, { spec: { versions } }, merge);
  await settle();
  const before = await api.send('GET', path('v2', 'a'));
  const after = await api.send('PUT', path('v2', 'a'), before.body);
  expect(after.body.metadata.resourceVersion).not.toBe(before.body.metadata.resourceVersion);
  const stored = api.store.get('/registry/stable.test/endpoints/default/a');
  expect(JSON.parse(new TextDecoder().decode(stored?.value))).toMatchObject({ apiVersion: 'stable.test/v2', spec: { hostPort: 'a:80' } });
});

test('policies see objects in the version that they are about, whatever version is written', async () => {
  const { api } = await start();
  const admission = '/apis/admissionregistration.k8s.io/v1';
  const resourceRules = [{ operations: ['CREATE'], apiGroups: ['stable.test'], apiVersions: ['v2'], resources: ['endpoints'] }];
  await api.send('POST', `${admission}/mutatingadmissionpolicies`, {
    metadata: { name: 'm' },
    spec: {
      matchConstraints: { resourceRules },
      reinvocationPolicy: 'Never',
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{spec: Object.spec{hostPort: "x" + object.spec.hostPort}}' },
        },
      ],
    },
  });
  await api.send('POST', `${admission}/mutatingadmissionpolicybindings`, { metadata: { name: 'm' }, spec: { policyName: 'm' } });
  expect((await make(api, v1('a'))).spec).toEqual({ host: 'xa', port: '80', mode: 'tcp' });
  expect((await make(api, v2('b'))).spec).toEqual({ hostPort: 'xb:90' });
});

const failed = 'conversion webhook for stable.test/v1, Kind=Endpoint failed: ';
const returned = 'conversion webhook for stable.test/v1, Kind=Endpoint returned ';
test.each<[string, (response: Body) => Body, string]>([
  ['a failure', (response) => ({ ...response, result: { status: 'Failure', message: 'no way' } }), `${failed}no way`],
  [
    'no way to the address',
    () => {
      throw new Error('connection refused');
    },
    `${failed}Post "https://localhost/convert?timeout=30s": connection refused`,
  ],
  ['no result', (response) => ({ ...response, result: {} }), `${failed}response.result.status was '', not 'Success'`],
  ['another uid', (response) => ({ ...response, uid: 'x' }), `${failed}expected response.uid=`],
  ['no response', () => null, `${failed}no response provided`],
  ['nothing converted', (response) => ({ ...response, convertedObjects: [] }), `${returned}0 objects, expected 1`],
  [
    'another version',
    ({ convertedObjects: [object], ...response }) => ({ ...response, convertedObjects: [{ ...object, apiVersion: 'stable.test/v1' }] }),
    `${returned}invalid object: invalid groupVersion (expected stable.test/v2, received stable.test/v1)`,
  ],
  [
    'another name',
    ({ convertedObjects: [object], ...response }) => ({
      ...response,
      convertedObjects: [{ ...object, metadata: { ...object.metadata, name: 'z' } }],
    }),
    `${returned}invalid object: must have the same name: a != z`,
  ],
  [
    'labels that are none',
    ({ convertedObjects: [object], ...response }) => ({
      ...response,
      convertedObjects: [{ ...object, metadata: { ...object.metadata, labels: { 'a b': 'c' } } }],
    }),
    `${returned}invalid object: metadata.labels: Invalid value: "a b"`,
  ],
])('%s of the webhook fails the read', async (_what, change, text) => {
  const { api } = await start(change);
  await make(api, v1('a'));
  const { code, body } = await api.send('GET', path('v2', 'a'));
  expect([code, body.message.slice(0, text.length)]).toEqual([500, text]);
  expect((await api.send('GET', path('v1', 'a'))).code).toBe(200);
});
