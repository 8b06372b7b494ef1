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
