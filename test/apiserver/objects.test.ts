import { beforeEach, describe, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';

const collection = '/api/v1/namespaces/default/configmaps';
const map = (name: string, extra: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...extra }, data: { k: 'v' } });

let api: Api;
beforeEach(async () => {
  api = await startApi();
});

describe('create', () => {
  test.each<[string, number, string]>([
    ['null', 422, 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required'],
    [
      '{"apiVersion":1}',
      400,
      'the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: json: cannot unmarshal number into Go struct field .apiVersion of type string ({"apiVersion":1})',
    ],
    [
      '{"kind":{}}',
      400,
      'the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: json: cannot unmarshal object into Go struct field .kind of type string ({"kind":{}})',
    ],
  ])('%s is told what kind it is', async (body, code, message) => {
    const api = await startApi();
    expect((await api.send('POST', '/api/v1/namespaces/default/configmaps', body)).body).toMatchObject({ code, message });
  });

  test('has nobody own what a client cannot say', async () => {
    const gone = { deletionTimestamp: '2000-01-01T00:00:00Z', deletionGracePeriodSeconds: 5 };
    const { body } = await api.send('POST', collection, map('a', gone));
    expect(body.metadata.managedFields[0].fieldsV1).toEqual({ 'f:data': { '.': {}, 'f:k': {} } });
  });

  test('sets what the server owns and answers with the stored object', async () => {
    const { code, body } = await api.send('POST', collection, map('a', { uid: 'mine', creationTimestamp: '2000-01-01T00:00:00Z' }));
    expect(code).toBe(201);
    expect(body).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        name: 'a',
        namespace: 'default',
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        creationTimestamp: '2026-01-01T00:00:00Z',
        resourceVersion: String(api.store.revision),
        managedFields: [
          {
            manager: 'unknown',
            operation: 'Update',
            apiVersion: 'v1',
            time: '2026-01-01T00:00:00Z',
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:data': { '.': {}, 'f:k': {} } },
          },
        ],
      },
      data: { k: 'v' },
    });
    expect((await api.send('GET', `${collection}/a`)).body).toEqual(body);
  });

  test('a taken name, a missing name, another namespace, a missing namespace, a resourceVersion', async () => {
    await api.send('POST', collection, map('a'));
    expect((await api.send('POST', collection, map('a'))).body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
      details: { name: 'a', kind: 'configmaps' },
    });
    expect((await api.send('POST', collection, { kind: 'ConfigMap' })).body).toMatchObject({
      code: 422,
      message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    });
    expect((await api.send('POST', collection, map('b', { namespace: 'other' }))).body).toMatchObject({
      code: 400,
      message: 'the namespace of the provided object does not match the namespace sent on the request',
    });
    expect((await api.send('POST', '/api/v1/namespaces/nope/configmaps', map('b'))).body).toMatchObject({
      code: 404,
      message: 'namespaces "nope" not found',
    });
    expect((await api.send('POST', collection, map('b', { resourceVersion: '1' }))).body).toMatchObject({
      code: 500,
      message: 'resourceVersion should not be set on objects to be created',
    });
  });

  test('generateName makes names that differ', async () => {
    const names = await Promise.all(
      [1, 2, 3].map(async () => (await api.send('POST', collection, { metadata: { generateName: 'x-' } })).body.metadata.name),
    );
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^x-[a-z0-9]{5}$/);
  });

  test('a dry run shows the outcome and leaves nothing', async () => {
    const before = api.store.revision;
    const { code, body } = await api.send('POST', `${collection}?dryRun=All`, map('a'));
    expect(code).toBe(201);
    expect(body.metadata.uid).toBeDefined();
    expect(api.store.revision).toBe(before);
    expect((await api.send('GET', `${collection}/a`)).code).toBe(404);
  });

  test('unknown and duplicate fields: warned of, refused, or passed over', async () => {
    const text = '{"metadata":{"name":"a"},"data":{},"data":{"k":"v"},"foo":1}';
    const warned = await api.send('POST', collection, text);
    expect(warned.code).toBe(201);
    expect(warned.headers.get('warning')).toBe('299 - "duplicate field \\"data\\"", 299 - "unknown field \\"foo\\""');
    const strict = await api.send('POST', `${collection}?fieldValidation=Strict`, text);
    expect(strict.body).toMatchObject({
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data", unknown field "foo"',
    });
    expect((await api.send('POST', `${collection}?fieldValidation=Ignore`, text.replace('"a"', '"b"'))).headers.get('warning')).toBeNull();
  });

  test('bodies that are no object of the kind', async () => {
    const message = async (body: string) => (await api.send('POST', collection, body)).body.message;
    expect(await message('')).toBe(
      "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    );
    expect(await message('{"a":')).toContain('unexpected end of JSON input ({"a":)');
    expect(await message('{a}')).toContain("invalid character 'a' looking for beginning of object key string");
    expect(await message('{"kind":"Secret","apiVersion":"v1"}')).toBe(
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    );
    expect(await message('{"metadata":{"name":"a"},"data":{"k":1}}')).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    );
    expect((await api.send('POST', collection, 'x', { 'content-type': 'text/plain' })).code).toBe(415);
    expect((await api.send('POST', collection, `"${'x'.repeat(3 * 1024 * 1024)}"`)).body).toMatchObject({
      code: 413,
      message: 'Request entity too large: limit is 3145728',
    });
  });
});

