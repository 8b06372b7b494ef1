import { afterEach, expect, test } from 'vitest';
import type { Service } from '../../runtime/api/generated/types/core/v1.ts';
import { endpointSlices, endpoints, events, nodes, pods, replicaSets, services } from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.stop());

const labels = { app: 'web' };
const container = { name: 'web', image: 'nginx', ports: [{ name: 'http', containerPort: 8080 }] };
const service: Service = {
  metadata: { name: 'web', namespace: 'default', labels: { team: 'a' } },
  spec: {
    selector: labels,
    clusterIP: '10.96.0.20',
    clusterIPs: ['10.96.0.20'],
    ipFamilies: ['IPv4'],
    ports: [{ name: 'main', port: 80, targetPort: 'http' }],
  },
};
const set = (replicas: number) => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
});

test('slices and endpoints follow pods as they come up, fail and go', async () => {
  world = await createWorld();
  await world.client.resource(services).create(service);
  await world.clock.advance(1000);
  const [empty] = await world.list(endpointSlices, 'default');
  expect(empty?.endpoints ?? []).toEqual([]);
  await world.client.resource(replicaSets).create(set(3));
  await world.clock.advance(3000);
  const slices = await world.list(endpointSlices, 'default');
  expect(slices).toHaveLength(1);
  expect(slices[0]).toMatchObject({
    addressType: 'IPv4',
    metadata: {
      generateName: 'web-',
      labels: {
        team: 'a',
        'kubernetes.io/service-name': 'web',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [{ kind: 'Service', name: 'web', controller: true, blockOwnerDeletion: true }],
    },
    ports: [{ name: 'main', port: 8080, protocol: 'TCP' }],
  });
  expect(slices[0]?.endpoints?.map(({ conditions }) => conditions)).toEqual(
    Array(3).fill({ ready: true, serving: true, terminating: false }),
  );
  const [legacy] = await world.list(endpoints, 'default');
  expect(legacy?.subsets).toMatchObject([
    { addresses: [{ ip: '10.244.0.1' }, { ip: '10.244.0.2' }, { ip: '10.244.0.3' }], ports: [{ name: 'main', port: 8080 }] },
  ]);
  expect(legacy?.metadata?.labels).toEqual({ team: 'a', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });

  const [victim] = await world.list(pods, 'default');
  await world.client.resource(pods).delete(victim?.metadata?.name ?? '', 'default');
  await world.clock.advance(100);
  const [during] = await world.list(endpointSlices, 'default');
  const ending = during?.endpoints?.find(({ targetRef }) => targetRef?.name === victim?.metadata?.name);
  expect(ending?.conditions).toEqual({ ready: false, serving: true, terminating: true });
  await world.clock.advance(5000);
  const [after] = await world.list(endpointSlices, 'default');
  const left = (await world.list(pods, 'default')).map((pod) => pod.status?.podIP).sort();
  expect(left).toHaveLength(3);
  expect(left).not.toContain(victim?.status?.podIP);
  expect(after?.endpoints?.map(({ addresses }) => addresses[0]).sort()).toEqual(left);
  const [legacyAfter] = await world.list(endpoints, 'default');
  expect(legacyAfter?.subsets?.[0]?.addresses?.map(({ ip }) => ip)).toEqual(left);
});

test('250 endpoints fill three slices, and one change writes one of them', async () => {
  world = await createWorld();
  await world.client.resource(services).create(service);
  await world.client.resource(replicaSets).create(set(250));
  await world.clock.advance(5000);
  const slices = await world.list(endpointSlices, 'default');
  expect(slices.reduce((sum, { endpoints: list }) => sum + (list?.length ?? 0), 0)).toBe(250);
  expect(slices.every(({ endpoints: list }) => (list?.length ?? 0) <= 100)).toBe(true);
  expect(slices.length).toBeLessThanOrEqual(4);
  const [victim] = await world.list(pods, 'default');
  world.writes.length = 0;
  await world.client.resource(pods).delete(victim?.metadata?.name ?? '', 'default');
  await world.clock.advance(100);
  expect(world.writes.filter((write) => write.includes('/endpointslices'))).toHaveLength(1);
}, 30_000);

test('pods of nodes that do not exist are left out until the node comes, unless the service publishes what is not ready', async () => {
  world = await createWorld();
  const unready = { ...service, metadata: { ...service.metadata, name: 'unready' } };
  await world.client.resource(services).create(service);
  await world.client
    .resource(services)
    .create({ ...unready, spec: { ...service.spec, clusterIP: 'None', clusterIPs: ['None'], publishNotReadyAddresses: true } });
  const pod = { metadata: { name: 'stray', namespace: 'default', labels }, spec: { nodeName: 'nowhere', containers: [container] } };
  const made = await world.client.resource(pods).create(pod);
  await world.client
    .resource(pods)
    .update({ ...made, status: { phase: 'Running', podIP: '10.244.9.9', podIPs: [{ ip: '10.244.9.9' }] } }, 'status');
  const addresses = async (of: string) => {
    const slices = (await world.list(endpointSlices, 'default')).filter(
      ({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === of,
    );
    return slices.flatMap((slice) => slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
  };
  await world.clock.advance(500);
  expect(await addresses('web')).toEqual([]);
  expect(await addresses('unready')).toEqual(['10.244.9.9']);
  const told = (await world.list(events, 'default')).filter(({ reason }) => reason === 'FailedToUpdateEndpointSlices');
  expect(told.map(({ message }) => message)).toEqual([
    'Error updating Endpoint Slices for Service default/web: skipping Pod stray for Service default/web: Node nowhere Not Found',
  ]);
  await world.client.resource(nodes).create({ metadata: { name: 'nowhere' } });
  await world.clock.advance(10_000);
  expect(await addresses('web')).toEqual(['10.244.9.9']);
});

test('slices and endpoints go with their service', async () => {
  world = await createWorld();
  await world.client.resource(services).create(service);
  await world.client.resource(replicaSets).create(set(1));
  await world.clock.advance(3000);
  await world.client.resource(services).delete('web', 'default');
  await world.clock.advance(2000);
  expect(await world.list(endpointSlices, 'default')).toEqual([]);
  expect(await world.list(endpoints, 'default')).toEqual([]);
});

test('endpoints written by hand for a service without a selector are mirrored', async () => {
  world = await createWorld();
  const hand = { ...service, spec: { ports: [{ port: 5432 }] } };
  await world.client.resource(services).create(hand);
  await world.client.resource(endpoints).create({
    metadata: { name: 'web', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '192.0.2.1' }], notReadyAddresses: [{ ip: '192.0.2.2' }], ports: [{ port: 5432 }] }],
  });
  await world.clock.advance(2000);
  const slices = await world.list(endpointSlices, 'default');
  expect(slices).toMatchObject([
    {
      metadata: {
        labels: {
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
        },
      },
      endpoints: [
        { addresses: ['192.0.2.1'], conditions: { ready: true } },
        { addresses: ['192.0.2.2'], conditions: { ready: false } },
      ],
      ports: [{ port: 5432 }],
    },
  ]);
  await world.client.resource(endpoints).delete('web', 'default');
  await world.clock.advance(2000);
  expect(await world.list(endpointSlices, 'default')).toEqual([]);
});

test('mirrored slices bear the labels and annotations of the endpoints, except for those that tell of writing them', async () => {
  world = await createWorld();
  await world.client.resource(services).create({ ...service, spec: { ports: [{ port: 5432 }] } });
  const written = world.client.resource(endpoints);
  const made = await written.create({
    metadata: { name: 'web', namespace: 'default', annotations: { team: 'a' } },
    subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 5432 }] }],
  });
  const mirrored = async () => {
    await world.clock.advance(2000);
    const [slice] = await world.list(endpointSlices, 'default');
    const { 'kubernetes.io/service-name': _, 'endpointslice.kubernetes.io/managed-by': __, ...own } = slice?.metadata?.labels ?? {};
    return [own, slice?.metadata?.annotations ?? {}];
  };
  expect(await mirrored()).toEqual([{}, { team: 'a' }]);
  const annotations = {
    team: 'b',
    'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z',
    'kubectl.kubernetes.io/last-applied-configuration': '{}',
  };
  const noted = await written.update({ ...made, metadata: { ...made.metadata, annotations } });
  expect(await mirrored()).toEqual([{}, { team: 'b' }]);
  await written.update({ ...noted, metadata: { ...noted.metadata, annotations: {}, labels: { tier: 'db' } } });
  expect(await mirrored()).toEqual([{ tier: 'db' }, {}]);
});

