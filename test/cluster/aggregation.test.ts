import { afterEach, beforeEach, expect, test } from 'vitest';
import type { APIService } from '../../runtime/api/generated/types/apiregistration/v1.ts';
import type { User } from '../../runtime/apiserver/authentication/user.ts';
import { clusterUrl } from '../../runtime/client/http-client.ts';
import { apiServices, namespaces, services } from '../../runtime/client/resources.ts';
import { loopbackRemoteServers } from '../../runtime/host/node/https-client/remote-servers.ts';
import { writePrometheus } from '../../runtime/host/node/prometheus.ts';
import { testPki } from '../host/https.ts';
import { type ExtensionServer, startExtensionServer } from '../support/extension-server.ts';
import { startVirtualCluster, type VirtualCluster } from '../support/virtual-cluster.ts';

let virtual: VirtualCluster;
let extension: ExtensionServer;
const root = '/apis/wardle.example.com/v1alpha1';
const collection = `${root}/namespaces/default/flunders`;
const admin: User = { name: 'jane', uid: 'u-1', groups: ['system:masters', 'dév'], extra: { 'acme.com/Scope': ['a', 'b'] } };

beforeEach(async () => {
  const pki = await testPki();
  virtual = await startVirtualCluster({ pki, remoteServers: loopbackRemoteServers(), metricsWriter: writePrometheus });
  extension = await startExtensionServer({ namespace: 'default', frontProxyCa: pki.frontProxy.ca });
});
afterEach(async () => {
  await virtual.stop();
  await extension.close();
});

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, user = admin) {
  const init = {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  return virtual.cluster.server.handle(new Request(clusterUrl + path, init), { component: user, address: '127.0.0.7' });
}

/** What the answer is, when the server behind is to have been asked: real sockets take their time, which the cluster's clock does not show. */
async function told(method: string, path: string, body?: unknown) {
  const response = await send(method, path, body);
  return [response.status, await response.text()];
}

async function condition(): Promise<string> {
  await virtual.clock.advance(100);
  const { status } = await virtual.cluster.client.resource(apiServices).get(extension.apiService.metadata?.name ?? '');
  const [state] = status?.conditions ?? [];
  return `${state?.status} ${state?.reason}: ${state?.message}`;
}

async function register(spec: Partial<NonNullable<APIService['spec']>> = {}): Promise<void> {
  const { client } = virtual.cluster;
  await client.resource(services).create(extension.service);
  await client.resource(apiServices).create({ ...extension.apiService, spec: { ...extension.apiService.spec, ...spec } });
}

async function up(): Promise<void> {
  await register();
  await expect.poll(condition).toBe('True Passed: all checks passed');
  extension.seen.length = 0;
}

test('a server that extends the API is asked in the name of who asks, and not by their credentials', async () => {
  await up();
  const flunder = { kind: 'Flunder', metadata: { name: 'a' } };
  const headers = {
    authorization: 'Bearer secret',
    'x-remote-user': 'root',
    'x-remote-extra-scope': 'all',
    'x-forwarded-for': '10.0.0.1',
    'audit-id': 'id-1',
    connection: 'x-private',
    'x-private': 'p',
    'x-other': 'o',
  };
  const made = await send('POST', `${collection}?fieldManager=me&dryRun=`, flunder, headers);
  expect([made.status, ((await made.json()) as { metadata: object }).metadata]).toEqual([201, expect.objectContaining({ name: 'a' })]);
  const [seen] = extension.seen;
  expect(seen).toMatchObject({
    method: 'POST',
    path: `${collection}?dryRun=&fieldManager=me`,
    certificate: 'front-proxy-client',
    headers: {
      host: `localhost:${extension.apiService.spec.service?.port}`,
      'x-remote-user': ['jane'],
      'x-remote-uid': ['u-1'],
      'x-remote-group': ['system:masters', Buffer.from('dév').toString('latin1'), 'system:authenticated'],
      'x-remote-extra-acme.com%2fscope': ['a', 'b'],
      'x-forwarded-for': '10.0.0.1, 127.0.0.7',
      'x-forwarded-uri': collection,
      'x-forwarded-proto': 'https',
      'audit-id': 'id-1',
      'x-other': 'o',
    },
  });
  for (const name of ['authorization', 'x-remote-extra-scope', 'x-private']) expect(seen?.headers).not.toHaveProperty(name);
  expect(await told('GET', `${collection}/none`)).toEqual([
    404,
    expect.stringContaining('flunders.wardle.example.com \\"none\\" not found'),
  ]);
});

test('it is not asked for what may not be done, and is told who is impersonated', async () => {
  await up();
  const nobody = { name: 'nobody', groups: [] };
  const refused = await send('GET', collection, undefined, {}, nobody);
  expect([refused.status, ((await refused.json()) as { message: string }).message]).toEqual([
    403,
    'flunders.wardle.example.com is forbidden: User "nobody" cannot list resource "flunders" in API group "wardle.example.com" in the namespace "default"',
  ]);
  expect(extension.seen).toEqual([]);
  expect((await send('GET', root, undefined, {}, nobody)).status).toBe(200);
  const impersonated = { 'impersonate-user': 'joe', 'impersonate-group': 'system:masters' };
  expect((await send('GET', collection, undefined, impersonated)).status).toBe(200);
  expect(extension.seen.at(-1)?.headers).toMatchObject({ 'x-remote-user': ['joe'] });
  expect(extension.seen.at(-1)?.headers).not.toHaveProperty('impersonate-user');
});

test('a watch streams, and ends at the server when nobody reads it any more', async () => {
  await up();
  const response = await send('GET', `${root}/flunders?watch=true`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (const name of ['a', 'b']) {
    await send('POST', collection, { metadata: { name } });
    const event = JSON.parse((await reader?.read())?.value ?? '');
    expect([event.type, event.object.metadata.name]).toEqual(['ADDED', name]);
  }
  expect(extension.watchers()).toBe(1);
  await reader?.cancel();
  await expect.poll(() => extension.watchers()).toBe(0);
});

test('before it is up, and after it has gone, requests are answered 503 and the APIService says why', async () => {
  await virtual.cluster.client.resource(apiServices).create(extension.apiService);
  expect(await told('GET', collection)).toEqual([503, 'service unavailable\n']);
  expect(await condition()).toBe('False ServiceNotFound: service/extension in "default" is not present');
  await virtual.cluster.client.resource(services).create(extension.service);
  await expect.poll(condition).toBe('True Passed: all checks passed');
  expect((await send('GET', collection)).status).toBe(200);

  extension.fail(500);
  const url = `https://localhost:${extension.apiService.spec.service?.port}${root}`;
  await virtual.clock.advance(30_000);
  await expect.poll(condition).toBe(`False FailedDiscoveryCheck: failing or missing response from ${url}: bad status from ${url}: 500`);
  expect(await told('GET', collection)).toEqual([503, 'service unavailable\n']);
  const metrics = await (await send('GET', '/metrics')).text();
  expect(metrics).toMatch(/aggregator_unavailable_apiservice\{name="v1alpha1.wardle.example.com"\} 1/);
  expect(metrics).toMatch(/aggregator_unavailable_apiservice\{name="v1.apps"\} 0/);
  expect(metrics).toMatch(/aggregator_unavailable_apiservice_total\{name="v1alpha1.wardle.example.com",reason="FailedDiscoveryCheck"\} 1/);
  // Of what a server has told nothing yet no resource is named.
  for (const resource of ['', 'flunders']) {
    const about = `verb="LIST",group="wardle.example.com",version="v1alpha1",resource="${resource}",subresource="",scope="namespace"`;
    expect(metrics).toContain(`apiserver_request_terminations_total{${about},component="aggregator",code="503"} 1\n`);
  }
  extension.fail(undefined);
  await virtual.clock.advance(30_000);
  await expect.poll(condition).toBe('True Passed: all checks passed');

  await extension.close();
  const { port } = extension.apiService.spec.service ?? {};
  expect(await told('GET', collection)).toEqual([
    503,
    `error trying to reach service: dial tcp 127.0.0.1:${port}: connect: connection refused\n`,
  ]);
  await virtual.clock.advance(30_000);
  await expect.poll(condition).toContain(`Get "${url}": dial tcp 127.0.0.1:${port}: connect: connection refused`);
});

test.each([
  [
    'by nobody',
    { caBundle: '' },
    /^False FailedDiscoveryCheck: .*tls: failed to verify certificate: x509: certificate signed by unknown authority$/,
  ],
  ['by whomever', { caBundle: '', insecureSkipTLSVerify: true }, /^True Passed: /],
])('its certificate must be signed by whom the APIService names: %s', async (_, spec, wanted) => {
  await register(spec);
  await expect.poll(condition).toMatch(wanted);
});

test('certificates that cannot be read are told of, and nobody is asked', async () => {
  await up();
  const caBundle = btoa('no certificate');
  await virtual.cluster.client
    .resource(apiServices)
    .patch('v1alpha1.wardle.example.com', undefined, { type: 'merge', body: { spec: { caBundle } } });
  expect(await told('GET', collection)).toEqual([500, 'unable to load root certificates: unable to parse bytes as PEM block\n']);
  expect(extension.seen).toEqual([]);
});

test('its certificate must be for the name of the service', async () => {
  await virtual.cluster.client.resource(services).create({ ...extension.service, metadata: { name: 'other', namespace: 'default' } });
  await register({ service: { ...extension.apiService.spec.service, name: 'other' } });
  await expect.poll(condition).toMatch(/x509: certificate is valid for extension.default.svc, not other.default.svc$/);
});

const asOneDocument = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

async function discovered(): Promise<
  { metadata: { name?: string }; versions: { version: string; freshness: string; resources?: object[] }[] }[]
> {
  await virtual.clock.advance(100);
  return (await (await send('GET', '/apis', undefined, { accept: asOneDocument })).json()).items;
}
const flunders = async () => (await discovered()).find(({ metadata }) => metadata.name === 'wardle.example.com')?.versions;

test.each([
  ['all its resources in one document', true, { group: 'wardle.example.com', version: 'v1alpha1', kind: 'Flunder' }],
  ['those of one group version', false, { group: '', version: '', kind: 'Flunder' }],
])('discovery tells of its resources, from a server that tells %s', async (_, isModern, kind) => {
  await extension.close();
  const { ca } = (await testPki()).frontProxy;
  extension = await startExtensionServer({ namespace: 'default', frontProxyCa: ca, isModern });
  expect(await flunders()).toBeUndefined();
  await register();
  const resource = {
    resource: 'flunders',
    responseKind: kind,
    scope: 'Namespaced',
    singularResource: 'flunder',
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'watch'],
    shortNames: ['fl'],
    categories: ['wardles'],
    subresources: [{ subresource: 'status', responseKind: kind, verbs: ['get'] }],
  };
  await expect.poll(flunders).toEqual([{ version: 'v1alpha1', resources: [resource], freshness: 'Current' }]);
  const before = await send('GET', '/apis', undefined, { accept: asOneDocument });
  extension.fail(503);
  await virtual.clock.advance(60_000);
  await expect.poll(flunders).toEqual([{ version: 'v1alpha1', freshness: 'Stale' }]);
  const known = { accept: asOneDocument, 'if-none-match': before.headers.get('etag') ?? '' };
  expect((await send('GET', '/apis', undefined, known)).status).toBe(200);
  extension.fail(undefined);
  await virtual.clock.advance(60_000);
  await expect.poll(flunders).toEqual([{ version: 'v1alpha1', resources: [resource], freshness: 'Current' }]);
  expect((await send('GET', '/apis', undefined, known)).status).toBe(304);
  await virtual.cluster.client.resource(apiServices).delete('v1alpha1.wardle.example.com');
  expect(await flunders()).toBeUndefined();
});

const openApiPath = 'apis/wardle.example.com/v1alpha1';
const published = async (): Promise<string | undefined> => {
  await virtual.clock.advance(1000);
  const { paths } = (await (await send('GET', '/openapi/v3')).json()) as { paths: Record<string, { serverRelativeURL: string }> };
  expect(paths.version?.serverRelativeURL).not.toContain('hash=F2');
  return paths[openApiPath]?.serverRelativeURL;
};

test.each([
  ['its document of version 3, which is fetched from it', true, /hash=F1$/],
  ['its document of version 2, of which one of version 3 is made', false, /hash=[0-9A-F]{128}$/],
])('OpenAPI tells of its kinds, from %s', async (_, isModern, address) => {
  await extension.close();
  const { ca } = (await testPki()).frontProxy;
  extension = await startExtensionServer({ namespace: 'default', frontProxyCa: ca, isModern });
  expect(await published()).toBeUndefined();
  await register();
  await expect.poll(published).toMatch(address);
  const found = await send('GET', (await published()) ?? '');
  const name = 'com.example.wardle.v1alpha1.Flunder';
  expect([found.status, await found.json()]).toEqual([
    200,
    expect.objectContaining({
      components: expect.objectContaining({
        schemas: expect.objectContaining({
          [name]: expect.objectContaining({
            properties: expect.objectContaining({
              spec: { description: 'What is wanted of it.', allOf: [{ $ref: `#/components/schemas/${name}Spec` }] },
            }),
          }),
        }),
      }),
    }),
  ]);
  expect(extension.seen.map(({ path }) => path)).toEqual(isModern ? [await published()] : []);
  const version2 = await (await send('GET', '/openapi/v2')).json();
  expect(version2.definitions[name]).toMatchObject({ description: 'A flunder is good for nothing.' });
  expect(version2.definitions).not.toHaveProperty('Unused');
  expect(version2.paths['/version/'].get.operationId).toBe('getCodeVersion');
  const protobuf = await send('GET', '/openapi/v2', undefined, { accept: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' });
  expect(Buffer.from(await protobuf.arrayBuffer()).toString('latin1')).toContain(name);
  await virtual.cluster.client.resource(apiServices).delete('v1alpha1.wardle.example.com');
  await expect.poll(published).toBeUndefined();
  expect((await (await send('GET', '/openapi/v2')).json()).definitions).not.toHaveProperty([name]);
  expect((await send('GET', `/openapi/v3/${openApiPath}`)).status).toBe(404);
});

test('a namespace is not gone before its objects at other servers are, and waits for these to be known', async () => {
  const { client } = virtual.cluster;
  const all = client.resource(namespaces);
  const make = async (name: string) => {
    await all.create({ metadata: { name } });
    await send('POST', `${root}/namespaces/${name}/flunders`, { metadata: { name: 'a' } });
  };
  const left = async () => {
    await virtual.clock.advance(5000);
    return (await all.list()).items.map(({ metadata }) => metadata?.name);
  };
  await up();
  await expect.poll(flunders).toMatchObject([{ freshness: 'Current' }]);
  await make('one');
  await make('two');
  await all.delete('one');
  await expect.poll(left).not.toContain('one');
  expect((await (await send('GET', `${root}/flunders`)).json()).items).toMatchObject([{ metadata: { namespace: 'two' } }]);

  extension.fail(503);
  await virtual.clock.advance(60_000);
  await expect.poll(flunders).toMatchObject([{ freshness: 'Stale' }]);
  await all.delete('two');
  const discovery = async () => {
    await virtual.clock.advance(1000);
    const { status } = await all.get('two');
    return status?.conditions?.find(({ type }) => type === 'NamespaceDeletionDiscoveryFailure')?.message;
  };
  await expect
    .poll(discovery)
    .toBe(
      'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: wardle.example.com/v1alpha1: stale GroupVersion discovery: wardle.example.com/v1alpha1',
    );
  await client.resource(apiServices).delete('v1alpha1.wardle.example.com');
  await virtual.clock.advance(60_000);
  await expect.poll(left).not.toContain('two');
});

test('groups and versions stand where the priorities of their APIServices put them', async () => {
  const { client } = virtual.cluster;
  const names = async () => (await discovered()).map(({ metadata }) => metadata.name);
  const plain = async () => {
    const { groups } = (await (await send('GET', '/apis')).json()) as { groups: { name: string; versions: { version: string }[] }[] };
    return groups;
  };
  const own = await names();
  expect(own.slice(0, 2)).toEqual(['apiregistration.k8s.io', 'apps']);
  await register({ groupPriorityMinimum: 17650 });
  const at = own.indexOf('authentication.k8s.io') + 1;
  const wanted = [...own.slice(0, at), 'wardle.example.com', ...own.slice(at)];
  expect(await names()).toEqual(wanted);
  expect((await plain()).map(({ name }) => name)).toEqual(wanted);
  for (const [version, versionPriority] of [
    ['v1', 100],
    ['v1beta1', 300],
    ['v2', 100],
  ] as const) {
    const spec = { ...extension.apiService.spec, version, versionPriority, groupPriorityMinimum: 100 };
    await client.resource(apiServices).create({ metadata: { name: `${version}.wardle.example.com` }, spec });
  }
  const versions = ['v1beta1', 'v1alpha1', 'v2', 'v1'];
  expect((await flunders())?.map(({ version }) => version)).toEqual(versions);
  expect((await plain()).find(({ name }) => name === 'wardle.example.com')).toMatchObject({
    versions: versions.map((version) => ({ groupVersion: `wardle.example.com/${version}`, version })),
    preferredVersion: { version: 'v1beta1' },
  });
  const paths = (await (await send('GET', '/')).json()) as { paths: string[] };
  expect(paths.paths).toEqual(expect.arrayContaining(['/apis/wardle.example.com', '/apis/wardle.example.com/v2']));
});

test('it leads nobody elsewhere, and is not waited for without end', async () => {
  await up();
  expect(await told('GET', `${root}/redirect`)).toEqual([502, 'the backend attempted to redirect this request, which is not permitted']);
  const slow = told('GET', `${root}/slow`);
  await expect.poll(() => extension.seen.length).toBe(2);
  await virtual.clock.advance(60_000);
  expect(await slow).toEqual([504, expect.stringContaining('Timeout: request did not complete within the allotted timeout')]);
});
