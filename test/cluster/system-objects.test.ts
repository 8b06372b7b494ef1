import { expect, test } from 'vitest';
import * as resources from '../../runtime/client/resources.ts';
import { startVirtualCluster } from '../support/virtual-cluster.ts';

test('the namespace of the leases and the network of the services come back when they have been deleted', async () => {
  const { cluster, clock, stop } = await startVirtualCluster({});
  const { client } = cluster;
  const namespaces = client.resource(resources.namespaces);
  const networks = client.resource(resources.serviceCidrs);
  const uids = async () => [await namespaces.get('kube-node-lease'), await networks.get('kubernetes')].map(({ metadata }) => metadata?.uid);
  const before = await uids();
  await clock.advance(60_000);
  expect(await uids()).toEqual(before);

  await namespaces.delete('kube-node-lease');
  // Another network holds the address of service kubernetes meanwhile.
  await networks.create({ metadata: { name: 'wider' }, spec: { cidrs: ['10.96.0.0/12'] } });
  await clock.advance(1_000);
  await networks.delete('kubernetes');
  await clock.advance(120_000);
  const after = await uids();
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  const { spec, status } = await networks.get('kubernetes');
  expect(spec?.cidrs).toEqual(['10.96.0.0/16']);
  expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'True' }]);
  await stop();
});