test('endpoints that are ready tell who should go to them first, as their service prefers', async () => {
  world = await createWorld({ nodes: 1 });
  const [node] = await world.list(nodes);
  if (node === undefined) throw new Error('no node');
  const zoned = { ...node.metadata?.labels, 'topology.kubernetes.io/zone': 'here' };
  await world.client.resource(nodes).update({ ...node, metadata: { ...node.metadata, labels: zoned } });
  await world.client.resource(services).create({ ...service, spec: { ...service.spec, trafficDistribution: 'PreferClose' } });
  await world.client.resource(replicaSets).create(set(1));
  const hints = async () => {
    await world.clock.advance(3000);
    return (await world.list(endpointSlices, 'default'))[0]?.endpoints?.map((endpoint) => endpoint.hints);
  };
  const zone = { forZones: [{ name: 'here' }] };
  expect(await hints()).toEqual([zone]);
  const change = async (trafficDistribution: string | undefined, annotations = {}) => {
    const current = await world.client.resource(services).get('web', 'default');
    const { trafficDistribution: _, ...spec } = current.spec ?? {};
    const preferring = trafficDistribution === undefined ? spec : { ...spec, trafficDistribution };
    await world.client.resource(services).update({ ...current, metadata: { ...current.metadata, annotations }, spec: preferring });
    return hints();
  };
  expect(await change('PreferSameNode')).toEqual([{ ...zone, forNodes: [{ name: node.metadata?.name }] }]);
  expect(await change('PreferSameZone')).toEqual([zone]);
  expect(await change('PreferSameZone', { 'service.kubernetes.io/topology-mode': 'Auto' })).toEqual([undefined]);
  expect(await change(undefined)).toEqual([undefined]);
});
