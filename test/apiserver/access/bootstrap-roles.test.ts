import { expect, test } from 'vitest';
import { inProcessTransport } from '../../../runtime/apiserver/in-process.ts';
import { ensureBootstrapRoles } from '../../../runtime/bootstrap/rbac/reconcile.ts';
import { createClient } from '../../../runtime/client/http-client.ts';
import { admin, type Body } from '../api.ts';
import { rbac, ruleOf, startWithRoles } from './access.ts';

const merge = { 'content-type': 'application/merge-patch+json' };

test('every cluster has the roles and bindings of kube-apiserver, marked as such', async () => {
  const api = await startWithRoles();
  const list = async (path: string): Promise<Body[]> => (await api.send('GET', `${rbac}/${path}`)).body.items;
  const roles = await list('clusterroles');
  const names = roles.map(({ metadata }) => metadata.name);
  for (const name of ['cluster-admin', 'admin', 'edit', 'view', 'system:discovery', 'system:node', 'system:controller:job-controller']) {
    expect(names).toContain(name);
  }
  const everything = [...roles, ...(await list('clusterrolebindings')), ...(await list('roles')), ...(await list('rolebindings'))];
  for (const { metadata } of everything) {
    expect(metadata.labels['kubernetes.io/bootstrapping']).toBe('rbac-defaults');
    expect(metadata.annotations).toEqual({ 'rbac.authorization.kubernetes.io/autoupdate': 'true' });
  }
  const bindings = await list('clusterrolebindings');
  expect(bindings.find(({ metadata }) => metadata.name === 'system:public-info-viewer')).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:public-info-viewer' },
    subjects: [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:authenticated' },
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:unauthenticated' },
    ],
  });
  for (const binding of bindings) expect(names).toContain(binding.roleRef.name);
});

test('the scheduler gives devices to pods, and monitoring sees what nodes measure', async () => {
  const api = await startWithRoles();
  const rulesOf = async (name: string): Promise<string[]> =>
    (await api.send('GET', `${rbac}/clusterroles/${name}`)).body.rules.map(
      ({ verbs, apiGroups = [], resources = [], nonResourceURLs = [] }: Record<string, string[]>) =>
        `${verbs?.join(' ')}: ${apiGroups.join(' ')}: ${[...resources, ...nonResourceURLs].join(' ')}`,
    );
  expect((await rulesOf('system:kube-scheduler')).slice(-7)).toEqual([
    'get list watch: resource.k8s.io: deviceclasses',
    'get list patch update watch: resource.k8s.io: resourceclaims',
    'get list patch update watch: resource.k8s.io: resourceclaims/status',
    'update: : pods/finalizers',
    'get list watch: resource.k8s.io: resourceslices',
    'create delete: resource.k8s.io: resourceclaims',
    'patch update: resource.k8s.io: resourceclaims/binding',
  ]);
  expect((await rulesOf('system:monitoring')).at(-1)).toBe('get: : nodes/metrics');
});

test('events are of two groups for people and nodes, and leaders lock with leases', async () => {
  const api = await startWithRoles();
  const get = async (path: string) => (await api.send('GET', `${rbac}/${path}`)).body;
  const ofEvents = async (name: string) =>
    (await get(`clusterroles/${name}`)).rules.filter(({ resources = [] }: Body) => resources.includes('events'));
  const groups = ['', 'events.k8s.io'];
  expect(await ofEvents('system:aggregate-to-view')).toEqual([
    { verbs: ['get', 'list', 'watch'], apiGroups: groups, resources: ['events'] },
  ]);
  expect(await ofEvents('system:aggregate-to-edit')).toEqual([
    { verbs: ['create', 'delete', 'deletecollection', 'patch', 'update'], apiGroups: groups, resources: ['events'] },
  ]);
  expect(await ofEvents('system:node')).toEqual([{ verbs: ['create', 'patch', 'update'], apiGroups: groups, resources: ['events'] }]);
  const ofNodes: Body[] = (await get('clusterroles/system:node')).rules;
  // What else nodes may do to slices, only the node authorizer says.
  expect(ofNodes.filter(({ resources }) => resources.includes('resourceslices'))).toEqual([
    { verbs: ['deletecollection'], apiGroups: ['resource.k8s.io'], resources: ['resourceslices'] },
  ]);
  for (const component of ['kube-controller-manager', 'kube-scheduler']) {
    expect((await get(`namespaces/kube-system/roles/system::leader-locking-${component}`)).rules).toEqual(
      ['leases', 'leasecandidates'].map((resource) => ({
        verbs: ['create', 'get', 'list', 'update', 'watch'],
        apiGroups: ['coordination.k8s.io'],
        resources: [resource],
      })),
    );
  }
  const { subjects } = await get('namespaces/kube-system/rolebindings/system::leader-locking-kube-controller-manager');
  expect(subjects.map(({ name }: Body) => name)).toEqual([
    'system:kube-controller-manager',
    'kube-controller-manager',
    'leader-election-controller',
  ]);
});

