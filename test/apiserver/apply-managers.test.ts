import { beforeEach, expect, test } from 'vitest';
import { type Answer, type Api, type Body, startApi } from './api.ts';

const pods = '/api/v1/namespaces/default/pods';
const maps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const services = '/api/v1/namespaces/default/services';
const applyType = { 'content-type': 'application/apply-patch+yaml' };
const mergeType = { 'content-type': 'application/merge-patch+json' };

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

const apply = (path: string, manager: string, body: Body): Promise<Answer> =>
  api.send('PATCH', `${path}?fieldManager=${manager}`, body, applyType);
const merge = (path: string, manager: string, body: Body): Promise<Answer> =>
  api.send('PATCH', `${path}?fieldManager=${manager}`, body, mergeType);

const pod = (spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});
const template = { metadata: { labels: { app: 'nginx' } }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } };
const deployment = (spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', labels: { app: 'nginx' } },
  spec: { selector: { matchLabels: { app: 'nginx' } }, template, ...spec },
});
const told = ({ body }: Answer) =>
  body.metadata.managedFields.map((entry: Body) => `${entry.manager} ${entry.operation} ${entry.subresource ?? ''}`.trim());

// Behaviours of upstream's `test/integration/apiserver/apply`.

test('a manager applies labels through the object and through its status, each by itself, until the subresource is dropped', async () => {
  await apply(`${pods}/p`, 'first', pod());
  // The name may be left to the path.
  const labels = (value: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { labels: value } });
  expect((await apply(`${pods}/p`, 'labels', labels({ a: 'one' }))).code).toBe(200);
  const both = await apply(`${pods}/p/status`, 'labels', labels({ b: 'two' }));
  expect(both.body.metadata.labels).toEqual({ a: 'one', b: 'two' });
  expect(told(both)).toEqual(['first Apply', 'labels Apply', 'labels Apply status']);
  const managedFields = both.body.metadata.managedFields.map(({ subresource: _, ...entry }: Body) => entry);
  const put = await api.send('PUT', `${pods}/p`, { ...both.body, metadata: { ...both.body.metadata, managedFields } });
  expect(told(put)).toEqual(['first Apply', 'labels Apply']);
  expect(put.body.metadata.managedFields[1].fieldsV1).toEqual({ 'f:metadata': { 'f:labels': { 'f:b': {} } } });
});

test('a manager updates the object and its status, each by itself, until the subresource is dropped', async () => {
  await apply(`${pods}/p`, 'first', pod());
  await merge(`${pods}/p`, 'manager', { metadata: { labels: { a: 'two' } } });
  const both = await merge(`${pods}/p/status`, 'manager', { status: { phase: 'Running' } });
  expect(told(both)).toEqual(['first Apply', 'manager Update', 'manager Update status']);
  const managedFields = both.body.metadata.managedFields.map(({ subresource: _, ...entry }: Body) => entry);
  const put = await api.send('PUT', `${pods}/p`, { ...both.body, metadata: { ...both.body.metadata, managedFields } });
  expect(told(put)).toEqual(['first Apply', 'manager Update']);
  expect(put.body.metadata.managedFields[1].fieldsV1).toEqual({ 'f:status': { 'f:phase': {} } });
});

test('a manager that scales owns the number of replicas through the scale', async () => {
  await apply(`${deployments}/d`, 'manager', deployment({ replicas: 3 }));
  await merge(`${deployments}/d/scale`, 'manager', { spec: { replicas: 32 } });
  const scaled = await api.send('GET', `${deployments}/d`);
  expect(told(scaled)).toEqual(['manager Apply', 'manager Update scale']);
  expect(scaled.body.metadata.managedFields[1].fieldsV1).toEqual({ 'f:spec': { 'f:replicas': {} } });
});

