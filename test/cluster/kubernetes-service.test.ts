import { expect, test } from 'vitest';
import * as resources from '../../runtime/client/resources.ts';
import { startVirtualCluster } from '../support/virtual-cluster.ts';

test('service kubernetes and its endpoints come back within ten seconds, and nothing is written of what is right', async () => {
  const { cluster, clock, stop } = await startVirtualCluster({});
  const { client } = cluster;
  const slices = client.resource(resources.endpointSlices);
  const versions = async () =>
    [
      await client.resource(resources.services).get('kubernetes', 'default'),
      await client.resource(resources.endpoints).get('kubernetes', 'default'),
      await slices.get('kubernetes', 'default'),
    ].map(({ metadata }) => metadata?.resourceVersion);
  const before = await versions();
  await clock.advance(30_000);
  expect(await versions()).toEqual(before);

  await client.resource(resources.services).delete('kubernetes', 'default');
  await client.resource(resources.endpoints).delete('kubernetes', 'default');
  await slices.patch('kubernetes', 'default', { type: 'merge', body: { endpoints: [] } });
  await clock.advance(10_000);
  expect(await client.resource(resources.services).get('kubernetes', 'default')).toMatchObject({
    metadata: { labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
  });
  expect((await client.resource(resources.endpoints).get('kubernetes', 'default')).subsets).toMatchObject([
    { addresses: [{ ip: '172.18.0.2' }], ports: [{ name: 'https', port: 6443 }] },
  ]);
  expect((await slices.get('kubernetes', 'default')).endpoints).toMatchObject([{ addresses: ['172.18.0.2'], conditions: { ready: true } }]);
  await stop();
});
