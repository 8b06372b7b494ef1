import { beforeEach, expect, test } from 'vitest';
import { type Api, type Body, startApi } from './api.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

const merge = { 'content-type': 'application/merge-patch+json' };
const pod = (extra: object = {}) => ({ metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'nginx' }], ...extra } });

test('answers with a Status that names the object, and 404 the second time', async () => {
  const { body } = await api.send('POST', maps, { metadata: { name: 'a' } });
  expect((await api.send('DELETE', `${maps}/a`)).body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: 'a', kind: 'configmaps', uid: body.metadata.uid },
  });
  expect((await api.send('DELETE', `${maps}/a`)).body).toMatchObject({ code: 404, message: 'configmaps "a" not found' });
});

test('a service that is gone is told as it was, at the revision of its end', async () => {
  const services = '/api/v1/namespaces/default/services';
  const { body } = await api.send('POST', services, { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
  const { code, body: gone } = await api.send('DELETE', `${services}/s`);
  expect(code).toBe(200);
  expect(gone).toEqual({ ...body, metadata: { ...body.metadata, resourceVersion: gone.metadata.resourceVersion } });
  expect(Number(gone.metadata.resourceVersion)).toBeGreaterThan(Number(body.metadata.resourceVersion));
  expect((await api.send('GET', `${services}/s`)).code).toBe(404);
});

test('preconditions hold, dry runs change nothing', async () => {
  const { body } = await api.send('POST', maps, { metadata: { name: 'a' } });
  expect((await api.send('DELETE', `${maps}/a`, { preconditions: { uid: 'x' } })).body.message).toBe(
    `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (x) does not match the UID in record (${body.metadata.uid}). The object might have been deleted and then recreated`,
  );
  expect((await api.send('DELETE', `${maps}/a?dryRun=All`)).code).toBe(200);
  expect((await api.send('GET', `${maps}/a`)).code).toBe(200);
});

test('finalizers keep the object until the last is gone', async () => {
  await api.send('POST', maps, { metadata: { name: 'a', finalizers: ['example.com/f'] } });
  const { body } = await api.send('DELETE', `${maps}/a`);
  expect(body.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 });
  const watch = await api.watch(`${maps}?watch=1&resourceVersion=${body.metadata.resourceVersion}`);
  expect((await api.send('PATCH', `${maps}/a`, { metadata: { finalizers: null } }, merge)).code).toBe(200);
  expect((await watch.next(1)).map(({ type }) => type)).toEqual(['DELETED']);
  expect((await api.send('GET', `${maps}/a`)).code).toBe(404);
});

test('foreground and orphan leave their finalizers for the garbage collector', async () => {
  for (const [policy, finalizer] of [
    ['Foreground', 'foregroundDeletion'],
    ['Orphan', 'orphan'],
  ]) {
    await api.send('POST', maps, { metadata: { name: 'a' } });
    const { body } = await api.send('DELETE', `${maps}/a`, { propagationPolicy: policy });
    expect(body.metadata.finalizers).toEqual([finalizer]);
    await api.send('PATCH', `${maps}/a`, { metadata: { finalizers: null } }, merge);
  }
});

test('a running pod gets its grace, which can only become shorter', async () => {
  await api.send('POST', pods, pod());
  await api.send('POST', `${pods}/p/binding`, { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } });
  const first = await api.send('DELETE', `${pods}/p`);
  expect(first.body.metadata).toMatchObject({
    deletionTimestamp: '2026-01-01T00:00:30Z',
    deletionGracePeriodSeconds: 30,
    generation: 2,
  });
  const longer = await api.send('DELETE', `${pods}/p?gracePeriodSeconds=60`);
  expect(longer.body.metadata.deletionGracePeriodSeconds).toBe(30);
  const shorter = await api.send('DELETE', `${pods}/p?gracePeriodSeconds=5`);
  expect(shorter.body.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:05Z', deletionGracePeriodSeconds: 5 });
  expect((await api.send('DELETE', `${pods}/p?gracePeriodSeconds=0`)).code).toBe(200);
  expect((await api.send('GET', `${pods}/p`)).code).toBe(404);
});

test('a pod without a node goes at once', async () => {
  await api.send('POST', pods, pod());
  expect((await api.send('DELETE', `${pods}/p`)).body.kind).toBe('Pod');
  expect((await api.send('GET', `${pods}/p`)).code).toBe(404);
});

test('a namespace terminates, takes nothing new, and goes when it is finalized', async () => {
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'x' } });
  const { body } = await api.send('DELETE', '/api/v1/namespaces/x');
  expect(body).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Terminating' } });
  expect((await api.send('POST', '/api/v1/namespaces/x/configmaps', { metadata: { name: 'a' } })).body).toMatchObject({
    code: 403,
    reason: 'Forbidden',
    message: 'configmaps "a" is forbidden: unable to create new content in namespace x because it is being terminated',
    details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
  });
  expect((await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'x' } })).body.message).toBe(
    'object is being deleted: namespaces "x" already exists',
  );
  await api.send('PUT', '/api/v1/namespaces/x/finalize', { ...body, spec: { finalizers: [] } });
  expect((await api.send('GET', '/api/v1/namespaces/x')).code).toBe(404);
  expect((await api.send('DELETE', '/api/v1/namespaces/default')).body.message).toBe(
    'namespaces "default" is forbidden: this namespace may not be deleted',
  );
});

