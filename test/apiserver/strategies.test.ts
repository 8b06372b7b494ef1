import { beforeEach, describe, expect, test } from 'vitest';
import { type Api, type Body, startApi } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});

const merge = { 'content-type': 'application/merge-patch+json' };
const core = '/api/v1/namespaces/default';
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };

async function made(path: string, object: object): Promise<Body> {
  const { code, body } = await api.send('POST', path, object);
  expect([code, body.message]).toEqual([201, undefined]);
  return body;
}

test.each([
  [`${core}/services`, { spec: { ports: [{ port: 80 }] } }, 201],
  [`${core}/events`, { involvedObject: { kind: 'Pod', namespace: 'default' } }, 201],
  ['/apis/node.k8s.io/v1/runtimeclasses', { handler: 'h' }, 201],
  [`${core}/configmaps`, {}, 404],
])('PUT makes what is not there where the kind lets it: %s', async (path, object, code) => {
  const answer = await api.send('PUT', `${path}/x`, { metadata: { name: 'x' }, ...object });
  expect([answer.code, answer.body.reason]).toEqual([code, code === 404 ? 'NotFound' : answer.body.reason]);
});

test.each([
  [
    'coordination.k8s.io/v1beta1/namespaces/default/leasecandidates',
    { leaseName: 'l', binaryVersion: '1.0.0', emulationVersion: '1.0.0', strategy: 'OldestEmulationVersion' },
    201,
  ],
  ['internal.apiserver.k8s.io/v1alpha1/storageversions', {}, 404],
  ['storagemigration.k8s.io/v1beta1/storageversionmigrations', { resource: { group: '', resource: 'pods' } }, 404],
  ['coordination.k8s.io/v1/namespaces/default/leases', {}, 201],
])('a PUT of %s says which version it is based on, once there is one', async (path, spec, code) => {
  api = await startApi({ runtimeConfig: ['api/all'] });
  const object = { metadata: { name: 'x.y' }, spec };
  const put = () => api.send('PUT', `/apis/${path}/x.y`, object);
  expect((await put()).code).toBe(code);
  if (code === 404) await made(`/apis/${path}`, object);
  const { code: refused, body } = await put();
  expect([refused, body.details.causes]).toEqual([
    422,
    [{ reason: 'FieldValueInvalid', message: 'Invalid value: 0: must be specified for an update', field: 'metadata.resourceVersion' }],
  ]);
});

test('pods of a replication controller stay unless its deletion says otherwise, and events have no dependents', async () => {
  const spec = { replicas: 0, selector: { a: 'b' }, template };
  for (const name of ['kept', 'gone']) await made(`${core}/replicationcontrollers`, { metadata: { name }, spec });
  const kept = await api.send('DELETE', `${core}/replicationcontrollers/kept`);
  expect(kept.body.metadata.finalizers).toEqual(['orphan']);
  const gone = await api.send('DELETE', `${core}/replicationcontrollers/gone?propagationPolicy=Background`);
  expect(gone.body.kind).toBe('Status');
  await made(`${core}/events`, { metadata: { name: 'e', finalizers: ['foregroundDeletion'] }, involvedObject: { namespace: 'default' } });
  expect((await api.send('DELETE', `${core}/events/e?propagationPolicy=Foreground`)).body.kind).toBe('Status');
});

test('a limit range need not have a name', async () => {
  const { metadata } = await made(`${core}/limitranges`, { spec: { limits: [{ type: 'Pod' }] } });
  expect(metadata.name).toMatch(/^[0-9a-f-]{36}$/);
});

test('a service account names its secrets and says nothing else of them', async () => {
  const account = await made(`${core}/serviceaccounts`, { metadata: { name: 'x' }, secrets: [{ name: 's', namespace: 'n', uid: 'u' }] });
  expect(account.secrets).toEqual([{ name: 's' }]);
  const { body } = await api.send('PATCH', `${core}/serviceaccounts/x`, { secrets: [{ name: 't', kind: 'Secret' }] }, merge);
  expect(body.secrets).toEqual([{ name: 't' }]);
  expect((await made(`${core}/serviceaccounts`, { metadata: { name: 'y' }, secrets: [{}] })).secrets).toEqual([{}]);
});

test('endpoints tell their topology in the newer way alone', async () => {
  const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
  const endpoint = { addresses: ['1.2.3.4'], deprecatedTopology: { 'kubernetes.io/hostname': 'h' } };
  const slice = await made(path, { metadata: { name: 'x' }, addressType: 'IPv4', endpoints: [endpoint] });
  expect(slice.endpoints).toEqual([{ addresses: ['1.2.3.4'], conditions: {} }]);
  const labelled = await api.send('PATCH', `${path}/x`, { metadata: { labels: { a: 'b' } } }, merge);
  const annotated = await api.send('PATCH', `${path}/x`, { metadata: { annotations: { a: 'b' } } }, merge);
  expect([slice, labelled.body, annotated.body].map(({ metadata }) => metadata.generation)).toEqual([1, 2, 2]);
});

