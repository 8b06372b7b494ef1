import { expect, test } from 'vitest';
import { clusterUrl } from '../../runtime/client/http-client.ts';
import * as resources from '../../runtime/client/resources.ts';
import { startVirtualCluster } from '../support/virtual-cluster.ts';

const component = { name: 'admin', groups: ['system:masters'] };

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

test('health checks say which parts of the API server have started, and that it is stopping', async () => {
  const { cluster, clock, stop } = await startVirtualCluster({});
  await clock.advance(1_000);
  const ask = async (path: string) => (await cluster.server.handle(new Request(clusterUrl + path), { component })).text();
  const hooks = [
    'priority-and-fairness-config-consumer',
    'crd-informer-synced',
    'start-system-namespaces-controller',
    'start-cluster-authentication-info-controller',
    'start-legacy-token-tracking-controller',
    'start-service-ip-repair-controllers',
    'rbac/bootstrap-roles',
    'scheduling/bootstrap-system-priority-classes',
    'priority-and-fairness-config-producer',
    'bootstrap-controller',
    'start-kubernetes-service-cidr-controller',
    'apiservice-status-local-available-controller',
    'apiservice-status-remote-available-controller',
    'kube-apiserver-autoregistration',
  ].map((hook) => `poststarthook/${hook}`);
  const passed = (...names: string[]) => names.map((name) => `[+]${name} ok\n`).join('');
  expect(await ask('/livez?verbose')).toBe(`${passed('ping', 'etcd', ...hooks)}livez check passed\n`);
  const ready = passed('ping', 'etcd', 'etcd-readiness', 'informer-sync', ...hooks);
  expect(await ask('/readyz?verbose')).toBe(`${ready}[+]shutdown ok\nreadyz check passed\n`);
  expect(await ask('/readyz/poststarthook/rbac/bootstrap-roles')).toBe('ok');
  await stop();
  expect(await ask('/readyz')).toContain('[-]shutdown failed: reason withheld');
});
