import { expect } from 'vitest';
import { behaviour, pausePod, ready } from './support/behaviour.ts';
import { call, core, eventually, mergePatch, policy } from './support/cluster.ts';

const labels = { foo: 'bar' };

/** A budget about the pods of the behaviour, and so many of them, ready. */
async function guarded(namespace: string, minAvailable: number, count: number): Promise<void> {
  const body = { metadata: { name: 'foo' }, spec: { minAvailable, selector: { matchLabels: labels } } };
  await policy.createNamespacedPodDisruptionBudget({ namespace, body });
  for (let index = 0; index < count; index++) await core.createNamespacedPod({ namespace, body: pausePod(`pod-${index}`, labels) });
  for (let index = 0; index < count; index++) await ready(namespace, `pod-${index}`);
}

const allowed = (namespace: string, count: number) =>
  eventually(`${count} disruptions are allowed`, async () => {
    const { status, metadata } = await policy.readNamespacedPodDisruptionBudgetStatus({ namespace, name: 'foo' });
    return status?.observedGeneration === metadata?.generation && status?.disruptionsAllowed === count ? status : undefined;
  });

const evict = (namespace: string, name: string) =>
  call('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
  });

behaviour('[sig-apps] DisruptionController should observe PodDisruptionBudget status updated', async (scope) => {
  const namespace = await scope.namespace();
  await guarded(namespace, 1, 3);
  const status = await allowed(namespace, 2);
  expect([status.currentHealthy, status.desiredHealthy, status.expectedPods]).toEqual([3, 1, 3]);
  expect(status.conditions?.find(({ type }) => type === 'DisruptionAllowed')).toMatchObject({ status: 'True', reason: 'SufficientPods' });
});

behaviour('[sig-apps] DisruptionController should block an eviction until the PDB is updated to allow it', async (scope) => {
  const namespace = await scope.namespace();
  await guarded(namespace, 3, 3);
  await allowed(namespace, 0);
  const blocked = await evict(namespace, 'pod-0');
  expect([blocked.status, blocked.body.reason, blocked.body.details.causes[0].reason]).toEqual([
    429,
    'TooManyRequests',
    'DisruptionBudget',
  ]);
  await policy.patchNamespacedPodDisruptionBudget({ namespace, name: 'foo', body: { spec: { minAvailable: 2 } } }, mergePatch);
  await allowed(namespace, 1);
  expect((await evict(namespace, 'pod-0')).status).toBe(201);
  await eventually('the pod is gone', async () => (await call('GET', `/api/v1/namespaces/${namespace}/pods/pod-0`)).status === 404);
  await allowed(namespace, 0);
});

behaviour('[sig-apps] DisruptionController should update/patch PodDisruptionBudget status', async (scope) => {
  const namespace = await scope.namespace();
  await guarded(namespace, 1, 1);
  const name = 'foo';
  // The controller writes in between: whoever loses reads and writes again, and only the answers tell what was written.
  const updated = await eventually('an update without conflict', async () => {
    const body = await policy.readNamespacedPodDisruptionBudgetStatus({ namespace, name });
    if (body.status === undefined || body.status.expectedPods !== 1) return undefined;
    body.status.disruptedPods = { 'pod-0': new Date() };
    return await policy.replaceNamespacedPodDisruptionBudgetStatus({ namespace, name, body }).catch(() => undefined);
  });
  expect(Object.keys(updated.status?.disruptedPods ?? {})).toEqual(['pod-0']);
  const patch = { status: { disruptedPods: { 'pod-0': null, 'pod-1': new Date().toISOString() } } };
  const patched = await policy.patchNamespacedPodDisruptionBudgetStatus({ namespace, name, body: patch }, mergePatch);
  expect(Object.keys(patched.status?.disruptedPods ?? {})).toEqual(['pod-1']);
});
