import { expect, test } from 'vitest';
import type { Deployment } from '../../runtime/api/generated/types/apps/v1.ts';
import type { Log } from '../../runtime/client/log.ts';
import * as resources from '../../runtime/client/resources.ts';
import { startVirtualCluster } from '../support/virtual-cluster.ts';

test('components get along with the roles that they have, and admins aggregate what others may', async () => {
  const refused: string[] = [];
  const note = (message: string, error?: unknown) => {
    const text = `${message} ${String(error ?? '')}`;
    if (text.includes('forbidden')) refused.push(text);
  };
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const { cluster, clock, stop } = await startVirtualCluster({ log });
  const { client } = cluster;
  await client.resource(resources.configMaps).create({ metadata: { name: 'settings', namespace: 'default' }, data: { a: 'b' } });
  const labels = { app: 'web' };
  const web: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'web', image: 'nginx', envFrom: [{ configMapRef: { name: 'settings' } }] }],
          volumes: [{ name: 'v', configMap: { name: 'settings' } }],
        },
      },
    },
  };
  await client.resource(resources.deployments).create(web);
  await client
    .resource(resources.services)
    .create({ metadata: { name: 'web', namespace: 'default' }, spec: { selector: labels, ports: [{ port: 80 }] } });
  await clock.advance(60_000);
  const ready = (await client.resource(resources.pods).list({ namespace: 'default' })).items.filter(
    ({ status }) => status?.phase === 'Running',
  );
  expect(ready).toHaveLength(2);
  const { items: events } = await client.resource(resources.events).list({ namespace: 'default' });
  expect(events.map(({ reportingComponent }) => reportingComponent)).toEqual(
    expect.arrayContaining(['default-scheduler', 'deployment-controller', 'replicaset-controller', 'kubelet']),
  );

  const view = await client.resource(resources.clusterRoles).get('view');
  const admin = await client.resource(resources.clusterRoles).get('admin');
  expect(view.rules).toContainEqual({ verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['namespaces'] });
  for (const rule of view.rules ?? []) expect(admin.rules).toContainEqual(rule);

  await client.resource(resources.clusterRoles).create({
    metadata: { name: 'widgets', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
    rules: [{ verbs: ['get'], apiGroups: ['example.com'], resources: ['widgets'] }],
  });
  await clock.advance(10_000);
  const widgets = { verbs: ['get'], apiGroups: ['example.com'], resources: ['widgets'] };
  expect((await client.resource(resources.clusterRoles).get('admin')).rules).toContainEqual(widgets);
  await client.resource(resources.clusterRoles).delete('widgets');
  await client.resource(resources.namespaces).create({ metadata: { name: 'short' } });
  await client.resource(resources.namespaces).delete('short');
  await client.resource(resources.deployments).delete('web', 'default');
  await client.resource(resources.nodes).delete('node-3');
  await clock.advance(180_000);
  expect((await client.resource(resources.clusterRoles).get('admin')).rules).not.toContainEqual(widgets);
  expect((await client.resource(resources.pods).list()).items).toEqual([]);
  await stop();
  expect(refused).toEqual([]);
});
