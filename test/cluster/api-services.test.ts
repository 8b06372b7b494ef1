import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CustomResourceDefinition } from '../../runtime/api/generated/types/apiextensions/v1.ts';
import type { APIService } from '../../runtime/api/generated/types/apiregistration/v1.ts';
import { clusterUrl } from '../../runtime/client/http-client.ts';
import { apiServices, customResourceDefinitions, endpointSlices, services } from '../../runtime/client/resources.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { start, startVirtualCluster, type VirtualCluster } from '../support/virtual-cluster.ts';

let virtual: VirtualCluster;
beforeEach(async () => {
  virtual = await startVirtualCluster({});
  await virtual.clock.advance(1000);
});
afterEach(() => virtual.stop());

const registered = () => virtual.cluster.client.resource(apiServices);
const find = async (name: string) => (await registered().list()).items.find(({ metadata }) => metadata?.name === name);
const get = (path: string, accept = 'application/json') =>
  virtual.cluster.client.transport(new Request(clusterUrl + path, { headers: { accept } }));

test('every group version that is served has a local APIService, but for that of APIServices', async () => {
  const { items } = await registered().list();
  const told = ({ metadata, spec }: APIService) => `${metadata?.name} ${spec?.groupPriorityMinimum} ${spec?.versionPriority}`;
  expect(items.map(told)).toEqual([
    'v1. 18000 1',
    'v1.admissionregistration.k8s.io 16700 15',
    'v1.apiextensions.k8s.io 16700 15',
    'v1.apps 17800 15',
    'v1.authentication.k8s.io 17700 15',
    'v1.authorization.k8s.io 17600 15',
    'v1.autoscaling 17500 15',
    'v1.batch 17400 15',
    'v1.certificates.k8s.io 17300 15',
    'v1.coordination.k8s.io 16500 15',
    'v1.discovery.k8s.io 16200 15',
    'v1.events.k8s.io 17750 15',
    'v1.flowcontrol.apiserver.k8s.io 16100 21',
    'v1.networking.k8s.io 17200 15',
    'v1.node.k8s.io 16300 15',
    'v1.policy 17100 15',
    'v1.rbac.authorization.k8s.io 17000 15',
    'v1.resource.k8s.io 16200 20',
    'v1.scheduling.k8s.io 16600 15',
    'v1.storage.k8s.io 16800 15',
    'v2.autoscaling 17500 30',
  ]);
  const { labels } = (await find('v1.apps'))?.metadata ?? {};
  expect(labels).toEqual({ 'kube-aggregator.kubernetes.io/automanaged': 'onstart' });
  expect((await find('v1.apps'))?.status?.conditions).toEqual([
    {
      type: 'Available',
      status: 'True',
      reason: 'Local',
      message: 'Local APIServices are always available',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ]);
});

const widgets = (...versions: { name: string; served: boolean }[]): CustomResourceDefinition => ({
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { plural: 'widgets', kind: 'Widget' },
    scope: 'Namespaced',
    versions: versions.map((version, index) => ({ ...version, storage: index === 0, schema: { openAPIV3Schema: { type: 'object' } } })),
  },
});

test('versions of custom kinds come and go with their definitions, and come back', async () => {
  const definitions = virtual.cluster.client.resource(customResourceDefinitions);
  await definitions.create(widgets({ name: 'v1', served: true }, { name: 'v2', served: false }));
  await virtual.clock.advance(1000);
  expect(await find('v1.example.com')).toMatchObject({
    metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
    spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 100 },
    status: { conditions: [{ status: 'True', reason: 'Local' }] },
  });
  expect(await find('v2.example.com')).toBeUndefined();

  await registered().delete('v1.example.com');
  await registered().delete('v1.apps');
  await virtual.clock.advance(1000);
  expect(await find('v1.example.com')).toBeDefined();
  // What is put right at the start alone does not.
  expect(await find('v1.apps')).toBeUndefined();

  const current = await definitions.get('widgets.example.com');
  const { spec } = widgets({ name: 'v1', served: false }, { name: 'v2', served: true });
  await definitions.update({ ...current, spec: { ...current.spec, versions: spec.versions } });
  await virtual.clock.advance(1000);
  expect([await find('v1.example.com'), (await find('v2.example.com'))?.metadata?.name]).toEqual([undefined, 'v2.example.com']);
  await definitions.delete('widgets.example.com');
  await virtual.clock.advance(5000);
  expect(await find('v2.example.com')).toBeUndefined();
});

const remote = (spec: Partial<APIService['spec']> = {}): APIService => ({
  metadata: { name: 'v1beta1.metrics.k8s.io' },
  spec: {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    service: { namespace: 'default', name: 'metrics' },
    ...spec,
  },
});