test.each([
  ['/apis/apps/v1/namespaces/default/deployments', 'extensions/v1beta1', 'Deployment', 'apps/v1'],
  ['/apis/batch/v1/namespaces/default/cronjobs', 'batch/v1beta1', 'CronJob', 'batch/v1'],
  ['/apis/resource.k8s.io/v1/namespaces/default/resourceclaims', 'resource.k8s.io/v1beta1', 'ResourceClaim', 'resource.k8s.io/v1'],
  ['/apis/events.k8s.io/v1/namespaces/default/events', 'v1', 'Event', 'events.k8s.io/v1'],
  ['/api/v1/namespaces/default/events', 'events.k8s.io/v1', 'Event', 'v1'],
])('to %s nothing of %s can be sent, though it is known what it is', async (path, apiVersion, kind, expected) => {
  const { code, body } = await api.send('POST', path, { apiVersion, kind, metadata: { name: 'a' } });
  expect([code, body.message]).toEqual([
    400,
    `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
  ]);
});

test.each([
  ['apps/v1beta1', 'DaemonSet', 'no kind "DaemonSet" is registered for version "apps/v1beta1"'],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'no kind "HorizontalPodAutoscaler" is registered for version "autoscaling/v2beta2"'],
  ['extensions/v1beta1', 'Ingress', 'converting (v1beta1.Ingress) to (apps.DaemonSet): unknown conversion'],
  ['apps/v1beta2', 'DaemonSetList', 'converting (v1beta2.DaemonSetList) to (apps.DaemonSet): unknown conversion'],
])('%s %s is no daemon set', async (apiVersion, kind, why) => {
  const { body } = await api.send('POST', '/apis/apps/v1/namespaces/default/daemonsets', { apiVersion, kind, metadata: { name: 'a' } });
  expect(body.message).toContain(`${kind} in version "${apiVersion.split('/')[1]}" cannot be handled as a DaemonSet: ${why}`);
});

describe('update', () => {
  test('is guarded by the resourceVersion, and writing the same writes nothing', async () => {
    const { body: created } = await api.send('POST', collection, map('a'));
    const changed = await api.send('PUT', `${collection}/a`, { ...created, data: { k: 'w' } });
    expect(changed.code).toBe(200);
    expect(Number(changed.body.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
    expect((await api.send('PUT', `${collection}/a`, created)).body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'a', kind: 'configmaps' },
    });
    const before = api.store.revision;
    const { data, metadata, ...rest } = changed.body;
    expect((await api.send('PUT', `${collection}/a`, { data, ...rest, metadata })).body).toEqual(changed.body);
    expect(api.store.revision).toBe(before);
  });

  test('spec and status are written apart, and only the spec raises the generation', async () => {
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
    const spec = { replicas: 1, selector: { matchLabels: { app: 'a' } }, template };
    const { body: made } = await api.send('POST', deployments, { metadata: { name: 'd' }, spec, status: { replicas: 5 } });
    expect(made.status.replicas).toBeUndefined();
    expect(made.metadata.generation).toBe(1);
    const byStatus = await api.send('PUT', `${deployments}/d/status`, {
      ...made,
      spec: { ...made.spec, replicas: 9 },
      status: { replicas: 1 },
    });
    expect(byStatus.body).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 1 } });
    const bySpec = await api.send(
      'PATCH',
      `${deployments}/d`,
      { spec: { replicas: 3 }, status: { replicas: 8 } },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(bySpec.body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 3 }, status: { replicas: 1 } });
  });

  test('names that do not agree, objects that do not exist', async () => {
    await api.send('POST', collection, map('a'));
    expect((await api.send('PUT', `${collection}/a`, map('b'))).body.message).toBe(
      'the name of the object (b) does not match the name on the URL (a)',
    );
    expect((await api.send('PUT', `${collection}/b`, map('b'))).body.message).toBe('configmaps "b" not found');
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
    expect((await api.send('PUT', `${leases}/l`, { metadata: { name: 'l' }, spec: {} })).code).toBe(201);
  });
});

describe('patch', () => {
  const headers = (type: string) => ({ 'content-type': `application/${type}+json` });

  test('three kinds of patches', async () => {
    await api.send('POST', collection, map('a'));
    const json = await api.send('PATCH', `${collection}/a`, [{ op: 'add', path: '/data/x', value: 'y' }], headers('json-patch'));
    expect(json.body.data).toEqual({ k: 'v', x: 'y' });
    const merge = await api.send('PATCH', `${collection}/a`, { data: { k: null } }, headers('merge-patch'));
    expect(merge.body.data).toEqual({ x: 'y' });
    const strategic = await api.send('PATCH', `${collection}/a`, { metadata: { labels: { l: 'm' } } }, headers('strategic-merge-patch'));
    expect(strategic.body).toMatchObject({ metadata: { labels: { l: 'm' } }, data: { x: 'y' } });
    expect((await api.send('PATCH', `${collection}/a`, {}, { 'content-type': 'application/json' })).code).toBe(415);
  });

  test('patches at once all take effect', async () => {
    await api.send('POST', collection, map('a'));
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const answers = await Promise.all(
      keys.map((key) => api.send('PATCH', `${collection}/a`, { data: { [key]: '1' } }, headers('merge-patch'))),
    );
    expect(answers.map(({ code }) => code)).toEqual(keys.map(() => 200));
    expect(Object.keys((await api.send('GET', `${collection}/a`)).body.data).sort()).toEqual(['k', ...keys].sort());
  });
});

describe('server-side apply', () => {
  const apply = (manager: string, body: object, query = '') =>
    api.send(
      'PATCH',
      `${collection}/a?fieldManager=${manager}${query}`,
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, ...body }),
      {
        'content-type': 'application/apply-patch+yaml',
      },
    );

  test('makes the object, keeps owners apart, and takes over by force', async () => {
    expect((await apply('one', { data: { a: '1', b: '1' } })).code).toBe(201);
    const before = api.store.revision;
    expect((await apply('one', { data: { a: '1', b: '1' } })).code).toBe(200);
    expect(api.store.revision).toBe(before);
    const conflict = await apply('two', { data: { a: '2' } });
    expect(conflict.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }] },
    });
    expect((await apply('two', { data: { a: '2' } }, '&force=true')).body.data).toEqual({ a: '2', b: '1' });
    expect((await apply('one', { data: {} })).body.data).toEqual({ a: '2' });
    expect((await apply('', { data: {} })).body.message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  });
});

test('what is odd about a workload is said when its specification is written, not when its status is', async () => {
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  const template = {
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'c', image: 'i' }], terminationGracePeriodSeconds: -1 },
  };
  const spec = { selector: { matchLabels: { a: 'b' } }, template };
  const made = await api.send('POST', deployments, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec });
  const warning =
    '299 - "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"';
  expect([made.code, made.headers.get('warning')]).toEqual([201, warning]);
  const object = { ...made.body, metadata: { name: 'a' } } as { spec: object };
  expect((await api.send('PUT', `${deployments}/a`, object)).headers.get('warning')).toBe(null);
  expect((await api.send('PUT', `${deployments}/a/status`, { ...object, status: { replicas: 1 } })).headers.get('warning')).toBe(null);
  expect((await api.send('PUT', `${deployments}/a`, { ...object, spec: { ...object.spec, replicas: 2 } })).headers.get('warning')).toBe(
    warning,
  );
});

test('zeros that an earlier version of ours has stored are no change', async () => {
  const pods = '/api/v1/namespaces/default/pods';
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await api.send('POST', pods, {
    metadata: { name: 'p' },
    spec: { hostNetwork: true, containers: [{ name: 'c', image: 'i', stdin: true }] },
  });
  const key = '/registry/pods/default/p';
  const older = new TextDecoder().decode(api.store.get(key)?.value).replaceAll(':true', ':false');
  expect(older).toMatch(/"hostNetwork":false.*"stdin":false|"stdin":false.*"hostNetwork":false/);
  await api.store.commit([{ key, value: new TextEncoder().encode(older) }]);
  const patch = (body: object) => api.send('PATCH', `${pods}/p`, body, { 'content-type': 'application/merge-patch+json' });
  expect((await patch({ spec: { hostNetwork: true } })).code).toBe(422);
  const { code, body } = await patch({ metadata: { labels: { a: 'b' } } });
  expect([code, body.metadata.labels, body.spec.hostNetwork]).toEqual([200, { a: 'b' }, undefined]);
});
