import { beforeEach, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});

const maps = '/api/v1/namespaces/default/configmaps';
const applyYaml = { 'content-type': 'application/apply-patch+yaml' };
const merge = { 'content-type': 'application/merge-patch+json' };

test('a resourceVersion of a new object is minded last, and by no dry run', async () => {
  const told = async (path: string, name: string) => {
    const { code, body } = await api.send('POST', path, { metadata: { name, resourceVersion: '5' } });
    return [code, body.reason, body.message];
  };
  expect(await told(maps, 'x')).toEqual([500, undefined, 'resourceVersion should not be set on objects to be created']);
  expect((await told(maps, 'X_')).slice(0, 2)).toEqual([422, 'Invalid']);
  expect((await told(`${maps}?dryRun=All`, 'x')).slice(0, 1)).toEqual([201]);
});

test('a name that is taken is told as a generated one where there is a generateName', async () => {
  const object = { metadata: { name: 'x', generateName: 'y-' } };
  await api.send('POST', maps, object);
  const { code, body } = await api.send('POST', maps, object);
  expect([code, body.message, body.details.retryAfterSeconds]).toEqual([
    409,
    'configmaps "x" already exists, the server was not able to generate a unique name for the object',
    1,
  ]);
});

test('who may change objects but not make them makes none by PUT or by applying', async () => {
  const rule = { apiGroups: ['', 'coordination.k8s.io'], resources: ['configmaps', 'leases'], verbs: ['patch', 'update'] };
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
  await api.send('POST', `${rbac}/roles`, { metadata: { name: 'r' }, rules: [rule] });
  await api.send('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'r' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'u' }],
  });
  const peer = { component: { name: 'u', groups: ['system:authenticated'] } };
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
  const applied = await api.send('PATCH', `${maps}/x?fieldManager=m`, map, applyYaml, peer);
  const where = 'in API group "" in the namespace "default"';
  expect([applied.code, applied.body.message]).toEqual([
    403,
    `configmaps "x" is forbidden: User "u" cannot create resource "configmaps" ${where}`,
  ]);
  const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
  expect((await api.send('PUT', `${leases}/x`, { metadata: { name: 'x' }, spec: {} }, {}, peer)).code).toBe(403);
  await api.send('POST', maps, map);
  expect((await api.send('PATCH', `${maps}/x?fieldManager=m`, map, applyYaml, peer)).code).toBe(200);
});

test('the query of a deletion holds preconditions, and is not read when there is a body', async () => {
  await api.send('POST', maps, { metadata: { name: 'x' } });
  const other = await api.send('DELETE', `${maps}/x?uid=other`);
  expect([other.code, other.body.message.slice(0, 64)]).toEqual([409, 'Operation cannot be fulfilled on ConfigMap "x": the UID in the p']);
  expect((await api.send('DELETE', `${maps}/x?resourceVersion=1`)).code).toBe(409);
  const orphan = await api.send('DELETE', `${maps}/x?orphanDependents=True`);
  expect(orphan.body.metadata.finalizers).toEqual(['orphan']);
  expect((await api.send('DELETE', `${maps}/x?gracePeriodSeconds=no&uid=other`, { propagationPolicy: 'Background' })).code).toBe(200);
});

test('a grace period that is over already becomes the shortest there is', async () => {
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  const pods = '/api/v1/namespaces/default/pods';
  await api.send('POST', pods, { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } });
  await api.send('DELETE', `${pods}/p?gracePeriodSeconds=30`);
  await api.clock.advance(20_000);
  const { body } = await api.send('DELETE', `${pods}/p?gracePeriodSeconds=5`);
  expect([body.metadata.deletionTimestamp, body.metadata.deletionGracePeriodSeconds]).toEqual(['2026-01-01T00:00:20Z', 1]);
});