test('managed fields that come through a subresource are left aside', async () => {
  const { body } = await apply(`${pods}/p`, 'first', pod());
  const managedFields = [
    { manager: 'testing', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:nodeName': {} } } },
  ];
  const status = { conditions: [{ type: 'MyStatus', status: 'True' }] };
  const changed = await merge(`${pods}/p/status`, 'teller', { metadata: { managedFields }, status });
  expect(told(changed)).toEqual(['first Apply', 'teller Update status']);
  expect(changed.body.metadata.managedFields[0]).toEqual(body.metadata.managedFields[0]);
});

test('an object of another version, or one that cannot be there by its UID, is not applied', async () => {
  await apply(`${deployments}/d`, 'm', deployment());
  const other = await apply(`${deployments}/d`, 'm', { ...deployment(), apiVersion: 'extensions/v1beta' });
  expect([other.code, other.body.message]).toEqual([400, 'invalid object type: extensions/v1beta, Kind=Deployment']);
  const uid = { ...pod(), metadata: { name: 'p', uid: '88e00824-7f0e-11e8-94a1-c8d3ffb15800' } };
  expect(await apply(`${pods}/p`, 'm', uid)).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
  expect((await api.send('GET', `${pods}/p`)).code).toBe(404);
});

test('an empty struct that marks a choice is something else than none, an empty map is nothing', async () => {
  const volumes = (emptyDir: object) => pod({ volumes: [{ name: 'v', ...emptyDir }] });
  const marked = await apply(`${pods}/p`, 'm', volumes({ emptyDir: {} }));
  await api.clock.advance(1000);
  const unmarked = await apply(`${pods}/p`, 'm', volumes({}));
  expect(unmarked.body.metadata.resourceVersion).not.toBe(marked.body.metadata.resourceVersion);
  const empty = deployment({ template: { ...template, metadata: { annotations: {}, labels: template.metadata.labels } } });
  const first = await apply(`${deployments}/d`, 'm', empty);
  await api.clock.advance(1000);
  const second = await apply(`${deployments}/d`, 'm', empty);
  expect([second.code, second.body.metadata]).toEqual([200, first.body.metadata]);
});

test('managed fields that make no sense do not keep an object from being written', async () => {
  const managedFields = [
    { manager: 'm', operation: 'Apply', apiVersion: 'v1', time: '2019-07-08T09:31:18Z', fieldsType: '', fieldsV1: {} },
  ];
  const map = (more: object = {}) => ({ metadata: { name: 'c', labels: { a: 'b' }, ...more }, data: { k: 'v' } });
  expect((await api.send('POST', maps, map({ managedFields }))).code).toBe(201);
  expect((await api.send('PUT', `${maps}/c`, map({ managedFields, labels: { a: 'c' } }))).code).toBe(200);
  expect((await merge(`${maps}/c`, 'm', { metadata: { managedFields, labels: { a: 'd' } } })).code).toBe(200);
});

test.each<[string, Record<string, string>, unknown]>([
  ['PATCH', mergeType, { metadata: { managedFields: [{}] } }],
  ['PATCH', { 'content-type': 'application/strategic-merge-patch+json' }, { metadata: { managedFields: [{}] } }],
  ['PATCH', { 'content-type': 'application/json-patch+json' }, [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }]],
  ['PUT', {}, { metadata: { name: 'c', managedFields: [{}] }, data: { k: 'v' } }],
  ['PUT', {}, { metadata: { name: 'c', managedFields: [] }, data: { k: 'v' } }],
])('%s %j clears the managed fields', async (method, headers, body) => {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', labels: { a: 'b' } }, data: { k: 'v' } };
  expect((await apply(`${maps}/c`, 'm', map)).body.metadata.managedFields).toHaveLength(1);
  const cleared = await api.send(method, `${maps}/c`, body, headers);
  expect([cleared.code, cleared.body.metadata.managedFields]).toEqual([200, undefined]);
});