test('controllers have upstream’s roles, each in upstream’s order of rules', async () => {
  const api = await startWithRoles();
  const roles: Body[] = (await api.send('GET', `${rbac}/clusterroles`)).body.items;
  const prefix = 'system:controller:';
  const ofControllers = roles.filter(({ metadata }) => metadata.name.startsWith(prefix));
  expect(ofControllers.map(({ metadata }) => metadata.name.slice(prefix.length)).sort()).toEqual(controllers);
  const rulesOf = (name: string): string[] =>
    ofControllers
      .find(({ metadata }) => metadata.name === prefix + name)
      .rules.map((rule: Body) => `${rule.verbs.join(' ')}: ${rule.apiGroups.join(' ')}: ${rule.resources.join(' ')}`);
  expect(rulesOf('persistent-volume-binder')).toEqual([
    'create delete get list update watch: : persistentvolumes',
    'update: : persistentvolumes/status',
    'get list update watch: : persistentvolumeclaims',
    'update: : persistentvolumeclaims/status',
    'create delete get list watch: : pods',
    'get list watch: storage.k8s.io: storageclasses',
    'list watch: : nodes',
    'create patch update:  events.k8s.io: events',
    'watch: : events',
  ]);
  expect(rulesOf('resource-claim-controller').at(-1)).toBe('patch update: resource.k8s.io: resourceclaims/binding');
});

const controllers = [
  'attachdetach-controller',
  'certificate-controller',
  'clusterrole-aggregation-controller',
  'cronjob-controller',
  'daemon-set-controller',
  'deployment-controller',
  'device-taint-eviction-controller',
  'disruption-controller',
  'endpoint-controller',
  'endpointslice-controller',
  'endpointslicemirroring-controller',
  'ephemeral-volume-controller',
  'expand-controller',
  'generic-garbage-collector',
  'horizontal-pod-autoscaler',
  'job-controller',
  'legacy-service-account-token-cleaner',
  'namespace-controller',
  'node-controller',
  'persistent-volume-binder',
  'pod-garbage-collector',
  'pv-protection-controller',
  'pvc-protection-controller',
  'replicaset-controller',
  'replication-controller',
  'resource-claim-controller',
  'resourcequota-controller',
  'root-ca-cert-publisher',
  'route-controller',
  'selinux-warning-controller',
  'service-account-controller',
  'service-cidrs-controller',
  'service-controller',
  'statefulset-controller',
  'ttl-after-finished-controller',
  'ttl-controller',
  'validatingadmissionpolicy-status-controller',
  'volumeattributesclass-protection-controller',
];

test('a start mends what was taken away and leaves what was added or is nobody else’s business', async () => {
  const api = await startWithRoles();
  const again = () => ensureBootstrapRoles(createClient(inProcessTransport(api.server, admin)));
  const get = async (path: string) => (await api.send('GET', `${rbac}/${path}`)).body;
  const patch = (path: string, body: object) => api.send('PATCH', `${rbac}/${path}`, body, merge);
  const before = api.store.revision;
  await again();
  expect(api.store.revision).toBe(before);

  const mine = ruleOf('get on secrets');
  await patch('clusterroles/system:node-proxier', {
    rules: [mine],
    metadata: { labels: { 'kubernetes.io/bootstrapping': null, mine: 'yes' } },
  });
  await patch('clusterrolebindings/system:discovery', { subjects: [{ kind: 'User', name: 'eve' }] });
  await api.send('DELETE', `${rbac}/namespaces/kube-system/roles/system:controller:token-cleaner`);
  const kept = { metadata: { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } }, subjects: null };
  await patch('clusterrolebindings/system:public-info-viewer', kept);
  await again();

  const role = await get('clusterroles/system:node-proxier');
  expect(role.rules[0]).toEqual(mine);
  expect(role.rules.length).toBeGreaterThan(4);
  expect(role.metadata.labels).toEqual({ 'kubernetes.io/bootstrapping': 'rbac-defaults', mine: 'yes' });
  expect((await get('clusterrolebindings/system:discovery')).subjects.map(({ name }: Body) => name)).toEqual([
    'eve',
    'system:authenticated',
  ]);
  expect((await get('namespaces/kube-system/roles/system:controller:token-cleaner')).kind).toBe('Role');
  expect((await get('clusterrolebindings/system:public-info-viewer')).subjects).toBeUndefined();
});
