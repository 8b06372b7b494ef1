import { expect } from 'vitest';
import { behaviour, pausePod } from './support/behaviour.ts';
import { apps, core, eventually, mergePatch, refusal } from './support/cluster.ts';

/** Makes a quota and waits until it is counted. */
async function quota(namespace: string, hard: Record<string, string>, name = 'test-quota', scopes?: string[]): Promise<void> {
  await core.createNamespacedResourceQuota({ namespace, body: { metadata: { name }, spec: { hard, ...(scopes ? { scopes } : {}) } } });
  await eventually('the quota is counted', async () => (await core.readNamespacedResourceQuota({ namespace, name })).status?.used);
}

/** Waits until the quota says that so much is used. */
async function used(namespace: string, wanted: Record<string, string>, name = 'test-quota'): Promise<void> {
  let last: unknown;
  await eventually('the quota says what is used', async () => {
    last = (await core.readNamespacedResourceQuota({ namespace, name })).status?.used;
    return Object.entries(wanted).every(([resource, amount]) => (last as Record<string, string> | undefined)?.[resource] === amount);
  }).catch((error: unknown) => expect(last, String(error)).toMatchObject(wanted));
}

const requests = (cpu: string) => ({
  containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1', resources: { requests: { cpu }, limits: { cpu } } }],
});

behaviour(
  '[sig-api-machinery] ResourceQuota should create a ResourceQuota and ensure its status is promptly calculated.',
  async (scope) => {
    const namespace = await scope.namespace();
    await quota(namespace, { pods: '5', resourcequotas: '1' });
    await used(namespace, { pods: '0', resourcequotas: '1' });
  },
);

behaviour('[sig-api-machinery] ResourceQuota should be able to update and delete ResourceQuota.', async (scope) => {
  const namespace = await scope.namespace();
  await quota(namespace, { cpu: '1', memory: '500Mi' });
  const name = 'test-quota';
  const body = { spec: { hard: { cpu: '2', memory: '1Gi' } } };
  expect((await core.patchNamespacedResourceQuota({ namespace, name, body }, mergePatch)).spec).toEqual(body.spec);
  await core.deleteNamespacedResourceQuota({ namespace, name });
  expect((await refusal(core.readNamespacedResourceQuota({ namespace, name }))).reason).toBe('NotFound');
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a configMap.', async (scope) => {
  const namespace = await scope.namespace();
  // The certificate authority that every namespace gets is counted, too.
  await eventually('kube-root-ca.crt', async () => (await core.listNamespacedConfigMap({ namespace })).items.length === 1);
  await quota(namespace, { configmaps: '2' });
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'counted' } } });
  await used(namespace, { configmaps: '2' });
  const third = await refusal(core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'third' } } }));
  expect(third).toMatchObject({ code: 403, message: expect.stringContaining('exceeded quota: test-quota') });
  await core.deleteNamespacedConfigMap({ namespace, name: 'counted' });
  await used(namespace, { configmaps: '1' });
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a secret.', async (scope) => {
  const namespace = await scope.namespace();
  await quota(namespace, { secrets: '10' });
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'counted' } } });
  await used(namespace, { secrets: '1' });
  await core.deleteNamespacedSecret({ namespace, name: 'counted' });
  await used(namespace, { secrets: '0' });
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a service.', async (scope) => {
  const namespace = await scope.namespace();
  await quota(namespace, { services: '10', 'services.nodeports': '1', 'services.loadbalancers': '1' });
  const service = (name: string, type: string) => ({ metadata: { name }, spec: { type, ports: [{ port: 80 }] } });
  await core.createNamespacedService({ namespace, body: service('cluster', 'ClusterIP') });
  await core.createNamespacedService({ namespace, body: service('node', 'NodePort') });
  await used(namespace, { services: '2', 'services.nodeports': '1', 'services.loadbalancers': '0' });
  expect((await refusal(core.createNamespacedService({ namespace, body: service('more', 'NodePort') }))).code).toBe(403);
  await core.deleteNamespacedService({ namespace, name: 'cluster' });
  await core.deleteNamespacedService({ namespace, name: 'node' });
  await used(namespace, { services: '0', 'services.nodeports': '0' });
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a pod.', async (scope) => {
  const namespace = await scope.namespace();
  await quota(namespace, { pods: '5', cpu: '1' });
  await core.createNamespacedPod({ namespace, body: pausePod('counted', {}, requests('500m')) });
  await used(namespace, { pods: '1', cpu: '500m' });
  const refused = await refusal(core.createNamespacedPod({ namespace, body: pausePod('too-much', {}, requests('600m')) }));
  expect(refused.message).toContain('exceeded quota: test-quota, requested: cpu=600m, used: cpu=500m, limited: cpu=1');
  const grown = { spec: requests('600m') };
  expect((await refusal(core.patchNamespacedPod({ namespace, name: 'counted', body: grown }, mergePatch))).code).toBeGreaterThanOrEqual(
    403,
  );
  await core.deleteNamespacedPod({ namespace, name: 'counted', gracePeriodSeconds: 0 });
  await used(namespace, { pods: '0', cpu: '0' });
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a replica set.', async (scope) => {
  const namespace = await scope.namespace();
  await quota(namespace, { 'count/replicasets.apps': '1' });
  const selector = { matchLabels: { app: 'x' } };
  const template = { metadata: { labels: { app: 'x' } }, spec: requests('1m') };
  await apps.createNamespacedReplicaSet({ namespace, body: { metadata: { name: 'counted' }, spec: { replicas: 0, selector, template } } });
  await used(namespace, { 'count/replicasets.apps': '1' });
  await apps.deleteNamespacedReplicaSet({ namespace, name: 'counted' });
  await used(namespace, { 'count/replicasets.apps': '0' });
});

