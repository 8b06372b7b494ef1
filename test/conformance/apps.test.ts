import type { V1Deployment, V1PodSpec } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod } from './support/behaviour.ts';
import { apps, core, eventually, mergePatch, policy, refusal, strategicPatch } from './support/cluster.ts';

const old = 'registry.k8s.io/pause:3.9';
const current = 'registry.k8s.io/pause:3.10.1';

function workload(name: string, replicas: number, image = current, more: Partial<V1Deployment['spec'] & object> = {}) {
  const spec: V1PodSpec = { terminationGracePeriodSeconds: 0, containers: [{ name: 'web', image }] };
  return {
    metadata: { name, labels: { app: name } },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec }, ...more },
  };
}

const image = (value: string) => ({ spec: { template: { spec: { containers: [{ name: 'web', image: value }] } } } });

/** Waits until all replicas of a deployment are available and of the newest template. */
async function complete(namespace: string, name: string): Promise<V1Deployment> {
  return await eventually(`deployment ${name} is complete`, async () => {
    const deployment = await apps.readNamespacedDeployment({ namespace, name });
    const { status, spec, metadata } = deployment;
    const want = spec?.replicas ?? 0;
    const counts = [status?.replicas ?? 0, status?.updatedReplicas ?? 0, status?.availableReplicas ?? 0];
    return status?.observedGeneration === metadata?.generation && counts.every((count) => count === want) ? deployment : undefined;
  });
}

async function podImages(namespace: string): Promise<(string | undefined)[]> {
  const { items } = await core.listNamespacedPod({ namespace });
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined).map(({ spec }) => spec?.containers[0]?.image);
}

behaviour('[sig-apps] Deployment RollingUpdateDeployment should delete old pods and create new ones', async (scope) => {
  const namespace = await scope.namespace();
  await apps.createNamespacedReplicaSet({ namespace, body: workload('rolling', 1, old) });
  await eventually('a pod of the old set', async () => (await podImages(namespace)).length === 1);
  await apps.createNamespacedDeployment({ namespace, body: workload('rolling', 1) });
  await complete(namespace, 'rolling');
  await eventually('only new pods', async () => (await podImages(namespace)).join() === current);
  const { items } = await apps.listNamespacedReplicaSet({ namespace });
  expect(items.map(({ metadata, status }) => [metadata?.name === 'rolling', status?.replicas]).sort()).toEqual([
    [false, 1],
    [true, 0],
  ]);
});

behaviour('[sig-apps] Deployment RecreateDeployment should delete old pods and create new ones', async (scope) => {
  const namespace = await scope.namespace();
  await apps.createNamespacedDeployment({ namespace, body: workload('recreate', 2, old, { strategy: { type: 'Recreate' } }) });
  await complete(namespace, 'recreate');
  const watch = await scope.watch(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: 'app=recreate' });
  await apps.patchNamespacedDeployment({ namespace, name: 'recreate', body: image(current) }, strategicPatch);
  await complete(namespace, 'recreate');
  const running = new Set<string>();
  let together = false;
  for (const { type, object } of watch.seen) {
    if (type === 'DELETED' || object.status.phase !== 'Running')
      running.delete(`${object.spec.containers[0].image} ${object.metadata.name}`);
    else running.add(`${object.spec.containers[0].image} ${object.metadata.name}`);
    together ||= new Set([...running].map((entry) => entry.split(' ')[0])).size > 1;
  }
  expect(together).toBe(false);
});

behaviour('[sig-apps] Deployment deployment should delete old replica sets', async (scope) => {
  const namespace = await scope.namespace();
  await apps.createNamespacedDeployment({ namespace, body: workload('cleanup', 1, old, { revisionHistoryLimit: 0 }) });
  await complete(namespace, 'cleanup');
  await apps.patchNamespacedDeployment({ namespace, name: 'cleanup', body: image(current) }, strategicPatch);
  await complete(namespace, 'cleanup');
  await eventually('one replica set', async () => (await apps.listNamespacedReplicaSet({ namespace })).items.length === 1);
});

