import { expect, test } from 'vitest';
import { type Admission, startAdmission } from './admission.ts';

type Hard = Readonly<Record<string, string>>;

/** Makes a quota whose usage is known, as the quota controller would. */
async function quota({ create, merge }: Admission, hard: Hard, used: Hard = {}, more: object = {}): Promise<void> {
  await create('resourcequotas', { metadata: { name: 'q' }, spec: { hard, ...more } });
  const none = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
  await merge('resourcequotas', 'q', { status: { hard, used: { ...none, ...used } } }, '/status');
}

const usedOf = async ({ get }: Admission) => (await get('resourcequotas', 'q')).body.status.used;
const container = (requests: object, limits: object, name = 'a') => ({ name, image: 'nginx', resources: { requests, limits } });

test('what pods ask for is charged, and what exceeds is refused in detail', async () => {
  const admission = await startAdmission();
  const { pod } = admission;
  await quota(admission, { 'requests.cpu': '1', 'limits.memory': '1Gi', pods: '5', 'count/pods': '5' }, { 'requests.cpu': '500m' });
  const message = async (name: string, ...containers: object[]) => (await pod(name, { containers })).body.message;
  expect(await message('p', { name: 'b', image: 'x' }, container({ cpu: 1 }, {}))).toBe(
    'pods "p" is forbidden: failed quota: q: must specify limits.memory for: a,b; requests.cpu for: b',
  );
  expect(await message('p', container({ cpu: '600m' }, { memory: '2Gi' }))).toBe(
    'pods "p" is forbidden: exceeded quota: q, requested: limits.memory=2Gi,requests.cpu=600m, used: limits.memory=0,requests.cpu=500m, limited: limits.memory=1Gi,requests.cpu=1',
  );
  expect(await usedOf(admission)).toEqual({ 'requests.cpu': '500m', 'limits.memory': '0', pods: '0', 'count/pods': '0' });
  const fits = { containers: [container({ cpu: '0.5' }, { memory: '512Mi' })] };
  expect((await admission.create('pods', { metadata: { name: 'p' }, spec: fits }, '?dryRun=All')).code).toBe(201);
  expect((await usedOf(admission)).pods).toBe('0');
  expect((await pod('p', fits)).code).toBe(201);
  expect(await usedOf(admission)).toEqual({ 'requests.cpu': '1', 'limits.memory': '512Mi', pods: '1', 'count/pods': '1' });
  const { managedFields } = (await admission.get('resourcequotas', 'q')).body.metadata;
  expect(managedFields.find(({ manager }: { manager: string }) => manager === 'kube-apiserver')).toMatchObject({
    operation: 'Update',
    subresource: 'status',
    fieldsV1: { 'f:status': { 'f:used': { 'f:pods': {} } } },
  });
});

