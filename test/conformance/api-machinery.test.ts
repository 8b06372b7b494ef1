import { VersionApi } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod, ready } from './support/behaviour.ts';
import {
  apps,
  ask,
  call,
  config,
  core,
  eventually,
  gone,
  type Json,
  jsonPatch,
  mergePatch,
  refusal,
  strategicPatch,
} from './support/cluster.ts';

behaviour('[sig-api-machinery] server version should find the server version', async () => {
  const version = await config.makeApiClient(VersionApi).getCode();
  expect([version.major, version.minor]).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)]);
});

behaviour('[sig-api-machinery] Discovery should validate PreferredVersion for each APIGroup', async () => {
  const { groups } = await ask('GET', '/apis');
  expect(groups.length).toBeGreaterThan(15);
  for (const group of groups) {
    expect(group.versions).toContainEqual(group.preferredVersion);
    expect(await ask('GET', `/apis/${group.name}`)).toMatchObject({ kind: 'APIGroup', preferredVersion: group.preferredVersion });
  }
});

behaviour('[sig-api-machinery] Discovery should locate the groupVersion and a resource within each APIGroup', async () => {
  const { groups } = await ask('GET', '/apis');
  for (const { preferredVersion } of groups) {
    const list = await ask('GET', `/apis/${preferredVersion.groupVersion}`);
    expect(list).toMatchObject({ kind: 'APIResourceList', groupVersion: preferredVersion.groupVersion });
    expect(list.resources.length).toBeGreaterThan(0);
  }
});

for (const [name, type] of [
  [
    '[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface',
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
  ],
  [
    '[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery endpoint Accept headers',
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  ],
] as const) {
  behaviour(name, async () => {
    for (const [path, group, resource] of [
      ['/api', undefined, 'pods'],
      ['/apis', 'apps', 'deployments'],
    ]) {
      const answer = await call('GET', path ?? '', undefined, { Accept: type });
      expect(answer.headers['content-type']).toContain('as=APIGroupDiscoveryList');
      const found = answer.body.items.find((item: Json) => item.metadata.name === group || (group === undefined && path === '/api'));
      expect(found.versions[0].resources.map((entry: Json) => entry.resource)).toContain(resource);
    }
  });
}

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should include webhook resources in discovery documents',
  async () => {
    const { resources } = await ask('GET', '/apis/admissionregistration.k8s.io/v1');
    const names = resources.map((entry: Json) => entry.name);
    expect(names).toEqual(expect.arrayContaining(['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']));
  },
);

behaviour('own: lists are transformed to tables', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('listed') });
  const table = await ask('GET', `/api/v1/namespaces/${namespace}/pods`, undefined, {
    Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  });
  expect(table.columnDefinitions.map((column: Json) => column.name).slice(0, 5)).toEqual(['Name', 'Ready', 'Status', 'Restarts', 'Age']);
  expect(table.rows.map((row: Json) => row.cells[0])).toEqual(['listed']);
});

behaviour(
  '[sig-api-machinery] Servers with support for Table transformation should return a 406 for a backend which does not implement metadata',
  async () => {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { nonResourceAttributes: { path: '/', verb: 'get' } },
    };
    const answer = await call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, {
      Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    expect([answer.status, answer.body.reason]).toEqual([406, 'NotAcceptable']);
  },
);

const deployment = (name: string, replicas = 2) => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'nginx', image: 'registry.k8s.io/pause:3.10.1' }] },
    },
  },
});

behaviour('[sig-api-machinery] Garbage collector should delete RS created by deployment when not orphaning', async (scope) => {
  const namespace = await scope.namespace();
  await apps.createNamespacedDeployment({ namespace, body: deployment('collected') });
  await eventually('a replica set', async () => (await apps.listNamespacedReplicaSet({ namespace })).items.length === 1);
  await apps.deleteNamespacedDeployment({ namespace, name: 'collected', propagationPolicy: 'Background' });
  await eventually('no replica set and no pod', async () => {
    const [sets, pods] = await Promise.all([apps.listNamespacedReplicaSet({ namespace }), core.listNamespacedPod({ namespace })]);
    return sets.items.length + pods.items.length === 0;
  });
});

behaviour(
  '[sig-api-machinery] Garbage collector should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan',
  async (scope) => {
    const namespace = await scope.namespace();
    await apps.createNamespacedDeployment({ namespace, body: deployment('orphaning') });
    await eventually('a replica set', async () => (await apps.listNamespacedReplicaSet({ namespace })).items.length === 1);
    await apps.deleteNamespacedDeployment({ namespace, name: 'orphaning', propagationPolicy: 'Orphan' });
    await gone('the deployment', () => apps.readNamespacedDeployment({ namespace, name: 'orphaning' }));
    const { items } = await apps.listNamespacedReplicaSet({ namespace });
    expect(items.map(({ metadata }) => [metadata?.ownerReferences ?? [], metadata?.deletionTimestamp])).toEqual([[[], undefined]]);
  },
);

behaviour('[sig-api-machinery] Garbage collector should not be blocked by dependency circle', async (scope) => {
  const namespace = await scope.namespace();
  const pods = await Promise.all(['pod1', 'pod2', 'pod3'].map((name) => core.createNamespacedPod({ namespace, body: pausePod(name) })));
  for (const [index, owner] of [2, 0, 1].entries()) {
    const { name = '', uid = '' } = pods[owner]?.metadata ?? {};
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name, uid, controller: true, blockOwnerDeletion: true }];
    await core.patchNamespacedPod({ namespace, name: `pod${index + 1}`, body: { metadata: { ownerReferences } } }, mergePatch);
  }
  await core.deleteNamespacedPod({ namespace, name: 'pod1', propagationPolicy: 'Foreground' });
  await eventually('no pod', async () => (await core.listNamespacedPod({ namespace })).items.length === 0);
});