behaviour('[sig-api-machinery] ResourceQuota should verify ResourceQuota with best effort scope.', async (scope) => {
  const namespace = await scope.namespace();
  await quota(namespace, { pods: '5' }, 'besteffort', ['BestEffort']);
  await quota(namespace, { pods: '5' }, 'not-besteffort', ['NotBestEffort']);
  await core.createNamespacedPod({ namespace, body: pausePod('best') });
  await used(namespace, { pods: '1' }, 'besteffort');
  await used(namespace, { pods: '0' }, 'not-besteffort');
  await core.deleteNamespacedPod({ namespace, name: 'best', gracePeriodSeconds: 0 });
  await used(namespace, { pods: '0' }, 'besteffort');
  await core.createNamespacedPod({ namespace, body: pausePod('burst', {}, requests('1m')) });
  await used(namespace, { pods: '1' }, 'not-besteffort');
  await used(namespace, { pods: '0' }, 'besteffort');
});

behaviour('[sig-api-machinery] ResourceQuota should verify ResourceQuota with terminating scopes.', async (scope) => {
  const namespace = await scope.namespace();
  await quota(namespace, { pods: '5' }, 'terminating', ['Terminating']);
  await quota(namespace, { pods: '5' }, 'not-terminating', ['NotTerminating']);
  await core.createNamespacedPod({ namespace, body: pausePod('long') });
  await used(namespace, { pods: '1' }, 'not-terminating');
  await used(namespace, { pods: '0' }, 'terminating');
  await core.createNamespacedPod({ namespace, body: { ...pausePod('short'), spec: { ...requests('1m'), activeDeadlineSeconds: 3600 } } });
  await used(namespace, { pods: '1' }, 'terminating');
  await used(namespace, { pods: '1' }, 'not-terminating');
});

behaviour(
  '[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a replication controller.',
  async (scope) => {
    const namespace = await scope.namespace();
    await quota(namespace, { replicationcontrollers: '1' });
    const { spec } = pausePod('counted');
    const template = { metadata: { labels: { name: 'counted' } }, ...(spec && { spec }) };
    const body = (name: string) => ({ metadata: { name }, spec: { replicas: 0, selector: { name: 'counted' }, template } });
    await core.createNamespacedReplicationController({ namespace, body: body('counted') });
    await used(namespace, { replicationcontrollers: '1' });
    expect((await refusal(core.createNamespacedReplicationController({ namespace, body: body('second') }))).code).toBe(403);
    await core.deleteNamespacedReplicationController({ namespace, name: 'counted' });
    await used(namespace, { replicationcontrollers: '0' });
  },
);

behaviour('[sig-api-machinery] ResourceQuota should apply changes to a resourcequota status', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'e2e-rq-status';
  await quota(namespace, { cpu: '500m', memory: '500Mi' }, name);
  const hardOf = async () => {
    const { spec, status } = await core.readNamespacedResourceQuotaStatus({ namespace, name });
    return [spec?.hard, status?.hard];
  };
  const first = { cpu: '500m', memory: '500Mi' };
  expect(await hardOf()).toEqual([first, first]);
  const second = { cpu: '1', memory: '1Gi' };
  await core.patchNamespacedResourceQuota({ namespace, name, body: { spec: { hard: second } } }, mergePatch);
  await eventually('the status follows the spec', async () => JSON.stringify(await hardOf()) === JSON.stringify([second, second]));
  const watch = await scope.watch(`/api/v1/namespaces/${namespace}/resourcequotas`);
  const third = { cpu: '2', memory: '2Gi' };
  const patch = { status: { hard: third } };
  const patched = await core.patchNamespacedResourceQuotaStatus({ namespace, name, body: patch }, mergePatch);
  // The spec stays, and the controller brings the status back to it.
  expect([patched.spec?.hard, patched.status?.hard]).toEqual([second, third]);
  await eventually('the change is seen', async () => watch.seen.some(({ object }) => object.status.hard.cpu === '2'));
  await eventually('the status is put right', async () => JSON.stringify(await hardOf()) === JSON.stringify([second, second]));
});
