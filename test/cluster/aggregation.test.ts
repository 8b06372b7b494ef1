import { afterEach, beforeEach, expect, test } from 'vitest';
import type { APIService } from '../../runtime/api/generated/types/apiregistration/v1.ts';
import type { User } from '../../runtime/apiserver/server.ts';
import { clusterUrl } from '../../runtime/client/http-client.ts';
import { apiServices, services } from '../../runtime/client/resources.ts';
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
  expect(metrics).toMatch(
    /apiserver_request_terminations_total\{verb="LIST",group="wardle.example.com",version="v1alpha1",resource="flunders",subresource="",scope="namespace",component="aggregator",code="503"\} 2/,
  );
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

test('its certificate must be for the name of the service', async () => {
  await virtual.cluster.client.resource(services).create({ ...extension.service, metadata: { name: 'other', namespace: 'default' } });
  await register({ service: { ...extension.apiService.spec.service, name: 'other' } });
  await expect.poll(condition).toMatch(/x509: certificate is valid for extension.default.svc, not other.default.svc$/);
});

test('it leads nobody elsewhere, and is not waited for without end', async () => {
  await up();
  expect(await told('GET', `${root}/redirect`)).toEqual([502, 'the backend attempted to redirect this request, which is not permitted']);
  const slow = told('GET', `${root}/slow`);
  await expect.poll(() => extension.seen.length).toBe(2);
  await virtual.clock.advance(60_000);
  expect(await slow).toEqual([504, expect.stringContaining('Timeout: request did not complete within the allotted timeout')]);
});