test('a collection goes by selector', async () => {
  for (const [name, label] of [
    ['a', 'x'],
    ['b', 'y'],
    ['c', 'x'],
  ]) {
    await api.send('POST', maps, { metadata: { name, labels: { l: label } } });
  }
  const { body } = await api.send('DELETE', `${maps}?labelSelector=l%3Dx`);
  expect(body.items).toHaveLength(2);
  expect((await api.send('GET', maps)).body.items).toMatchObject([{ metadata: { name: 'b' } }]);
});

test('a priority class of the system stays', async () => {
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
  await api.send('POST', classes, { metadata: { name: 'system-node-critical' }, value: 2_000_001_000 });
  await api.send('POST', classes, { metadata: { name: 'mine' }, value: 1 });
  expect((await api.send('DELETE', `${classes}/system-node-critical`)).body).toMatchObject({
    code: 403,
    message: 'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
  });
  expect((await api.send('GET', `${classes}/system-node-critical`)).code).toBe(200);
  expect((await api.send('DELETE', `${classes}/mine`)).code).toBe(200);
});

test('what was deleted of a collection is told in the form that the client accepts', async () => {
  await api.send('POST', maps, { metadata: { name: 'a' } });
  const accept = (as: string) => ({ accept: `application/json;as=${as};v=v1;g=meta.k8s.io` });
  const list = await api.send('DELETE', `${maps}?dryRun=All`, undefined, accept('PartialObjectMetadataList'));
  expect([list.body.kind, list.body.items.map(({ metadata }: Body) => metadata.name)]).toEqual(['PartialObjectMetadataList', ['a']]);
  const table = await api.send('DELETE', maps, undefined, accept('Table'));
  expect([table.body.kind, table.body.rows[0].cells.slice(0, 2)]).toEqual(['Table', ['a', 0]]);
});

test.each<[string, object, string[] | undefined]>([
  ['nothing', {}, ['example.com/mine']],
  ['no orphans', { orphanDependents: false }, ['example.com/mine', 'foregroundDeletion']],
  ['orphans', { orphanDependents: true }, ['example.com/mine', 'orphan']],
  ['the foreground', { propagationPolicy: 'Foreground' }, ['example.com/mine', 'foregroundDeletion']],
  ['the background', { propagationPolicy: 'Background' }, ['example.com/mine']],
])('a namespace whose deletion asks for %s is held by what the request says, and by no later one', async (_, options, finalizers) => {
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'x', finalizers: ['example.com/mine'] } });
  const { body } = await api.send('DELETE', '/api/v1/namespaces/x', { apiVersion: 'v1', kind: 'DeleteOptions', ...options });
  expect(body.metadata.finalizers).toEqual(finalizers);
  expect(body.metadata).not.toHaveProperty('deletionGracePeriodSeconds');
  const again = await api.send('DELETE', '/api/v1/namespaces/x?propagationPolicy=Orphan');
  expect(again.body).toEqual(body);
});

test('a namespace without finalizers goes with its second deletion', async () => {
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'x' } });
  await api.send('PUT', '/api/v1/namespaces/x/finalize', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' }, spec: {} });
  expect((await api.send('DELETE', '/api/v1/namespaces/x')).body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
  expect((await api.send('DELETE', '/api/v1/namespaces/x')).body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
  expect((await api.send('GET', '/api/v1/namespaces/x')).code).toBe(404);
});

test('a job leaves its pods behind unless it is asked not to', async () => {
  const jobs = '/apis/batch/v1/namespaces/default/jobs';
  const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } };
  for (const name of ['a', 'b']) await api.send('POST', jobs, { metadata: { name }, spec });
  expect((await api.send('DELETE', `${jobs}/a`)).body.metadata.finalizers).toEqual(['orphan']);
  expect((await api.send('DELETE', `${jobs}/b?propagationPolicy=Background`)).body.status).toBe('Success');
});

test.each([
  ['{', "couldn't get version/kind; json parse error: unexpected end of JSON input"],
  ['{"kind":1}', "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string"],
  ['{"gracePeriodSeconds":"x"}', 'json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64'],
  ['{"kind":"Pod"}', unregistered('Pod', 'meta.k8s.io/v1')],
  ['{"kind":"ListOptions","apiVersion":"v1"}', unregistered('ListOptions', 'v1')],
])('options that cannot be read are told without the words of an object: %s', async (options, message) => {
  expect((await api.send('DELETE', `${maps}/a`, options)).body).toMatchObject({ code: 400, message });
});

function unregistered(kind: string, version: string): string {
  const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27';
  return `no kind "${kind}" is registered for version "${version}" in scheme "${scheme}"`;
}

test('options may be of the version of any group', async () => {
  await api.send('POST', maps, { metadata: { name: 'a' } });
  expect((await api.send('DELETE', `${maps}/a`, { kind: 'DeleteOptions', apiVersion: 'foo/v1' })).code).toBe(200);
});

test('a collection is deleted in order: the first object is the first that may not be', async () => {
  for (const name of ['a', 'b', 'c']) await api.send('POST', maps, { metadata: { name } });
  const { body } = await api.send('DELETE', maps, { preconditions: { uid: 'x' } });
  expect(body).toMatchObject({ code: 409, details: { name: 'a' } });
});

test('a namespace without finalizers of its own has no list of them', async () => {
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'n' } });
  const { body } = await api.send('PUT', '/api/v1/namespaces/n/finalize', { metadata: { name: 'n' }, spec: { finalizers: [] } });
  expect(body.spec).toEqual({});
});
