import { expect, test } from 'vitest';
import { answer, clusterUrl } from '../../runtime/client/http-client.ts';
import { configMaps } from '../../runtime/client/resources.ts';
import { startVirtualCluster } from '../support/virtual-cluster.ts';

test('the parts of a cluster tell how they are', async () => {
  const { cluster, stop } = await startVirtualCluster({});
  const list = await answer<{ items: object[] }>(
    await cluster.client.transport(new Request(`${clusterUrl}/api/v1/componentstatuses`, { headers: { accept: 'application/json' } })),
  );
  const conditions = [{ type: 'Healthy', status: 'True', message: 'ok' }];
  expect(list.items).toMatchObject(['scheduler', 'controller-manager', 'etcd-0'].map((name) => ({ metadata: { name }, conditions })));
  await stop();
});

test('servers that extend the API are told who signs the certificates of clients and of front proxies, beside what others have told them', async () => {
  const { cluster, clock, stop } = await startVirtualCluster({});
  const resource = cluster.client.resource(configMaps);
  const name = 'extension-apiserver-authentication';
  const data = async () => (await resource.get(name, 'kube-system')).data;
  const own = {
    'client-ca-file': 'the CA',
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-client-ca-file': 'the proxies’ CA',
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-uid-headers': '["X-Remote-Uid"]',
    'requestheader-username-headers': '["X-Remote-User"]',
  };
  await clock.advance(100);
  expect(await data()).toEqual(own);
  await resource.delete(name, 'kube-system');
  await clock.advance(100);
  expect(await data()).toEqual(own);
  const theirs = {
    'client-ca-file': 'another',
    'requestheader-client-ca-file': null,
    'requestheader-allowed-names': '["theirs","front-proxy-client"]',
    'requestheader-group-headers': '["X-Group"]',
    more: 'm',
  };
  await resource.patch(name, 'kube-system', { type: 'merge', body: { data: theirs } });
  await clock.advance(100);
  expect(await data()).toEqual({
    ...own,
    'client-ca-file': 'another\nthe CA',
    'requestheader-allowed-names': '["theirs","front-proxy-client"]',
    'requestheader-group-headers': '["X-Group","X-Remote-Group"]',
  });
  await stop();
});

test('a cluster says since when the use of secrets’ tokens is written down', async () => {
  const { cluster, stop } = await startVirtualCluster({});
  const tracking = await cluster.client.resource(configMaps).get('kube-apiserver-legacy-service-account-token-tracking', 'kube-system');
  expect(tracking.data).toEqual({ since: '2026-01-01' });
  await stop();
});