behaviour(
  'own: the garbage collector keeps a replica set around until all its pods are deleted if the deleteOptions says so',
  async (scope) => {
    const namespace = await scope.namespace();
    await apps.createNamespacedReplicaSet({ namespace, body: deployment('foreground') });
    const watch = await scope.watch(`/apis/apps/v1/namespaces/${namespace}/replicasets`);
    await eventually('two pods', async () => (await core.listNamespacedPod({ namespace })).items.length === 2);
    await apps.deleteNamespacedReplicaSet({ namespace, name: 'foreground', propagationPolicy: 'Foreground' });
    await gone('the replica set', () => apps.readNamespacedReplicaSet({ namespace, name: 'foreground' }));
    expect((await core.listNamespacedPod({ namespace })).items).toEqual([]);
    expect(watch.seen.some(({ object }) => object.metadata.finalizers?.includes('foregroundDeletion'))).toBe(true);
  },
);

behaviour('[sig-api-machinery] Namespaces should ensure that all pods are removed when a namespace is deleted', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('running') });
  await ready(namespace, 'running');
  await core.deleteNamespace({ name: namespace });
  await gone('the namespace', () => core.readNamespace({ name: namespace }));
  expect((await core.listNamespacedPod({ namespace })).items).toEqual([]);
});

behaviour('[sig-api-machinery] Namespaces should ensure that all services are removed when a namespace is deleted', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedService({
    namespace,
    body: { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
  });
  await core.deleteNamespace({ name: namespace });
  await gone('the namespace', () => core.readNamespace({ name: namespace }));
  expect((await core.listNamespacedService({ namespace })).items).toEqual([]);
});

behaviour('[sig-api-machinery] Namespaces should patch a Namespace', async (scope) => {
  const name = await scope.namespace();
  const patched = await core.patchNamespace({ name, body: { metadata: { labels: { testLabel: 'testValue' } } } }, strategicPatch);
  expect(patched.metadata?.labels).toMatchObject({ testLabel: 'testValue', 'kubernetes.io/metadata.name': name });
});

behaviour('[sig-api-machinery] Namespaces should apply an update to a Namespace', async (scope) => {
  const name = await scope.namespace();
  const updated = await eventually('an update', async () => {
    const body = await core.readNamespace({ name });
    body.metadata = { ...body.metadata, labels: { ...body.metadata?.labels, [name]: 'updated' } };
    return await core.replaceNamespace({ name, body }).catch(() => undefined);
  });
  expect(updated.metadata?.labels?.[name]).toBe('updated');
});

behaviour('[sig-api-machinery] Namespaces should apply changes to a namespace status', async (scope) => {
  const name = await scope.namespace();
  expect((await core.readNamespaceStatus({ name })).status?.phase).toBe('Active');
  const conditions = [{ type: 'StatusPatch', status: 'True', reason: 'E2E', message: 'Set from an e2e test' }];
  const patched = await core.patchNamespaceStatus(
    { name, body: { metadata: { annotations: { status: 'patched' } }, status: { conditions } } },
    mergePatch,
  );
  expect(patched.status).toMatchObject({ phase: 'Active', conditions });
});

behaviour('[sig-api-machinery] Namespaces should apply a finalizer to a Namespace', async (scope) => {
  const name = await scope.namespace();
  const finalizer = 'e2e.example.com/fakeFinalizer';
  const current = await core.readNamespace({ name });
  const withOne = await core.replaceNamespaceFinalize({
    name,
    body: { ...current, spec: { finalizers: [...(current.spec?.finalizers ?? []), finalizer] } },
  });
  expect(withOne.spec?.finalizers).toEqual(['kubernetes', finalizer]);
  const without = await core.replaceNamespaceFinalize({ name, body: { ...withOne, spec: { finalizers: ['kubernetes'] } } });
  expect(without.spec?.finalizers).toEqual(['kubernetes']);
});

behaviour('own: JSON, merge and strategic merge patches mean what their content types say', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('patched', { a: '1', b: '2' }) });
  const name = 'patched';
  const add = [
    { op: 'test', path: '/metadata/labels/a', value: '1' },
    { op: 'remove', path: '/metadata/labels/b' },
  ];
  expect((await core.patchNamespacedPod({ namespace, name, body: add }, jsonPatch)).metadata?.labels).toEqual({ a: '1' });
  const merged = await core.patchNamespacedPod({ namespace, name, body: { metadata: { labels: { a: null, c: '3' } } } }, mergePatch);
  expect(merged.metadata?.labels).toEqual({ c: '3' });
  const containers = [{ name: 'pause', image: 'registry.k8s.io/pause:3.9' }];
  const strategic = await core.patchNamespacedPod({ namespace, name, body: { spec: { containers } } }, strategicPatch);
  expect(strategic.spec?.containers).toMatchObject([{ ...containers[0], imagePullPolicy: 'IfNotPresent' }]);
  const failed = core.patchNamespacedPod({ namespace, name, body: [{ op: 'test', path: '/metadata/labels/c', value: 'no' }] }, jsonPatch);
  expect((await refusal(failed)).code).toBe(422);
});