test('updaters beyond ten are put together', async () => {
  await apply(`${maps}/c`, 'm', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { k: 'v' } });
  let last: Answer | undefined;
  for (let updater = 0; updater < 20; updater += 1) {
    await api.clock.advance(1000);
    last = await merge(`${maps}/c`, `updater-${updater}`, { metadata: { labels: { [`l${updater}`]: 'x' } } });
  }
  const managers = last?.body.metadata.managedFields.map(({ manager }: Body) => manager);
  expect([managers.length, managers.includes('ancient-changes'), managers.includes('updater-19')]).toEqual([11, true, true]);
});

test('who may not create may not apply what is not there', async () => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const panda = { 'content-type': 'application/apply-patch+yaml', 'impersonate-user': 'panda' };
  const attempt = () => api.send('PATCH', `${pods}/p?fieldManager=m`, pod(), panda);
  const refused = (verb: string) => ({
    code: 403,
    body: {
      reason: 'Forbidden',
      message: `pods "p" is forbidden: User "panda" cannot ${verb} resource "pods" in API group "" in the namespace "default"`,
      details: { name: 'p', kind: 'pods' },
    },
  });
  for (const verb of ['patch', 'create']) {
    expect(await attempt()).toMatchObject(refused(verb));
    const name = `can-${verb}`;
    await api.send('POST', `${rbac}/clusterroles`, {
      metadata: { name },
      rules: [{ verbs: [verb], apiGroups: [''], resources: ['pods'] }],
    });
    await api.send('POST', `${rbac}/namespaces/default/rolebindings`, {
      metadata: { name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'panda' }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    });
  }
  expect((await attempt()).code).toBe(201);
});

test('a configuration is told by the namespace that it names, and not by that of the path', async () => {
  const wrong = (metadata: object) => apply(`${maps}/c`, 'm', { apiVersion: 'v1', kind: 'ConfigMap', metadata, foo: 1 });
  const why = (about: string) => `failed to create typed patch object (${about}; /v1, Kind=ConfigMap): .foo: field not declared in schema`;
  expect((await wrong({ name: 'c' })).body.message).toBe(why('/c'));
  expect((await wrong({ name: 'c', namespace: 'default' })).body.message).toBe(why('default/c'));
});

test('a container without a name is found by its empty name and refused by validation', async () => {
  const { code, body } = await apply(`${pods}/p`, 'm', pod({ containers: [{ image: 'i' }] }));
  expect([code, body.message]).toEqual([422, 'Pod "p" is invalid: spec.containers[0].name: Required value']);
});

test('who writes a status owns the times that its conditions do not have, which Go writes as null', async () => {
  await api.send('POST', `${services}?fieldManager=m`, { metadata: { name: 's' }, spec: { ports: [{ port: 1 }] } });
  const { body } = await merge(`${services}/s/status`, 'm', { status: { conditions: [{ type: 'A', status: 'True' }] } });
  expect(body.status.conditions).toEqual([{ type: 'A', status: 'True', lastTransitionTime: null, reason: '', message: '' }]);
  const { 'f:conditions': owned } = body.metadata.managedFields[1].fieldsV1['f:status'];
  const all = { 'f:lastTransitionTime': {}, 'f:message': {}, 'f:reason': {}, 'f:status': {}, 'f:type': {} };
  expect(owned).toEqual({ '.': {}, 'k:{"type":"A"}': { '.': {}, ...all } });
});

test('a StatefulSet says how many of its Pods may be missing only if it was said to it, as the feature is off', async () => {
  const spec = { serviceName: 's', selector: { matchLabels: { app: 'nginx' } }, template };
  const { body } = await api.send('POST', '/apis/apps/v1/namespaces/default/statefulsets', { metadata: { name: 's' }, spec });
  expect(body.spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
  const owned = body.metadata.managedFields[0].fieldsV1['f:spec']['f:updateStrategy'];
  expect(owned).toEqual({ 'f:rollingUpdate': { '.': {}, 'f:partition': {} }, 'f:type': {} });
});
