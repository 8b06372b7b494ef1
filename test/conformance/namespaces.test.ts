import { expect } from 'vitest';
import { behaviour, pausePod, ready } from './support/behaviour.ts';
import { call, core, eventually, mergePatch } from './support/cluster.ts';

behaviour('[sig-api-machinery] OrderedNamespaceDeletion namespace deletion should delete pod first', async (scope) => {
  const name = await scope.namespace();
  const finalizers = ['example.com/conformance'];
  const pod = pausePod('pod', {});
  await core.createNamespacedPod({ namespace: name, body: { ...pod, metadata: { ...pod.metadata, finalizers } } });
  await core.createNamespacedConfigMap({ namespace: name, body: { metadata: { name: 'map' } } });
  const release = () => core.patchNamespacedPod({ namespace: name, name: 'pod', body: { metadata: { finalizers: null } } }, mergePatch);
  scope.finally(release);
  await ready(name, 'pod');
  await core.deleteNamespace({ name });
  await eventually('the pod is told to go, and the namespace waits for it', async () => {
    const { metadata } = await core.readNamespacedPod({ namespace: name, name: 'pod' });
    const { status } = await core.readNamespace({ name });
    // The controller has come by, whatever it says; of what remains it speaks only when no pods do.
    const seen = status?.conditions?.some(({ type }) => type === 'NamespaceDeletionContentFailure');
    return metadata?.deletionTimestamp !== undefined && status?.phase === 'Terminating' && seen;
  });
  // As long as a pod is there, nothing else goes.
  expect((await call('GET', `/api/v1/namespaces/${name}/configmaps/map`)).status).toBe(200);
  await release();
  await eventually('the namespace is gone', async () => (await call('GET', `/api/v1/namespaces/${name}`)).status === 404);
});
