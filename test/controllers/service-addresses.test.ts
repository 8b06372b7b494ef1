import { afterEach, expect, test } from 'vitest';
import { ipAddresses, serviceCidrs, services } from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.stop());

async function start(): Promise<World> {
  world = await createWorld();
  await world.client.resource(serviceCidrs).create({ metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/16'] } });
  await world.clock.advance(1000);
  return world;
}

async function makeService(name: string, clusterIP: string): Promise<void> {
  await world.client.resource(services).create({ metadata: { name, namespace: 'default' }, spec: { clusterIP, ports: [{ port: 80 }] } });
  await world.clock.advance(1000);
}

const names = async () => (await world.list(ipAddresses)).map(({ metadata }) => metadata?.name);

test('a range is ready, and held as long as services need it', async () => {
  await start();
  const ranges = world.client.resource(serviceCidrs);
  const state = async (name: string) => {
    const found = (await world.list(serviceCidrs)).find(({ metadata }) => metadata?.name === name);
    return found && [found.metadata?.finalizers, found.status?.conditions?.map(({ status, reason, message }) => [status, reason, message])];
  };
  const finalizers = ['networking.k8s.io/service-cidr-finalizer'];
  expect(await state('kubernetes')).toEqual([finalizers, [['True', '', 'Kubernetes Service CIDR is ready']]]);

  await ranges.create({ metadata: { name: 'more' }, spec: { cidrs: ['10.200.0.0/24'] } });
  await world.clock.advance(1000);
  await makeService('web', '10.200.0.9');
  await ranges.delete('more');
  await world.clock.advance(20_000);
  const message = 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR';
  expect(await state('more')).toEqual([finalizers, [['False', 'Terminating', message]]]);

  await world.client.resource(services).delete('web', 'default');
  await world.clock.advance(1000);
  expect(await state('more')).toBeUndefined();
});

test('a range inside another one may go, after the time that servers need to hear of it', async () => {
  await start();
  await world.client.resource(serviceCidrs).create({ metadata: { name: 'part' }, spec: { cidrs: ['10.96.200.0/24'] } });
  await makeService('web', '10.96.200.9');
  await world.client.resource(serviceCidrs).delete('part');
  const left = async () => (await world.list(serviceCidrs)).map(({ metadata }) => metadata?.name);
  await world.clock.advance(8000);
  expect(await left()).toEqual(['kubernetes', 'part']);
  await world.clock.advance(3000);
  expect(await left()).toEqual(['kubernetes']);
});

test('an address that was deleted under its service comes back', async () => {
  await start();
  await makeService('web', '10.96.1.1');
  await world.client.resource(ipAddresses).delete('10.96.1.1');
  await world.clock.advance(1000);
  expect(await names()).toEqual(['10.96.1.1']);
  expect(await world.events('Service')).toEqual(['ClusterIPNotAllocated: Cluster IP [IPv4]: 10.96.1.1 is not allocated; repairing']);
});

test('an address that is somebody else’s is made anew for the service', async () => {
  await start();
  await makeService('web', '10.96.1.1');
  const addresses = world.client.resource(ipAddresses);
  await addresses.delete('10.96.1.1');
  await addresses.create({
    metadata: { name: '10.96.1.1' },
    spec: { parentRef: { group: 'example.com', resource: 'gateways', name: 'g' } },
  });
  await world.clock.advance(2000);
  expect((await world.list(ipAddresses))[0]?.spec?.parentRef).toEqual({ resource: 'services', namespace: 'default', name: 'web' });
});

test('an address whose service never came is taken away after a minute', async () => {
  await start();
  const labels = { 'ipaddress.kubernetes.io/ip-family': 'IPv4', 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' };
  const parentRef = { resource: 'services', namespace: 'default', name: 'gone' };
  await world.client.resource(ipAddresses).create({ metadata: { name: '10.96.2.2', labels }, spec: { parentRef } });
  await world.clock.advance(50_000);
  expect(await names()).toEqual(['10.96.2.2']);
  await world.clock.advance(15_000);
  expect(await names()).toEqual([]);
  expect(await world.events('IPAddress')).toEqual([
    'IPAddressNotAllocated: IPAddress: 10.96.2.2 for Service default/gone appears to have leaked: cleaning up',
  ]);
});

test('nothing is repaired that is right', async () => {
  await start();
  await makeService('web', '10.96.1.1');
  await world.client.resource(services).delete('web', 'default');
  await world.clock.advance(120_000);
  expect(await names()).toEqual([]);
  expect([...(await world.events('Service')), ...(await world.events('IPAddress'))]).toEqual([]);
});
