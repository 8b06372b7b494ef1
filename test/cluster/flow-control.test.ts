import { expect, test } from 'vitest';
import * as resources from '../../runtime/client/resources.ts';
import { startVirtualCluster } from '../support/virtual-cluster.ts';

test("a cluster has upstream's levels and schemas of flow control, each schema of a level that there is", async () => {
  const { cluster, stop } = await startVirtualCluster({});
  const levels = (await cluster.client.resource(resources.priorityLevels).list()).items;
  const schemas = (await cluster.client.resource(resources.flowSchemas).list()).items;
  expect(levels.map(({ metadata }) => metadata?.name)).toEqual(
    'catch-all exempt global-default leader-election node-high system workload-high workload-low'.split(' '),
  );
  expect(schemas.map(({ metadata, spec }) => [metadata?.name, spec?.priorityLevelConfiguration.name, spec?.matchingPrecedence])).toEqual([
    ['catch-all', 'catch-all', 10_000],
    ['exempt', 'exempt', 1],
    ['global-default', 'global-default', 9_900],
    ['kube-controller-manager', 'workload-high', 800],
    ['kube-scheduler', 'workload-high', 800],
    ['kube-system-service-accounts', 'workload-high', 900],
    ['probes', 'exempt', 2],
    ['service-accounts', 'workload-low', 9_000],
    ['system-leader-election', 'leader-election', 100],
    ['system-node-high', 'node-high', 400],
    ['system-nodes', 'system', 500],
  ]);
  await stop();
});

test('the status of a schema says whether there is the level that it names', async () => {
  const { cluster, clock, stop } = await startVirtualCluster({});
  const schemas = cluster.client.resource(resources.flowSchemas);
  const levels = cluster.client.resource(resources.priorityLevels);
  const conditions = async (name: string) => (await schemas.get(name)).status?.conditions;
  const found = (level: string) => ({
    type: 'Dangling',
    status: 'False',
    reason: 'Found',
    message: `This FlowSchema references the PriorityLevelConfiguration object named "${level}" and it exists`,
  });
  const missing = {
    type: 'Dangling',
    status: 'True',
    reason: 'NotFound',
    message: 'This FlowSchema references the PriorityLevelConfiguration object named "mine" but there is no such object',
  };
  await clock.advance(1000);
  for (const { metadata, spec } of (await schemas.list()).items)
    expect(await conditions(metadata?.name ?? '')).toMatchObject([found(spec?.priorityLevelConfiguration.name ?? '')]);

  await schemas.create({ metadata: { name: 'mine' }, spec: { priorityLevelConfiguration: { name: 'mine' }, matchingPrecedence: 7 } });
  await clock.advance(1000);
  expect(await conditions('mine')).toMatchObject([missing]);
  const limited = { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } };
  await levels.create({ metadata: { name: 'mine' }, spec: { type: 'Limited', limited } });
  await clock.advance(1000);
  expect(await conditions('mine')).toMatchObject([found('mine')]);
  await levels.delete('mine');
  await clock.advance(1000);
  expect(await conditions('mine')).toMatchObject([missing]);
  await stop();
});

test('levels and schemas come back within a minute, and so do their specs unless an annotation says otherwise', async () => {
  const { cluster, clock, stop } = await startVirtualCluster({});
  const schemas = cluster.client.resource(resources.flowSchemas);
  const levels = cluster.client.resource(resources.priorityLevels);
  const versions = async () =>
    [...(await schemas.list()).items, ...(await levels.list()).items].map(({ metadata }) => metadata?.resourceVersion);
  const shares = async (name: string) => (await levels.get(name)).spec?.limited?.nominalConcurrencyShares;
  await clock.advance(1000);
  const before = await versions();
  await clock.advance(60_000);
  expect(await versions()).toEqual(before);

  await schemas.delete('exempt');
  await levels.delete('catch-all');
  await levels.patch('system', undefined, { type: 'merge', body: { spec: { limited: { nominalConcurrencyShares: 7 } } } });
  const mine = {
    metadata: { annotations: { 'apf.kubernetes.io/autoupdate-spec': 'false' } },
    spec: { limited: { nominalConcurrencyShares: 7 } },
  };
  await levels.patch('node-high', undefined, { type: 'merge', body: mine });
  await levels.patch('exempt', undefined, { type: 'merge', body: { spec: { exempt: { nominalConcurrencyShares: 7 } } } });
  await clock.advance(60_000);
  expect((await schemas.get('exempt')).spec?.matchingPrecedence).toBe(1);
  expect(await shares('catch-all')).toBe(5);
  expect(await shares('system')).toBe(30);
  expect(await shares('node-high')).toBe(7);
  expect((await levels.get('exempt')).spec?.exempt?.nominalConcurrencyShares).toBe(7);
  await stop();
});
