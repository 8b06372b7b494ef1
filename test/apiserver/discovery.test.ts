import { expect, test } from 'vitest';
import { type Body, startApi } from './api.ts';

test('plain discovery', async () => {
  const api = await startApi();
  const get = async (path: string): Promise<Body> => (await api.send('GET', path)).body;
  expect(await get('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
  const groups = await get('/apis');
  expect(groups.groups.slice(0, 2).map(({ name }: Body) => name)).toEqual(['apiregistration.k8s.io', 'apps']);
  const autoscaling = groups.groups.find(({ name }: Body) => name === 'autoscaling');
  expect(autoscaling.versions.map(({ version }: Body) => version)).toEqual(['v2', 'v1']);
  expect(autoscaling.preferredVersion).toEqual({ groupVersion: 'autoscaling/v2', version: 'v2' });
  expect(groups.groups.some(({ versions }: Body) => versions.some(({ version }: Body) => /alpha|beta/.test(version)))).toBe(false);
  const { resources } = await get('/api/v1');
  expect(resources.find(({ name }: Body) => name === 'configmaps')).toEqual({
    name: 'configmaps',
    singularName: 'configmap',
    namespaced: true,
    kind: 'ConfigMap',
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    shortNames: ['cm'],
    storageVersionHash: 'qFsyl6wFWjQ=',
  });
  const hashOf = async (group: string, plural: string) =>
    (await get(`/apis/${group}/v1`)).resources.find(({ name }: Body) => name === plural).storageVersionHash;
  expect(await hashOf('apiextensions.k8s.io', 'customresourcedefinitions')).toBe('jfWCUB31mvA=');
  expect(await hashOf('admissionregistration.k8s.io', 'mutatingadmissionpolicies')).toBe('LYmCf+UMVdg=');
  expect(resources.find(({ name }: Body) => name === 'pods/eviction')).toMatchObject({ group: 'policy', version: 'v1', kind: 'Eviction' });
  expect((await get('/apis/apps/v2')).code).toBe(404);
  expect((await get('/apis/apps/v1/nope')).message).toBe('the server could not find the requested resource');
  expect((await get('/')).paths).toContain('/apis/apps/v1');
});

test('all that extends the API is of one category', async () => {
  const api = await startApi();
  const inCategory = async (group: string) => {
    const { resources } = (await api.send('GET', `/apis/${group}/v1`)).body;
    return resources.filter(({ categories = [] }: Body) => categories.includes('api-extensions')).map(({ name }: Body) => name);
  };
  expect(await inCategory('admissionregistration.k8s.io')).toEqual([
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
    'mutatingwebhookconfigurations',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'validatingwebhookconfigurations',
  ]);
});

test('aggregated discovery has an entity tag', async () => {
  const api = await startApi();
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const answer = await api.send('GET', '/apis', undefined, { accept });
  expect(answer.headers.get('content-type')).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
  const apps = answer.body.items.find(({ metadata }: Body) => metadata.name === 'apps');
  const deployments = apps.versions[0].resources.find(({ resource }: Body) => resource === 'deployments');
  expect(deployments).toMatchObject({
    responseKind: { group: '', version: '', kind: 'Deployment' },
    scope: 'Namespaced',
    shortNames: ['deploy'],
    categories: ['all'],
  });
  expect(deployments.subresources).toContainEqual({
    subresource: 'scale',
    responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    verbs: ['get', 'patch', 'update'],
  });
  expect(deployments.subresources).toContainEqual({
    subresource: 'status',
    responseKind: { group: '', version: '', kind: 'Deployment' },
    verbs: ['get', 'patch', 'update'],
  });
  const etag = answer.headers.get('etag') ?? '';
  expect((await api.send('GET', '/apis', undefined, { accept, 'if-none-match': etag })).code).toBe(304);
  expect((await api.send('GET', '/api', undefined, { accept })).body.items).toHaveLength(1);
});

test.each([
  [
    'v2beta1 alone is no form of discovery any more',
    'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
    406,
    undefined,
  ],
  [
    'beside v2beta1 the plain form is taken',
    'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
    200,
    'application/json',
  ],
  [
    'v2 is taken wherever it stands',
    'application/json,application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    200,
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  ],
  [
    'v2 is written in YAML, too',
    'application/yaml;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    200,
    'application/yaml;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  ],
  ['documents are no tables', 'application/json;g=meta.k8s.io;v=v1;as=Table', 406, undefined],
])('%s', async (_, accept, code, type) => {
  const api = await startApi();
  for (const path of ['/api', '/apis']) {
    const answer = await api.send('GET', path, undefined, { accept });
    expect(answer.code).toBe(code);
    if (type !== undefined) expect(answer.headers.get('content-type')).toBe(type);
    else expect(answer.body.message).toMatch(/^only the following media types are accepted: application\/json, application\/yaml/);
  }
});

test('beta versions are served when they are turned on', async () => {
  const off = await startApi();
  expect((await off.send('GET', '/apis/networking.k8s.io/v1beta1')).code).toBe(404);
  const on = await startApi({ runtimeConfig: ['networking.k8s.io/v1beta1'] });
  expect((await on.send('GET', '/apis/networking.k8s.io/v1beta1')).code).toBe(200);
});

test('health checks, one by one and in words', async () => {
  const api = await startApi({ healthChecks: [{ name: 'bad', of: ['readyz'], check: () => 'broken' }] });
  expect(await api.send('GET', '/livez?verbose')).toMatchObject({ code: 200, body: '[+]ping ok\n[+]etcd ok\nlivez check passed\n' });
  expect(await api.send('GET', '/readyz')).toMatchObject({
    code: 500,
    body: '[+]ping ok\n[+]etcd ok\n[+]etcd-readiness ok\n[-]bad failed: reason withheld\nreadyz check failed\n',
  });
  expect((await api.send('GET', '/readyz?exclude=bad')).code).toBe(200);
  expect((await api.send('GET', '/readyz/etcd')).body).toBe('ok');
  expect((await api.send('GET', '/readyz/nope')).code).toBe(404);
});

test('methods and paths that there are not', async () => {
  const api = await startApi();
  const code = async (method: string, path: string) => (await api.send(method, path, method === 'GET' ? undefined : {})).code;
  expect(await code('POST', '/api/v1/configmaps')).toBe(405);
  expect(await code('GET', '/api/v1/configmaps/x')).toBe(404);
  expect(await code('PUT', '/api/v1/namespaces/default/configmaps')).toBe(405);
  expect(await code('GET', '/api/v1/namespaces/default/nodes')).toBe(404);
  expect(await code('DELETE', '/api/v1/namespaces/default/pods/x/status')).toBe(405);
  expect(await code('GET', '/api/v1/namespaces/default/pods/x/nope')).toBe(404);
  expect(await code('GET', '/api/v1/namespaces/default/bindings')).toBe(405);
  expect(await code('GET', '/nope')).toBe(404);
  expect(await code('GET', '/api/v1/%ff')).toBe(404);
  expect(await code('GET', '/api/v1/%zz')).toBe(400);
});
