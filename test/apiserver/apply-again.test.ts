import { expect, test } from 'vitest';
import { startApi } from './api.ts';

test('the same configuration applied again writes nothing, in whatever form its values are', async () => {
  const api = await startApi();
  const path = '/apis/apps/v1/namespaces/default/deployments/d?fieldManager=m';
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const apply = (cpu: number | string) =>
    api.send(
      'PATCH',
      path,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { containers: [{ name: 'c', image: 'nginx', resources: { limits: { cpu } } }] },
          },
        },
      },
      headers,
    );
  const first = await apply(0.5);
  await api.clock.advance(5_000);
  const second = await apply(0.5);
  expect(second.body.spec.template.spec.containers[0].resources.limits).toEqual({ cpu: '500m' });
  expect(second.body.metadata).toEqual(first.body.metadata);
  expect((await apply('0.6')).body.metadata.generation).toBe(2);
});

test('what Go writes as null is no conflict for who applies something else', async () => {
  const api = await startApi();
  const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
  const dataSource = { kind: 'PersistentVolumeClaim', name: 'source' };
  const spec = { accessModes: ['ReadWriteOnce'], dataSource, resources: { requests: { storage: '1Gi' } } };
  const made = await api.send('POST', claims, { metadata: { name: 'c' }, spec });
  expect(made.body.spec.dataSource).toEqual({ apiGroup: null, ...dataSource });
  const labelled = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'c', labels: { a: 'b' } } };
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const applied = await api.send('PATCH', `${claims}/c?fieldManager=m`, labelled, headers);
  expect(applied).toMatchObject({ code: 200, body: { metadata: { labels: { a: 'b' } }, spec: { dataSource: { apiGroup: null } } } });
});
