import { makeInformer, type V1ConfigMap } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour } from './support/behaviour.ts';
import { config, core, eventually, type Json, mergePatch } from './support/cluster.ts';

const path = (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps`;
const label = (value: string) => ({ 'watch-this-configmap': value });
const selector = (value: string) => `watch-this-configmap=${value}`;
const mutation = (object: Json) => `${object.metadata.name} ${object.data?.mutation ?? '-'}`;

async function create(namespace: string, name: string, value = 'A'): Promise<V1ConfigMap> {
  return await core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels: label(value) } } });
}

async function mutate(namespace: string, name: string, data: string, value = 'A'): Promise<V1ConfigMap> {
  return await core.patchNamespacedConfigMap(
    { namespace, name, body: { metadata: { labels: label(value) }, data: { mutation: data } } },
    mergePatch,
  );
}

behaviour('[sig-api-machinery] Watchers should observe add, update, and delete watch notifications on configmaps', async (scope) => {
  const namespace = await scope.namespace();
  const a = await scope.watch(path(namespace), { labelSelector: selector('A') });
  const b = await scope.watch(path(namespace), { labelSelector: selector('B') });
  const both = await scope.watch(path(namespace), { labelSelector: 'watch-this-configmap in (A,B)' });
  await create(namespace, 'a');
  await mutate(namespace, 'a', '1');
  await mutate(namespace, 'a', '2');
  await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
  await create(namespace, 'b', 'B');
  await core.deleteNamespacedConfigMap({ namespace, name: 'b' });
  const ofA = ['ADDED a -', 'MODIFIED a 1', 'MODIFIED a 2', 'DELETED a 2'];
  const ofB = ['ADDED b -', 'DELETED b -'];
  await both.expect([...ofA, ...ofB], mutation);
  await a.expect(ofA, mutation);
  await b.expect(ofB, mutation);
});

behaviour('[sig-api-machinery] Watchers should be able to start watching from a specific resource version', async (scope) => {
  const namespace = await scope.namespace();
  await create(namespace, 'a');
  const first = await mutate(namespace, 'a', '1');
  await mutate(namespace, 'a', '2');
  await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
  const watch = await scope.watch(path(namespace), {
    labelSelector: selector('A'),
    resourceVersion: first.metadata?.resourceVersion ?? '',
  });
  await watch.expect(['MODIFIED a 2', 'DELETED a 2'], mutation);
});

behaviour(
  '[sig-api-machinery] Watchers should be able to restart watching from the last resource version observed by the previous watch',
  async (scope) => {
    const namespace = await scope.namespace();
    const before = await scope.watch(path(namespace), { labelSelector: selector('A') });
    await create(namespace, 'a');
    await mutate(namespace, 'a', '1');
    await before.expect(['ADDED a -', 'MODIFIED a 1'], mutation);
    before.close();
    await mutate(namespace, 'a', '2');
    await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
    const after = await scope.watch(path(namespace), {
      labelSelector: selector('A'),
      resourceVersion: before.seen.at(-1)?.object.metadata.resourceVersion,
    });
    await after.expect(['MODIFIED a 2', 'DELETED a 2'], mutation);
  },
);

behaviour(
  '[sig-api-machinery] Watchers should observe an object deletion if it stops meeting the requirements of the selector',
  async (scope) => {
    const namespace = await scope.namespace();
    const watch = await scope.watch(path(namespace), { labelSelector: selector('A') });
    await create(namespace, 'a');
    await mutate(namespace, 'a', '1');
    await mutate(namespace, 'a', '2', 'other');
    await mutate(namespace, 'a', '3', 'other');
    await mutate(namespace, 'a', '4');
    await core.deleteNamespacedConfigMap({ namespace, name: 'a' });
    // The object of the deletion is the last state that met the requirements.
    await watch.expect(['ADDED a -', 'MODIFIED a 1', 'DELETED a 1', 'ADDED a 4', 'DELETED a 4'], mutation);
  },
);

behaviour('[sig-api-machinery] Watchers should receive events on concurrent watches in same order', async (scope) => {
  const namespace = await scope.namespace();
  const version = (object: Json) => object.metadata.resourceVersion as string;
  const first = await scope.watch(path(namespace), { labelSelector: selector('A') });
  const writes = Promise.all(
    [0, 1, 2, 3].map(async (writer) => {
      for (let round = 0; round < 10; round += 1) {
        const name = `writer-${writer}-${round}`;
        await create(namespace, name);
        await mutate(namespace, name, String(round));
        await core.deleteNamespacedConfigMap({ namespace, name });
      }
    }),
  );
  await eventually('a first notification', async () => first.seen.length > 0);
  const from = first.seen.slice(0, 5).map(({ object }) => version(object));
  const others = await Promise.all(
    from.map((resourceVersion) => scope.watch(path(namespace), { labelSelector: selector('A'), resourceVersion })),
  );
  await writes;
  await eventually('all notifications', async () => first.seen.length === 120);
  const all = first.seen.map(({ type, object }) => `${type} ${version(object)}`);
  for (const [index, other] of others.entries()) await other.expect(all.slice(index + 1), version);
});

behaviour('own: informers of the client keep their cache and tell of changes', async (scope) => {
  const namespace = await scope.namespace();
  await create(namespace, 'before');
  const told: string[] = [];
  const informer = makeInformer<V1ConfigMap>(
    config,
    path(namespace),
    () => core.listNamespacedConfigMap({ namespace, labelSelector: selector('A') }),
    selector('A'),
  );
  for (const verb of ['add', 'update', 'delete'] as const) {
    informer.on(verb, ({ metadata, data }) => told.push(`${verb} ${metadata?.name} ${data?.mutation ?? '-'}`));
  }
  scope.finally(() => informer.stop());
  const connected = new Promise<void>((done) => informer.on('connect', () => done()));
  await informer.start();
  await connected;
  await create(namespace, 'after');
  await mutate(namespace, 'after', '1');
  await core.deleteNamespacedConfigMap({ namespace, name: 'before' });
  await eventually('four calls', async () => told.length >= 4);
  expect(told).toEqual(['add before -', 'add after -', 'update after 1', 'delete before -']);
  expect(informer.list(namespace).map(({ metadata }) => metadata?.name)).toEqual(['after']);
  expect(informer.get('after', namespace)?.data).toEqual({ mutation: '1' });
});
