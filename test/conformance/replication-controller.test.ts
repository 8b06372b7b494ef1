import type { V1ReplicationController } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod, type Scope } from './support/behaviour.ts';
import { core, eventually, gone, mergePatch } from './support/cluster.ts';

function controller(name: string, replicas: number): V1ReplicationController {
  const { spec } = pausePod(name);
  return {
    metadata: { name, labels: { name } },
    spec: { replicas, selector: { name }, template: { metadata: { labels: { name } }, ...(spec && { spec }) } },
  };
}

async function make(scope: Scope, name: string, replicas: number): Promise<string> {
  const namespace = await scope.namespace();
  await core.createNamespacedReplicationController({ namespace, body: controller(name, replicas) });
  return namespace;
}

const podsOf = async (namespace: string, name: string) => {
  return (await core.listNamespacedPod({ namespace, labelSelector: `name=${name}` })).items;
};

const ownerOf = async (namespace: string, name: string) => {
  const { metadata } = await core.readNamespacedPod({ namespace, name });
  return metadata?.ownerReferences?.find((reference) => reference.controller);
};

async function readyReplicas(namespace: string, name: string, count: number): Promise<V1ReplicationController> {
  return await eventually(`${count} ready replicas`, async () => {
    const found = await core.readNamespacedReplicationController({ namespace, name });
    return (found.status?.readyReplicas ?? 0) === count && found.status?.replicas === count ? found : undefined;
  });
}

behaviour('[sig-apps] ReplicationController should serve a basic image on each replica with a public image', async (scope) => {
  const namespace = await make(scope, 'basic', 2);
  await readyReplicas(namespace, 'basic', 2);
  const pods = await podsOf(namespace, 'basic');
  expect(pods.map(({ status }) => status?.phase)).toEqual(['Running', 'Running']);
});

behaviour('[sig-apps] ReplicationController should adopt matching pods on creation', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('orphan', { name: 'adopting' }) });
  await core.createNamespacedReplicationController({ namespace, body: controller('adopting', 1) });
  await eventually('the pod is adopted', async () => (await ownerOf(namespace, 'orphan'))?.name === 'adopting');
});

behaviour('[sig-apps] ReplicationController should release no longer matching pods', async (scope) => {
  const namespace = await make(scope, 'releasing', 1);
  await readyReplicas(namespace, 'releasing', 1);
  const [pod] = await podsOf(namespace, 'releasing');
  const name = pod?.metadata?.name ?? '';
  await core.patchNamespacedPod({ namespace, name, body: { metadata: { labels: { name: 'released' } } } }, mergePatch);
  await eventually('the pod is released', async () => (await ownerOf(namespace, name)) === undefined);
});

behaviour('[sig-apps] ReplicationController should get and update a ReplicationController scale', async (scope) => {
  const namespace = await make(scope, 'scaled', 1);
  await readyReplicas(namespace, 'scaled', 1);
  const scale = await core.readNamespacedReplicationControllerScale({ namespace, name: 'scaled' });
  expect([scale.spec?.replicas, scale.status?.replicas, scale.status?.selector]).toEqual([1, 1, 'name=scaled']);
  const body = { ...scale, metadata: { name: 'scaled', namespace }, spec: { replicas: 2 } };
  expect((await core.replaceNamespacedReplicationControllerScale({ namespace, name: 'scaled', body })).spec?.replicas).toBe(2);
  await readyReplicas(namespace, 'scaled', 2);
});

behaviour('[sig-apps] ReplicationController should surface a failure condition on a common issue like exceeded quota', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'condition-test';
  await core.createNamespacedResourceQuota({ namespace, body: { metadata: { name }, spec: { hard: { pods: '2' } } } });
  await eventually('the quota is counted', async () => {
    return (await core.readNamespacedResourceQuota({ namespace, name })).status?.hard?.pods === '2';
  });
  await core.createNamespacedReplicationController({ namespace, body: controller(name, 3) });
  const condition = async () => {
    const { status } = await core.readNamespacedReplicationController({ namespace, name });
    return status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  };
  await eventually('the failure is told', async () => (await condition())?.status === 'True');
  await core.patchNamespacedReplicationController({ namespace, name, body: { spec: { replicas: 2 } } }, mergePatch);
  await eventually('the failure is over', async () => (await condition()) === undefined);
});

