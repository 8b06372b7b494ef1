import { beforeEach, expect, test } from 'vitest';
import { type Api, type Body, startApi } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
const attachments = '/apis/storage.k8s.io/v1/volumeattachments';
const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
const drivers = '/apis/storage.k8s.io/v1/csidrivers';

test('a slice of endpoints has a new generation when its labels change, but not when nothing does', async () => {
  const slice = (more: object, labels: object = {}): object => ({ metadata: { name: 's', labels }, addressType: 'IPv4', ...more });
  const made = await api.send('POST', slices, slice({ endpoints: [{ addresses: ['10.0.0.1'] }], ports: [] }));
  const same = await api.send('PUT', `${slices}/s`, made.body);
  expect(same.body.metadata).toMatchObject({ generation: 1, resourceVersion: made.body.metadata.resourceVersion });
  const { body } = await api.send('PUT', `${slices}/s`, slice({ endpoints: [{ addresses: ['10.0.0.1'] }] }, { a: 'b' }));
  expect(body.metadata.generation).toBe(2);
  const both = await api.send('PUT', `${slices}/s`, slice({ endpoints: [] }, { a: 'c' }));
  expect(both.body.metadata.generation).toBe(3);
});

test('a slice of endpoints does not keep the topology of older versions', async () => {
  const endpoint = { addresses: ['10.0.0.1'], conditions: {}, deprecatedTopology: { a: 'b' } };
  const slice = { metadata: { name: 's' }, addressType: 'IPv4', endpoints: [endpoint], ports: null };
  const kept = [{ addresses: ['10.0.0.1'], conditions: {} }];
  expect((await api.send('POST', slices, slice)).body.endpoints).toEqual(kept);
  expect((await api.send('PUT', `${slices}/s`, slice)).body.endpoints).toEqual(kept);
});

test('a write of the status of a VolumeAttachment leaves its metadata', async () => {
  const spec = { attacher: 'a', nodeName: 'n', source: { persistentVolumeName: 'v' } };
  const { body } = await api.send('POST', attachments, { metadata: { name: 'a', labels: { a: 'b' } }, spec });
  const changed = { ...body, metadata: { ...body.metadata, labels: { a: 'c' }, finalizers: ['a.b/c'] }, status: { attached: true } };
  const after = (await api.send('PUT', `${attachments}/a/status`, changed)).body;
  expect(after).toMatchObject({ metadata: { labels: { a: 'b' } }, status: { attached: true } });
  expect(after.metadata.finalizers).toBeUndefined();
});

test('a PriorityClass stays at its first generation, and a CSIDriver has one once it changes', async () => {
  const priority = (description: string): object => ({ metadata: { name: 'p' }, value: 1, description });
  expect((await api.send('POST', classes, priority('a'))).body.metadata.generation).toBe(1);
  const { body } = await api.send('PUT', `${classes}/p`, { ...priority('b'), globalDefault: true });
  expect(body).toMatchObject({ metadata: { generation: 1 }, globalDefault: true });
  const made = (await api.send('POST', drivers, { metadata: { name: 'd' }, spec: {} })).body;
  expect(made.metadata.generation).toBeUndefined();
  const changed = (await api.send('PUT', `${drivers}/d`, { ...made, spec: { ...made.spec, requiresRepublish: true } })).body;
  expect(changed.metadata.generation).toBe(1);
});

const claims = '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims';

test('an empty struct that may not be changed may be left out', async () => {
  const claim = { metadata: { name: 'c' }, spec: {} };
  expect((await api.send('POST', claims, claim)).body.spec).toEqual({ devices: { requests: null } });
  expect(await api.send('PUT', `${claims}/c`, claim)).toMatchObject({ code: 200 });
  const allocate = (type: string, body: unknown) => api.send('PATCH', `${claims}/c/status`, body, { 'content-type': type });
  const allocated = { code: 200, body: { status: { allocation: { devices: {} } } } };
  expect(await allocate('application/merge-patch+json', { status: { allocation: {} } })).toMatchObject(allocated);
  const again = [{ op: 'add', path: '/status/allocation', value: {} }];
  expect(await allocate('application/json-patch+json', again)).toMatchObject(allocated);
  const results = [{ request: 'r', driver: 'd', pool: 'p', device: 'x' }];
  const other = await allocate('application/merge-patch+json', { status: { allocation: { devices: { results } } } });
  expect([other.code, other.body.details.causes[0].field]).toEqual([422, 'status.allocation']);
});

const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1' } } };