test('what is no patch is refused before anything else', async () => {
  await api.send('POST', maps, { metadata: { name: 'x' } });
  const { code } = await api.send('PATCH', `${maps}/x?dryRun=x`, {}, { 'content-type': 'text/plain', accept: 'text/plain' });
  expect(code).toBe(415);
});

test('objects are exported no more', async () => {
  await api.send('POST', maps, { metadata: { name: 'x' } });
  const { code, body } = await api.send('GET', `${maps}/x?export=true`);
  expect([code, body.message]).toEqual([400, 'the export parameter, deprecated since v1.14, is no longer supported']);
  expect((await api.send('GET', `${maps}/x?export=false`)).code).toBe(200);
});

const twice = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: first\n  a: last\n';
const why = 'yaml: unmarshal errors:\n  line 7: key "a" already set in map';

test('of keys that stand twice in YAML the last counts, unless reading is strict', async () => {
  const applied = await api.send('PATCH', `${maps}/x?fieldManager=m`, twice, applyYaml);
  expect([applied.code, applied.body.data, applied.headers.get('warning')]).toEqual([
    201,
    { a: 'last' },
    '299 - "line 7: key \\"a\\" already set in map"',
  ]);
  const strictly = await api.send('PATCH', `${maps}/x?fieldManager=m&fieldValidation=Strict`, twice, applyYaml);
  expect([strictly.code, strictly.body.message]).toEqual([400, `error strict decoding YAML: error converting YAML to JSON: ${why}`]);
  const yaml = { 'content-type': 'application/yaml' };
  const lax = await api.send('POST', maps, twice.replace('name: x', 'name: z'), yaml);
  expect([lax.code, lax.body.message]).toEqual([201, undefined]);
  const created = await api.send('POST', `${maps}?fieldValidation=Strict`, twice, yaml);
  const prefix = 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ';
  expect([created.code, created.body.message]).toEqual([400, prefix + why]);
});

test('what is applied and is no YAML is told of as such', async () => {
  const { code, body } = await api.send('PATCH', `${maps}/x?fieldManager=m`, '[', applyYaml);
  expect([code, body.message.slice(0, 52)]).toEqual([400, 'error decoding YAML: error converting YAML to JSON: ']);
});

test('warnings are shortened when there are many', async () => {
  const unknown = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`é${'x'.repeat(290)}${index}`, 1]));
  await api.send('POST', maps, { metadata: { name: 'x' } });
  const warnings = async (count: number) => {
    const { headers } = await api.send('PATCH', `${maps}/x`, unknown(count), merge);
    return (headers.get('warning') ?? '').split(/, (?=299)/);
  };
  const few = await warnings(2);
  expect(few.map((text) => text.length)).toEqual([319, 319]);
  const many = await warnings(40);
  expect([many.length, many[0]?.length]).toEqual([16, 266]);
});

test('when an object was made is the server’s to say, and silently so', async () => {
  const { body } = await api.send('POST', maps, { metadata: { name: 'x', creationTimestamp: '2020-01-01T00:00:00Z', uid: 'u' } });
  const { uid, creationTimestamp } = body.metadata;
  expect([uid === 'u', creationTimestamp]).toEqual([false, '2026-01-01T00:00:00Z']);
  const changed = await api.send('PATCH', `${maps}/x`, { metadata: { creationTimestamp: '2020-01-01T00:00:00Z', selfLink: '/' } }, merge);
  expect([changed.code, changed.body.metadata.creationTimestamp, changed.body.metadata.selfLink]).toEqual([
    200,
    creationTimestamp,
    undefined,
  ]);
});

test('preconditions of a namespace are told as the storage tells them', async () => {
  const { body } = await api.send('GET', '/api/v1/namespaces/default');
  const refused = await api.send('DELETE', '/api/v1/namespaces/default', { preconditions: { uid: 'x' } });
  expect([refused.code, refused.body.message]).toEqual([
    409,
    `Operation cannot be fulfilled on namespaces "default": Precondition failed: UID in precondition: x, UID in object meta: ${body.metadata.uid}`,
  ]);
});
