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