test('a new CSIDriver has no generation, and a PriorityClass has but one', async () => {
  const driver = await made('/apis/storage.k8s.io/v1/csidrivers', { metadata: { name: 'x' }, spec: {} });
  const changed = await api.send('PATCH', '/apis/storage.k8s.io/v1/csidrivers/x', { spec: { requiresRepublish: true } }, merge);
  expect([driver.metadata.generation, changed.body.metadata.generation]).toEqual([undefined, 1]);
  await made('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'x' }, value: 1 });
  const same = await api.send('PATCH', '/apis/scheduling.k8s.io/v1/priorityclasses/x', { globalDefault: true }, merge);
  expect(same.body.metadata.generation).toBe(1);
});

describe('fields of features that are off are left out', () => {
  test.each([
    ['/apis/coordination.k8s.io/v1/namespaces/default/leases', { spec: { strategy: 'OldestEmulationVersion', leaseTransitions: 1 } }],
    ['/apis/storage.k8s.io/v1/csidrivers', { spec: { preventPodSchedulingIfMissing: true } }],
    [
      '/apis/apps/v1/namespaces/default/statefulsets',
      { spec: { selector: { matchLabels: { a: 'b' } }, template, updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } } },
    ],
    ['/api/v1/nodes', { spec: { configSource: { configMap: { name: 'n', namespace: 'n', kubeletConfigKey: 'k' } } } }],
  ])('%s', async (path, object) => {
    const { spec } = await made(path, { metadata: { name: 'x' }, ...object });
    const { strategy, preventPodSchedulingIfMissing, configSource, updateStrategy } = spec;
    expect([strategy, preventPodSchedulingIfMissing, configSource, updateStrategy?.rollingUpdate?.maxUnavailable]).toEqual(
      Array(4).fill(undefined),
    );
  });

  test('signals that stop containers', async () => {
    const lifecycle = { stopSignal: 'SIGTERM' };
    const preStop = { exec: { command: ['c'] } };
    const containers = [
      { name: 'a', image: 'i', lifecycle },
      { name: 'b', image: 'i', lifecycle: { ...lifecycle, preStop } },
    ];
    await made(`${core}/serviceaccounts`, { metadata: { name: 'default' } });
    const pod = await made(`${core}/pods`, { metadata: { name: 'x' }, spec: { os: { name: 'linux' }, containers } });
    expect(pod.spec.containers.map(({ lifecycle }: Body) => lifecycle)).toEqual([undefined, { preStop }]);
  });
});

test.each([
  ['/api/v1/nodes?fieldSelector=metadata.namespace=x', 'field label not supported: metadata.namespace'],
  ['/api/v1/namespaces?fieldSelector=metadata.namespace=x', 'field label not supported: metadata.namespace'],
  ['/api/v1/namespaces?fieldSelector=name=x', 'field label not supported: name'],
  [
    '/apis/apps/v1/statefulsets?fieldSelector=status.successful=1',
    '"status.successful" is not a known field selector: only "metadata.name", "metadata.namespace"',
  ],
  [
    '/apis/apps/v1/replicasets?fieldSelector=status.replicas=1',
    '"status.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
  ],
  ['/apis/resource.k8s.io/v1/resourceslices?fieldSelector=x=1', 'field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: x'],
  ['/apis/events.k8s.io/v1/events?fieldSelector=involvedObject.name=x', 'field label not supported: involvedObject.name'],
  [
    '/apis/certificates.k8s.io/v1/certificatesigningrequests?fieldSelector=metadata.namespace=',
    'field label not supported: metadata.namespace',
  ],
])('fields are selected by where the kind knows them: %s', async (path, message) => {
  const { code, body } = await api.send('GET', path);
  expect([code, body.message]).toEqual([400, message]);
});

test.each([
  '/api/v1/replicationcontrollers?fieldSelector=status.replicas=1',
  '/apis/events.k8s.io/v1/events?fieldSelector=regarding.name=x,reportingController=y,type!=z',
  '/api/v1/events?fieldSelector=involvedObject.name=x,source=y',
])('and known ones are: %s', async (path) => {
  expect((await api.send('GET', path)).code).toBe(200);
});

test('a zero that Go does not tell from nothing is not kept and makes no new generation', async () => {
  const path = '/apis/apps/v1/namespaces/default/deployments';
  await made(path, { metadata: { name: 'x' }, spec: { selector: { matchLabels: { a: 'b' } }, template } });
  const zeros = { hostNetwork: false, priority: 0, nodeName: '', tolerations: [] };
  const { body } = await api.send('PATCH', `${path}/x`, { spec: { paused: false, minReadySeconds: 0, template: { spec: zeros } } }, merge);
  const { hostNetwork, priority } = body.spec.template.spec;
  expect([body.metadata.generation, body.spec.paused, body.spec.minReadySeconds, hostNetwork, priority]).toEqual([
    2,
    undefined,
    undefined,
    undefined,
    0,
  ]);
  const again = await api.send('PATCH', `${path}/x`, { spec: { paused: false, template: { spec: { hostNetwork: false } } } }, merge);
  expect(again.body.metadata.generation).toBe(2);
});

test('pointers that Go always writes are null', async () => {
  const claim = await made(`${core}/persistentvolumeclaims`, {
    metadata: { name: 'x' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      dataSource: { kind: 'PersistentVolumeClaim', name: 'y' },
    },
  });
  expect(claim.spec.dataSource).toEqual({ apiGroup: null, kind: 'PersistentVolumeClaim', name: 'y' });
});