test('objects of every kind are counted, by old names and by new ones', async () => {
  const admission = await startAdmission();
  const { create } = admission;
  await quota(admission, {
    'count/configmaps': '1',
    secrets: '1',
    'count/deployments.apps': '0',
    services: '3',
    'services.nodeports': '1',
    'services.loadbalancers': '0',
    'requests.storage': '1Gi',
    'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '0',
  });
  const named = (name: string) => ({ metadata: { name } });
  expect((await create('configmaps', named('one'))).code).toBe(201);
  expect((await create('configmaps', named('two'))).body.message).toBe(
    'configmaps "two" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1',
  );
  expect((await create('secrets', named('one'))).code).toBe(201);
  expect((await create('secrets', named('two'))).code).toBe(403);
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'nginx' }] } };
  const deployment = { ...named('d'), spec: { selector: { matchLabels: { a: 'b' } }, template } };
  expect((await create('apps/deployments', deployment)).body).toMatchObject({
    message:
      'deployments.apps "d" is forbidden: exceeded quota: q, requested: count/deployments.apps=1, used: count/deployments.apps=0, limited: count/deployments.apps=0',
    details: { name: 'd', group: 'apps', kind: 'deployments' },
  });
  const service = (name: string, type: string, count: number) =>
    create('services', {
      ...named(name),
      spec: { type, ports: Array.from({ length: count }, (_, i) => ({ name: `p${i}`, port: 80 + i })) },
    });
  expect((await service('a', 'NodePort', 2)).body.message).toContain('requested: services.nodeports=2, used: services.nodeports=0');
  expect((await service('a', 'LoadBalancer', 1)).body.message).toContain('exceeded quota: q, requested: services.loadbalancers=1,');
  expect((await service('a', 'NodePort', 1)).code).toBe(201);
  expect((await service('b', 'ClusterIP', 1)).code).toBe(201);
  expect((await admission.merge('services', 'b', { spec: { type: 'NodePort' } })).body.message).toBe(
    'services "b" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
  );
  expect((await admission.merge('services', 'a', { spec: { type: 'ClusterIP', externalTrafficPolicy: null } })).code).toBe(200);
  expect(await usedOf(admission)).toMatchObject({ services: '2', 'services.nodeports': '0', 'services.loadbalancers': '0' });
  const claim = (name: string, storage: string, storageClassName = '') =>
    create('persistentvolumeclaims', {
      ...named(name),
      spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } },
    });
  expect((await claim('c', '2Gi')).body.message).toContain(
    'requested: requests.storage=2Gi, used: requests.storage=0, limited: requests.storage=1Gi',
  );
  expect((await claim('c', '1Mi', 'gold')).body.message).toContain('requested: gold.storageclass.storage.k8s.io/persistentvolumeclaims=1');
  expect((await claim('c', '1Gi', 'lead')).code).toBe(201);
});

test.each<[object, object, boolean]>([
  [{ scopes: ['BestEffort'] }, {}, true],
  [{ scopes: ['NotBestEffort'] }, {}, false],
  [{ scopes: ['Terminating'] }, { activeDeadlineSeconds: 5 }, true],
  [{ scopes: ['NotTerminating'] }, { activeDeadlineSeconds: 5 }, false],
  [
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['gold'] }] } },
    { priorityClassName: 'gold' },
    true,
  ],
  [{ scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'NotIn', values: ['gold'] }] } }, {}, true],
  [{ scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'Exists' }] } }, {}, false],
])('scope %j of a quota covers a pod with %j: %s', async (scope, spec, covered) => {
  const admission = await startAdmission();
  await admission.api.send('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'gold' }, value: 1 });
  await quota(admission, { pods: '0' }, {}, scope);
  const { code, body } = await admission.pod('p', { containers: [{ name: 'a', image: 'nginx' }], ...spec });
  expect([code, body.message ?? '']).toEqual(
    covered ? [403, 'pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0'] : [201, ''],
  );
});

test('a quota whose usage is not known yet refuses; one without status has no say', async () => {
  const admission = await startAdmission();
  await admission.create('resourcequotas', { metadata: { name: 'q' }, spec: { hard: { pods: '0' } } });
  expect((await admission.pod('a')).code).toBe(201);
  await admission.merge('resourcequotas', 'q', { status: { hard: { pods: '0', 'requests.cpu': '1' } } }, '/status');
  expect((await admission.pod('b', { containers: [container({ cpu: 1 }, {})] })).body.message).toBe(
    'pods "b" is forbidden: status unknown for quota: q, resources: pods,requests.cpu',
  );
});

test('of many writes at once exactly those get through that the quota has room for', async () => {
  const admission = await startAdmission();
  await quota(admission, { 'count/configmaps': '20', 'count/secrets': '1' });
  const others = Array.from({ length: 10 }, (_, index) =>
    admission.merge('resourcequotas', 'q', { metadata: { labels: { turn: String(index) } } }),
  );
  const made = await Promise.all(
    Array.from({ length: 50 }, (_, index) => admission.create('configmaps', { metadata: { name: `c${index}` } })),
  );
  await Promise.all(others);
  expect(made.filter(({ code }) => code === 201)).toHaveLength(20);
  expect(made.filter(({ code }) => code === 403)).toHaveLength(30);
  expect((await usedOf(admission))['count/configmaps']).toBe('20');
});