behaviour('[sig-apps] Deployment deployment should support rollover', async (scope) => {
  const namespace = await scope.namespace();
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
  // The first template never becomes ready.
  const body = workload('rollover', 2, 'registry.invalid/never:1', { strategy });
  await apps.createNamespacedDeployment({ namespace, body });
  await eventually('pods of the first template', async () => (await podImages(namespace)).length === 2);
  await apps.patchNamespacedDeployment({ namespace, name: 'rollover', body: image(old) }, strategicPatch);
  await apps.patchNamespacedDeployment({ namespace, name: 'rollover', body: image(current) }, strategicPatch);
  await complete(namespace, 'rollover');
  const { items } = await apps.listNamespacedReplicaSet({ namespace });
  expect(items.filter(({ status }) => (status?.replicas ?? 0) > 0).map(({ spec }) => spec?.template?.spec?.containers[0]?.image)).toEqual([
    current,
  ]);
});

behaviour('[sig-apps] Deployment deployment should support proportional scaling', async (scope) => {
  const namespace = await scope.namespace();
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
  await apps.createNamespacedDeployment({ namespace, body: workload('proportional', 10, current, { strategy }) });
  await complete(namespace, 'proportional');
  const sizes = async () => {
    const { items } = await apps.listNamespacedReplicaSet({ namespace });
    return items.map(({ spec }) => spec?.replicas ?? 0).sort((a, b) => a - b);
  };
  // A template that never becomes ready stops the rollout half-way.
  await apps.patchNamespacedDeployment({ namespace, name: 'proportional', body: image('registry.invalid/never:404') }, strategicPatch);
  await eventually('the rollout stands at 8 and 5', async () => (await sizes()).join() === '5,8');
  await eventually('old pods are gone', async () => {
    const { status } = await apps.readNamespacedDeployment({ namespace, name: 'proportional' });
    return status?.availableReplicas === 8 && status.replicas === 13;
  });
  await apps.patchNamespacedDeployment({ namespace, name: 'proportional', body: { spec: { replicas: 30 } } }, mergePatch);
  await eventually('33 replicas in proportion', async () => (await sizes()).join() === '13,20');
});

behaviour('[sig-apps] Deployment Deployment should have a working scale subresource', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'scaled';
  await apps.createNamespacedDeployment({ namespace, body: workload(name, 1) });
  await complete(namespace, name);
  const scale = await apps.readNamespacedDeploymentScale({ namespace, name });
  expect([scale.spec?.replicas, scale.status?.replicas, scale.status?.selector]).toEqual([1, 1, 'app=scaled']);
  await apps.replaceNamespacedDeploymentScale({
    namespace,
    name,
    body: { ...scale, metadata: { name, namespace }, spec: { replicas: 2 } },
  });
  expect((await complete(namespace, name)).spec?.replicas).toBe(2);
  await apps.patchNamespacedDeploymentScale({ namespace, name, body: { spec: { replicas: 4 } } }, mergePatch);
  expect((await complete(namespace, name)).status?.readyReplicas).toBe(4);
});

behaviour('[sig-apps] Deployment should run the lifecycle of a Deployment', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'lifecycle';
  const watch = await scope.watch(`/apis/apps/v1/namespaces/${namespace}/deployments`);
  await apps.createNamespacedDeployment({ namespace, body: workload(name, 2) });
  await complete(namespace, name);
  await apps.patchNamespacedDeployment(
    { namespace, name, body: { ...image(old), metadata: { labels: { patched: 'true' } } } },
    strategicPatch,
  );
  const { metadata } = await complete(namespace, name);
  expect(metadata?.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '2' });
  await apps.deleteCollectionNamespacedDeployment({ namespace, labelSelector: 'patched=true' });
  await eventually('the deletion is seen', async () => watch.seen.at(-1)?.type === 'DELETED');
});

behaviour('[sig-apps] ReplicaSet should serve a basic image on each replica with a public image', async (scope) => {
  const namespace = await scope.namespace();
  await apps.createNamespacedReplicaSet({ namespace, body: workload('basic', 2) });
  await eventually('two ready replicas', async () => {
    const { status } = await apps.readNamespacedReplicaSet({ namespace, name: 'basic' });
    return status?.readyReplicas === 2 && status.availableReplicas === 2;
  });
});