test('an APIService behind a service says what keeps it from being available', async () => {
  const { client } = virtual.cluster;
  const state = async () => {
    await virtual.clock.advance(1000);
    const [condition] = (await find('v1beta1.metrics.k8s.io'))?.status?.conditions ?? [];
    return `${condition?.status} ${condition?.reason}: ${condition?.message}`;
  };
  await registered().create(remote());
  expect(await state()).toBe('False ServiceNotFound: service/metrics in "default" is not present');
  const place = 'service/metrics in "default"';
  const ports = [{ name: 'https', port: 8443 }];
  await client.resource(services).create({ metadata: { name: 'metrics', namespace: 'default' }, spec: { ports } });
  expect(await state()).toBe(`False ServicePortError: ${place} is not listening on port 443`);
  await client.resource(services).patch('metrics', 'default', { type: 'merge', body: { spec: { ports: [{ name: 'https', port: 443 }] } } });
  expect(await state()).toBe(`False EndpointsNotFound: cannot find endpointslices for ${place}`);
  const slice = {
    metadata: { name: 'metrics-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'metrics' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.1.1'], conditions: { ready: false } }],
    ports: [{ name: 'https', port: 443 }],
  };
  const missing = `False MissingEndpoints: endpointslices for ${place} have no addresses with port name "https"`;
  // As they are without any.
  const none = JSON.parse('{"endpoints":null}');
  await client.resource(endpointSlices).create({ ...slice, ...none });
  expect(await state()).toBe(missing);
  const made = await client.resource(endpointSlices).patch('metrics-1', 'default', { type: 'merge', body: { endpoints: slice.endpoints } });
  await virtual.clock.advance(30_000);
  expect(await state()).toBe(missing);
  await client.resource(endpointSlices).update({ ...made, endpoints: [{ addresses: ['10.1.1.1'], conditions: { ready: true } }] });
  expect(await state()).toMatch(
    /^False FailedDiscoveryCheck: failing or missing response from (https:\/\/10\.96\.\d+\.\d+:443\/apis\/metrics.k8s.io\/v1beta1): Get "\1": .+/,
  );
  const [condition] = (await find('v1beta1.metrics.k8s.io'))?.status?.conditions ?? [];
  // It has been unavailable all the time.
  expect(Date.parse(condition?.lastTransitionTime ?? '') - start).toBeLessThan(2000);
});

test('requests for it are answered with 503, and discovery tells that nothing is known of it', async () => {
  const list = async () => (await (await get('/apis')).json()) as { groups: { name: string }[] };
  expect((await list()).groups.map(({ name }) => name)).not.toContain('metrics.k8s.io');
  const form = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const aggregated = async () => {
    const { items } = (await (await get('/apis', form)).json()) as { items: { metadata: { name: string } }[] };
    return items.find(({ metadata }) => metadata.name === 'metrics.k8s.io');
  };
  expect(await aggregated()).toBeUndefined();
  await registered().create(remote());
  for (const path of ['', '/nodes', '/namespaces/default/pods/p']) {
    const response = await get(`/apis/metrics.k8s.io/v1beta1${path}`);
    expect([response.status, await response.text()]).toEqual([503, 'service unavailable\n']);
  }
  expect((await get('/apis/metrics.k8s.io')).status).toBe(200);
  expect((await list()).groups.map(({ name }) => name)).toContain('metrics.k8s.io');
  expect(await aggregated()).toEqual({ metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', freshness: 'Stale' }] });
  await registered().delete('v1beta1.metrics.k8s.io');
  expect((await get('/apis/metrics.k8s.io/v1beta1/nodes')).status).toBe(404);
  expect(await aggregated()).toBeUndefined();
});

test.each([
  [{ group: 'Bad' }, 'spec.group: Invalid value: "Bad"'],
  [{ group: '' }, 'spec.group: Required value: only v1 may have an empty group and it better be legacy kube'],
  [
    { service: { namespace: 'd', name: 's', port: 70000 } },
    'spec.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive',
  ],
])('refuses %j', async (spec, message) => {
  await expect(registered().create(remote(spec))).rejects.toThrow(message);
});

test('a start puts right what it looks after then, and takes away what is not served any more', async () => {
  const store = await openMemoryStore();
  const restart = async () => {
    const started = await startVirtualCluster({ store });
    await started.clock.advance(1000);
    return started;
  };
  const first = await restart();
  const own = first.cluster.client.resource(apiServices);
  await own.patch('v1.apps', undefined, { type: 'merge', body: { spec: { versionPriority: 7 } } });
  await own.delete('v1.batch');
  const labels = { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' };
  for (const [version, managed] of [
    ['v1', labels],
    ['v2', {}],
  ] as const) {
    const spec = { group: 'gone.io', version, groupPriorityMinimum: 1, versionPriority: 1 };
    await own.create({ metadata: { name: `${version}.gone.io`, labels: managed }, spec });
  }
  await first.clock.advance(1000);
  expect((await own.get('v1.apps')).spec?.versionPriority).toBe(7);
  expect((await own.list()).items.map(({ metadata }) => metadata?.name)).toContain('v1.gone.io');
  await first.stop();

  const second = await restart();
  const { items } = await second.cluster.client.resource(apiServices).list();
  const names = items.map(({ metadata }) => metadata?.name);
  expect(items.find(({ metadata }) => metadata?.name === 'v1.apps')?.spec?.versionPriority).toBe(15);
  expect([names.includes('v1.batch'), names.includes('v1.gone.io'), names.includes('v2.gone.io')]).toEqual([true, false, true]);
  await second.stop();
  await store.close();
});