/** What Go writes of fields that are left out although the definitions do not require them. */
test.each<[what: string, path: string, object: object, written: object]>([
  [
    'the status of a budget',
    '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
    { spec: {} },
    { status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 } },
  ],
  [
    'the group of a source of data',
    '/api/v1/namespaces/default/persistentvolumeclaims',
    { spec: { ...claimSpec, dataSource: { kind: 'PersistentVolumeClaim', name: 'c' } } },
    { spec: { dataSource: { apiGroup: null, kind: 'PersistentVolumeClaim', name: 'c' }, dataSourceRef: { apiGroup: null } } },
  ],
  [
    'the group of the backend of an Ingress',
    '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
    { spec: { defaultBackend: { resource: { kind: 'k', name: 'n' } } } },
    { spec: { defaultBackend: { resource: { apiGroup: null, kind: 'k', name: 'n' } } } },
  ],
  [
    'the group of a source of data of a pod',
    '/api/v1/namespaces/default/pods',
    {
      spec: {
        serviceAccountName: 'default',
        automountServiceAccountToken: false,
        containers: [{ name: 'c', image: 'i' }],
        volumes: [
          {
            name: 'v',
            ephemeral: { volumeClaimTemplate: { spec: { ...claimSpec, dataSource: { kind: 'PersistentVolumeClaim', name: 'c' } } } },
          },
        ],
      },
    },
    {
      spec: { volumes: [{ ephemeral: { volumeClaimTemplate: { spec: { dataSource: { apiGroup: null } } } } }] },
    },
  ],
  [
    'the namespace of the secret of a share',
    '/api/v1/persistentvolumes',
    { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1' }, azureFile: { secretName: 's', shareName: 's' } } },
    { spec: { azureFile: { secretNamespace: null } } },
  ],
  [
    'the service and the first number of a StatefulSet',
    '/apis/apps/v1/namespaces/default/statefulsets',
    { spec: { selector: { matchLabels: { a: 'b' } }, template, ordinals: {} } },
    { spec: { serviceName: '', ordinals: { start: 0 } }, status: { availableReplicas: 0 } },
  ],
  ['the value of a PriorityClass', classes, {}, { value: 0 }],
  [
    'keys of the topology of a driver',
    '/apis/storage.k8s.io/v1/csinodes',
    { spec: { drivers: [{ name: 'd', nodeID: 'n' }] } },
    {
      spec: { drivers: [{ name: 'd', nodeID: 'n', topologyKeys: null }] },
    },
  ],
  [
    'sources of a projected volume',
    '/api/v1/namespaces/default/podtemplates',
    { template: { ...template, spec: { ...template.spec, volumes: [{ name: 'v', projected: {} }] } } },
    { template: { spec: { volumes: [{ name: 'v', projected: { sources: null, defaultMode: 420 } }] } } },
  ],
])('%s is written', async (_, path, object, written) => {
  const made = await api.send('POST', path, { metadata: { name: 'x' }, ...object });
  expect([made.code, made.body.message]).toEqual([201, undefined]);
  expect(made.body).toMatchObject(written);
  const read = (await api.send('GET', `${path}/x`)).body;
  expect(read).toMatchObject(written);
  for (const again of [read, { metadata: { name: 'x' }, ...object }]) {
    const { body } = await api.send('PUT', `${path}/x`, { ...again, metadata: { ...read.metadata, managedFields: undefined } });
    expect([body.message, body.metadata.generation]).toEqual([undefined, read.metadata.generation]);
  }
  const patched = await api.send(
    'PATCH',
    `${path}/x`,
    { metadata: { labels: { a: 'b' } } },
    { 'content-type': 'application/merge-patch+json' },
  );
  expect([patched.code, patched.body.message, patched.body.metadata.generation]).toEqual([200, undefined, read.metadata.generation]);
  const status = await api.send('PUT', `${path}/x/status`, patched.body);
  expect([200, 404]).toContain(status.code);
});

test('taints of devices say since when they are there', async () => {
  const slices = '/apis/resource.k8s.io/v1/resourceslices';
  const taint = { key: 'example.com/broken', effect: 'NoSchedule' };
  const pool = { name: 'p', generation: 1, resourceSliceCount: 1 };
  const devices = [{ name: 'a', taints: [taint, { ...taint, key: 'example.com/old', timeAdded: '2020-01-01T00:00:00Z' }] }, { name: 'b' }];
  const spec = { driver: 'd.example.com', nodeName: 'n', pool, devices };
  const { code, body } = await api.send('POST', slices, { metadata: { name: 's' }, spec });
  expect([code, body.spec.devices[0].taints.map(({ timeAdded }: Body) => timeAdded)]).toEqual([
    201,
    ['2026-01-01T00:00:00Z', '2020-01-01T00:00:00Z'],
  ]);
  await api.clock.advance(60_000);
  const later = { ...body, spec: { ...spec, devices: [...devices, { name: 'c', taints: [taint] }] } };
  const changed = await api.send('PUT', `${slices}/s`, later);
  expect(changed.body.spec.devices[2].taints[0].timeAdded).toBe('2026-01-01T00:01:00Z');
});

test('a driver that asks for tokens is to have them in secrets', async () => {
  const advice =
    'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';
  const warned = async (method: string, path: string, body: object): Promise<string | null> =>
    (await api.send(method, path, body)).headers.get('warning');
  const driver = (name: string, spec: object) => ({ metadata: { name }, spec });
  const tokenRequests = [{ audience: 'a' }];
  expect(await warned('POST', drivers, driver('a', { tokenRequests }))).toBe(`299 - "${advice}"`);
  expect(await warned('POST', drivers, driver('b', { tokenRequests, serviceAccountTokenInSecrets: true }))).toBeNull();
  const { body } = await api.send('GET', `${drivers}/a`);
  expect(await warned('PUT', `${drivers}/a`, body)).toBeNull();
  body.spec.tokenRequests = [{ audience: 'b' }];
  expect(await warned('PUT', `${drivers}/a`, body)).toBe(`299 - "${advice}"`);
});