behaviour('[sig-apps] ReplicaSet should adopt matching pods on creation and release no longer matching pods', async (scope) => {
  const namespace = await scope.namespace();
  const owner = async () =>
    (await core.readNamespacedPod({ namespace, name: 'orphan' })).metadata?.ownerReferences?.find(({ controller }) => controller);
  await core.createNamespacedPod({ namespace, body: pausePod('orphan', { app: 'adopting' }) });
  await apps.createNamespacedReplicaSet({ namespace, body: workload('adopting', 1) });
  await eventually('the pod is adopted', async () => (await owner())?.name === 'adopting');
  await core.patchNamespacedPod({ namespace, name: 'orphan', body: { metadata: { labels: { app: 'released' } } } }, mergePatch);
  await eventually('the pod is released', async () => (await owner()) === undefined);
  await eventually('there is another one', async () => {
    return (await core.listNamespacedPod({ namespace, labelSelector: 'app=adopting' })).items.length === 1;
  });
});

behaviour('[sig-apps] ReplicaSet Replicaset should have a working scale subresource', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'scaled';
  await apps.createNamespacedReplicaSet({ namespace, body: workload(name, 1) });
  const scale = await apps.readNamespacedReplicaSetScale({ namespace, name });
  expect(scale.spec?.replicas).toBe(1);
  await apps.replaceNamespacedReplicaSetScale({
    namespace,
    name,
    body: { ...scale, metadata: { name, namespace }, spec: { replicas: 2 } },
  });
  await apps.patchNamespacedReplicaSetScale({ namespace, name, body: { spec: { replicas: 3 } } }, mergePatch);
  await eventually('three pods', async () => (await core.listNamespacedPod({ namespace })).items.length === 3);
});

behaviour('[sig-apps] ReplicaSet Replace and Patch tests', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'replaced';
  await apps.createNamespacedReplicaSet({ namespace, body: workload(name, 1, old) });
  await eventually('a replacement without conflict', async () => {
    const body = await apps.readNamespacedReplicaSet({ namespace, name });
    if (body.spec !== undefined) body.spec.replicas = 2;
    return await apps.replaceNamespacedReplicaSet({ namespace, name, body }).catch(() => undefined);
  });
  const body = { metadata: { labels: { 'test-rs': 'patched' } }, spec: { replicas: 3, ...image(current).spec } };
  await apps.patchNamespacedReplicaSet({ namespace, name, body }, strategicPatch);
  const set = await eventually('three ready replicas', async () => {
    const found = await apps.readNamespacedReplicaSet({ namespace, name });
    return found.status?.readyReplicas === 3 ? found : undefined;
  });
  expect([set.metadata?.labels?.['test-rs'], set.spec?.template?.spec?.containers[0]?.image]).toEqual(['patched', current]);
});

behaviour('[sig-apps] DisruptionController should create a PodDisruptionBudget', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'foo';
  const selector = { matchLabels: { foo: 'bar' } };
  await policy.createNamespacedPodDisruptionBudget({ namespace, body: { metadata: { name }, spec: { selector, minAvailable: '1%' } } });
  const patched = await policy.patchNamespacedPodDisruptionBudget({ namespace, name, body: { spec: { minAvailable: 3 } } }, mergePatch);
  expect(patched.spec).toMatchObject({ minAvailable: 3, selector });
  await policy.deleteNamespacedPodDisruptionBudget({ namespace, name });
  expect((await refusal(policy.readNamespacedPodDisruptionBudget({ namespace, name }))).reason).toBe('NotFound');
});

behaviour(
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should have a working scale subresource',
  async (scope) => {
    const namespace = await scope.namespace();
    const body = { ...workload('ss', 1), spec: { ...workload('ss', 1).spec, serviceName: 'test' } };
    await apps.createNamespacedStatefulSet({ namespace, body });
    await apps.patchNamespacedStatefulSetScale({ namespace, name: 'ss', body: { spec: { replicas: 2 } } }, mergePatch);
    expect((await apps.readNamespacedStatefulSetScale({ namespace, name: 'ss' })).spec?.replicas).toBe(2);
  },
);