behaviour('[sig-apps] ReplicationController should test the lifecycle of a ReplicationController', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'lifecycle';
  const watch = await scope.watch(`/api/v1/namespaces/${namespace}/replicationcontrollers`);
  await core.createNamespacedReplicationController({ namespace, body: controller(name, 1) });
  await readyReplicas(namespace, name, 1);
  const patch = (body: object) => core.patchNamespacedReplicationController({ namespace, name, body }, mergePatch);
  expect((await patch({ metadata: { labels: { patched: 'true' } } })).metadata?.labels).toMatchObject({ patched: 'true' });
  const status = await core.patchNamespacedReplicationControllerStatus(
    { namespace, name, body: { status: { readyReplicas: 0, availableReplicas: 0 } } },
    mergePatch,
  );
  expect(status.status?.readyReplicas ?? 0).toBe(0);
  await readyReplicas(namespace, name, 1);
  await patch({ spec: { replicas: 2 } });
  const current = await readyReplicas(namespace, name, 2);
  current.metadata = { ...current.metadata, annotations: { updated: 'true' } };
  await core.replaceNamespacedReplicationController({ namespace, name, body: current });
  const everywhere = await core.listReplicationControllerForAllNamespaces({ labelSelector: 'patched=true' });
  expect(everywhere.items.some(({ metadata }) => metadata?.namespace === namespace && metadata.annotations?.updated === 'true')).toBe(true);
  await core.deleteCollectionNamespacedReplicationController({ namespace, labelSelector: 'patched=true' });
  await eventually('the deletion is seen', async () => watch.seen.at(-1)?.type === 'DELETED');
});

behaviour('[sig-api-machinery] Garbage collector should delete pods created by rc when not orphaning', async (scope) => {
  const namespace = await make(scope, 'collected', 2);
  await readyReplicas(namespace, 'collected', 2);
  await core.deleteNamespacedReplicationController({ namespace, name: 'collected', body: { propagationPolicy: 'Background' } });
  await eventually('no pod is left', async () => (await podsOf(namespace, 'collected')).length === 0);
});

behaviour('[sig-api-machinery] Garbage collector should orphan pods created by rc if delete options say so', async (scope) => {
  const namespace = await make(scope, 'orphaning', 5);
  await readyReplicas(namespace, 'orphaning', 5);
  await core.deleteNamespacedReplicationController({ namespace, name: 'orphaning', body: { propagationPolicy: 'Orphan' } });
  await gone('the controller', () => core.readNamespacedReplicationController({ namespace, name: 'orphaning' }));
  const pods = await podsOf(namespace, 'orphaning');
  expect(pods).toHaveLength(5);
  for (const { metadata } of pods) expect([metadata?.ownerReferences, metadata?.deletionTimestamp]).toEqual([undefined, undefined]);
});

behaviour(
  '[sig-api-machinery] Garbage collector should keep the rc around until all its pods are deleted if the deleteOptions says so',
  async (scope) => {
    const namespace = await make(scope, 'foreground', 3);
    await readyReplicas(namespace, 'foreground', 3);
    const watch = await scope.watch(`/api/v1/namespaces/${namespace}/replicationcontrollers`);
    const pods = await scope.watch(`/api/v1/namespaces/${namespace}/pods`);
    await core.deleteNamespacedReplicationController({ namespace, name: 'foreground', body: { propagationPolicy: 'Foreground' } });
    const end = await eventually('the controller is gone', async () => watch.seen.find(({ type }) => type === 'DELETED'));
    const deleted = pods.seen.filter(({ type }) => type === 'DELETED').map(({ object }) => Number(object.metadata.resourceVersion));
    expect(deleted).toHaveLength(3);
    expect(Math.max(...deleted)).toBeLessThan(Number(end.object.metadata.resourceVersion));
  },
);

behaviour(
  "[sig-api-machinery] Garbage collector should not delete dependents that have both valid owner and owner that's waiting for dependents to be deleted",
  async (scope) => {
    const namespace = await make(scope, 'to-be-deleted', 4);
    await readyReplicas(namespace, 'to-be-deleted', 4);
    const stay = await core.createNamespacedReplicationController({ namespace, body: controller('to-stay', 0) });
    const owner = { apiVersion: 'v1', kind: 'ReplicationController', name: 'to-stay', uid: stay.metadata?.uid ?? '' };
    const kept = (await podsOf(namespace, 'to-be-deleted')).slice(0, 2);
    for (const { metadata } of kept) {
      const ownerReferences = [...(metadata?.ownerReferences ?? []), owner];
      await core.patchNamespacedPod({ namespace, name: metadata?.name ?? '', body: { metadata: { ownerReferences } } }, mergePatch);
    }
    await core.deleteNamespacedReplicationController({ namespace, name: 'to-be-deleted', body: { propagationPolicy: 'Foreground' } });
    await gone('the controller', () => core.readNamespacedReplicationController({ namespace, name: 'to-be-deleted' }));
    const left = await podsOf(namespace, 'to-be-deleted');
    expect(left.map(({ metadata }) => metadata?.name).sort()).toEqual(kept.map(({ metadata }) => metadata?.name).sort());
    for (const { metadata } of left) {
      expect([metadata?.deletionTimestamp, metadata?.ownerReferences?.map(({ name }) => name)]).toEqual([undefined, ['to-stay']]);
    }
  },
);
