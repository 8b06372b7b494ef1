import { beforeEach, describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { type Api, type Body, startApi } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

test('a Deployment has a new generation when its annotations change, but not through its status', async () => {
  const path = '/apis/apps/v1/namespaces/default/deployments';
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const spec = { selector: { matchLabels: { a: 'b' } }, template };
  const deployment = (annotations: object, more: object = {}): object => ({ metadata: { name: 'd', annotations }, spec, ...more });
  expect((await api.send('POST', path, deployment({}))).body.metadata.generation).toBe(1);
  expect((await api.send('PUT', `${path}/d`, deployment({ a: '1' }))).body.metadata.generation).toBe(2);
  expect((await api.send('PUT', `${path}/d/status`, deployment({ a: '2' }))).body.metadata.generation).toBe(2);
  expect((await api.send('PUT', `${path}/d`, deployment({ a: '2' }))).body.metadata.generation).toBe(2);
});

test.each([
  ['daemonsets', 'DaemonSet', 'deprecated.daemonset.template.generation', 'strconv.ParseInt: parsing "x": invalid syntax'],
  [
    'deployments',
    'Deployment',
    'deprecated.deployment.rollback.to',
    'failed to parse annotation[deprecated.deployment.rollback.to]=x as int64: strconv.ParseInt: parsing "x": invalid syntax',
  ],
])('annotations of %s that stand for numbers must be some', async (plural, kind, annotation, why) => {
  const spec = { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [] } } };
  const body = { metadata: { name: 'x', annotations: { [annotation]: 'x' } }, spec };
  const answer = await api.send('POST', `/apis/apps/v1/namespaces/default/${plural}`, body);
  expect([answer.code, answer.body.message]).toEqual([400, `${kind} in version "v1" cannot be handled as a ${kind}: ${why}`]);
});

const pods = '/api/v1/namespaces/default/pods';

test('the labels that keys of a new pod name are written into its selectors', async () => {
  const podAffinityTerm = { topologyKey: 't', labelSelector: {}, matchLabelKeys: ['a'], mismatchLabelKeys: ['b'] };
  const constraint = { maxSkew: 1, topologyKey: 't', whenUnsatisfiable: 'DoNotSchedule', matchLabelKeys: ['a', 'missing'] };
  const { code, body } = await api.send('POST', pods, {
    metadata: { name: 'p', labels: { a: '1', b: '2' } },
    spec: {
      containers: [{ name: 'c', image: 'i' }],
      affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm }] } },
      topologySpreadConstraints: [{ ...constraint, labelSelector: { matchLabels: { c: '3' } } }],
    },
  });
  expect([code, body.message]).toEqual([201, undefined]);
  const one = { key: 'a', operator: 'In', values: ['1'] };
  expect(body).toMatchObject({
    spec: {
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { podAffinityTerm: { labelSelector: { matchExpressions: [one, { key: 'b', operator: 'NotIn', values: ['2'] }] } } },
          ],
        },
      },
      topologySpreadConstraints: [{ labelSelector: { matchLabels: { c: '3' }, matchExpressions: [one] } }],
    },
  });
});

test('a preferred term that is missing is refused, and is no failure of the server', async () => {
  const preferredDuringSchedulingIgnoredDuringExecution = [{ weight: 1 }];
  const spec = { containers: [{ name: 'c', image: 'i' }], affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution } } };
  const { code, body } = await api.send('POST', pods, { metadata: { name: 'near' }, spec });
  expect([code, body.message]).toEqual([422, expect.stringContaining('podAffinityTerm.topologyKey: Required value: can not be empty')]);
});

test('a new pod that waits for gates says since when, and is not found by the list of its addresses', async () => {
  const path = '/api/v1/namespaces/default/pods';
  const spec = { containers: [{ name: 'c', image: 'i' }], schedulingGates: [{ name: 'example.com/wait' }] };
  const { metadata, status } = (await api.send('POST', path, { metadata: { name: 'p' }, spec })).body;
  const times = { lastProbeTime: null, lastTransitionTime: metadata.creationTimestamp };
  expect(status.conditions).toMatchObject([{ type: 'PodScheduled', reason: 'SchedulingGated', ...times }]);
  const podIP = '10.0.0.1';
  await api.send('PUT', `${path}/p/status`, { metadata: { name: 'p' }, spec, status: { ...status, podIP, podIPs: [{ ip: podIP }] } });
  const found = async (field: string): Promise<number> =>
    (await api.send('GET', `${path}?fieldSelector=${field}%3D${podIP}`)).body.items.length;
  expect([await found('status.podIP'), await found('status.podIPs')]).toEqual([1, 0]);
});

test('a status that leaves out when it was observed keeps what was said before', async () => {
  const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  await api.send('POST', pods, pod);
  const status = (observed: object): object => ({ ...observed, conditions: [{ type: 'Ready', status: 'False', ...observed }] });
  await api.send('PUT', `${pods}/p/status`, { ...pod, status: status({ observedGeneration: 1 }) });
  const { code, body } = await api.send('PUT', `${pods}/p/status`, { ...pod, status: status({}) });
  expect([code, body]).toMatchObject([200, { status: { observedGeneration: 1, conditions: [{ observedGeneration: 1 }] } }]);
});

test('fields of features that are off are left out of pods and templates', async () => {
  const sources = [
    { clusterTrustBundle: { name: 'b', path: 'p' } },
    { podCertificate: { signerName: 'example.com/s', keyType: 'ED25519', keyPath: 'k' } },
  ];
  const spec = {
    containers: [{ name: 'c', image: 'i' }],
    schedulingGroup: { podGroupName: 'g' },
    volumes: [{ name: 'v', projected: { sources: [...sources, { configMap: { name: 'm' } }] } }],
  };
  const template = { metadata: { labels: { a: 'b' } }, spec };
  const left = [{}, {}, { configMap: { name: 'm' } }];
  const pod = await api.send('POST', pods, { metadata: { name: 'p' }, spec });
  expect([pod.code, pod.body.spec.schedulingGroup, pod.body.spec.volumes[0].projected.sources]).toEqual([201, undefined, left]);
  const changed = await api.send(
    'PATCH',
    `${pods}/p`,
    { spec: { schedulingGroup: { podGroupName: 'g' } } },
    { 'content-type': 'application/merge-patch+json' },
  );
  expect([changed.code, changed.body.spec.schedulingGroup]).toEqual([200, undefined]);
  const jobTemplate = { spec: { template: { spec: { ...spec, restartPolicy: 'Never' } } } };
  const cron = await api.send('POST', '/apis/batch/v1/namespaces/default/cronjobs', {
    metadata: { name: 'j' },
    spec: { schedule: '@daily', jobTemplate },
  });
  expect(cron.body.spec.jobTemplate.spec.template.spec).not.toHaveProperty('schedulingGroup');
  const deployment = { metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } };
  const { body } = await api.send('POST', '/apis/apps/v1/namespaces/default/deployments', deployment);
  expect(body.spec.template.spec.volumes[0].projected.sources).toEqual(left);
});

test('the source of a claim is another claim or a snapshot in its namespace, or what the newer field says', async () => {
  const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
  const source = async (name: string, fields: object): Promise<unknown[]> => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...fields };
    const { code, body } = await api.send('POST', claims, { metadata: { name }, spec });
    return [code, body.spec?.dataSource, body.spec?.dataSourceRef];
  };
  const foreign = { apiGroup: 'example.com', kind: 'Thing', name: 't' };
  const claim = { kind: 'PersistentVolumeClaim', name: 'c' };
  expect(await source('a', { dataSource: foreign })).toEqual([201, undefined, undefined]);
  expect(await source('b', { dataSourceRef: foreign })).toEqual([201, foreign, foreign]);
  expect(await source('c', { dataSource: foreign, dataSourceRef: foreign })).toEqual([201, foreign, foreign]);
  const written = { apiGroup: null, ...claim };
  expect(await source('d', { dataSource: claim })).toEqual([201, written, written]);
  expect(await source('e', { dataSourceRef: { ...claim, namespace: 'other' } })).toEqual([201, undefined, undefined]);
});

test.each([
  ['/apis/node.k8s.io/v1/runtimeclasses', { handler: 'h' }, 201],
  ['/api/v1/namespaces/default/limitranges', {}, 201],
  ['/api/v1/namespaces/default/configmaps', {}, 404],
])('an update of what is not there at %s', async (path, fields, code) => {
  expect((await api.send('PUT', `${path}/a`, { metadata: { name: 'a' }, ...fields })).code).toBe(code);
});

describe('the labels that a job gives its pods', () => {
  const jobs = '/apis/batch/v1/namespaces/default/jobs';
  const job = (metadata: object, spec: object = {}, labels?: object): object => {
    const template = { metadata: { labels }, spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } };
    return { metadata, spec: { template, ...spec } };
  };

  test('name it and its uid, and select by the latter', async () => {
    const { body } = await api.send('POST', jobs, job({ name: 'j' }, {}, { app: 'x' }));
    const { uid } = body.metadata;
    expect(body.spec.template.metadata.labels).toEqual({
      app: 'x',
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': 'j',
      'controller-uid': uid,
      'job-name': 'j',
    });
    expect(body.spec.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
    // Without labels of its own a job has those of its template.
    expect(body.metadata.labels).toEqual(body.spec.template.metadata.labels);
    const bare = (await api.send('POST', jobs, job({ name: 'bare' }))).body;
    expect(bare.metadata.labels).toEqual(bare.spec.template.metadata.labels);
    expect((await api.send('POST', jobs, job({ name: 'own', labels: { a: 'b' } }))).body.metadata.labels).toEqual({ a: 'b' });
  });

  test('hold the name that was found in the end', async () => {
    const random = createSeededRandom(1);
    const names = ['taken', 'taken', 'free2'];
    api = await startApi({ random: { ...random, suffix: (length) => names.shift() ?? random.suffix(length) } });
    for (const name of ['j-taken', 'j-free2']) {
      const { code, body } = await api.send('POST', jobs, job({ generateName: 'j-' }));
      expect([code, body.metadata.name, body.spec.template.metadata.labels['job-name']]).toEqual([201, name, name]);
    }
  });

  test('are those of whoever sets the selector', async () => {
    const selector = { matchLabels: { mine: 'yes' } };
    const { body } = await api.send('POST', jobs, job({ name: 'j' }, { manualSelector: true, selector }, { mine: 'yes' }));
    expect([body.spec.template.metadata.labels, body.spec.selector]).toEqual([{ mine: 'yes' }, selector]);
    const { code } = await api.send('POST', jobs, job({ name: 'k' }, { manualSelector: true }));
    expect(code).toBe(422);
  });

  test.each(['job-name', 'batch.kubernetes.io/controller-uid'])(
    'stay as they were written, %s even when it is empty, and are refused',
    async (label) => {
      const { code, body } = await api.send('POST', jobs, job({ name: 'j' }, {}, { [label]: '' }));
      expect([code, body.details.causes.map(({ field }: Body) => field)]).toEqual([
        422,
        expect.arrayContaining([`spec.template.metadata.labels[${label}]`]),
      ]);
    },
  );
});

test('a pod keeps the class that it says it has, and nothing else of a status', async () => {
  const spec = { containers: [{ name: 'c', image: 'i' }] };
  const status = { phase: 'Running', qosClass: 'Burstable', podIP: '10.0.0.1' };
  const { body } = await api.send('POST', pods, { metadata: { name: 'p' }, spec, status });
  expect(body.status).toEqual({ phase: 'Pending', qosClass: 'Burstable' });
});

test('the generation of the template of a DaemonSet is none of its status', async () => {
  const path = '/apis/apps/v1/namespaces/default/daemonsets';
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const { body } = await api.send('POST', path, { metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } });
  const annotation = 'deprecated.daemonset.template.generation';
  const changed = { ...body, metadata: { ...body.metadata, annotations: { [annotation]: '7', a: 'b' } } };
  const answer = await api.send('PUT', `${path}/d/status`, changed);
  expect(answer.body.metadata.annotations).toEqual({ [annotation]: '1', a: 'b' });
});

test('groups of pods and workloads do not keep what features bring that are off', async () => {
  const whole = await startApi({ runtimeConfig: ['api/all'] });
  const root = '/apis/scheduling.k8s.io/v1alpha2/namespaces/default';
  const off = {
    schedulingConstraints: { topology: [{ key: 'zone' }] },
    resourceClaims: [{ name: 'c', resourceClaimName: 'c' }],
    disruptionMode: 'PodGroup',
    priorityClassName: 'p',
    priority: 5,
  };
  const schedulingPolicy = { gang: { minCount: 2 } };
  const group = await whole.send('POST', `${root}/podgroups`, { metadata: { name: 'g' }, spec: { schedulingPolicy, ...off } });
  expect([group.code, group.body.spec]).toEqual([201, { podGroupTemplateRef: null, schedulingPolicy }]);
  const spec = { podGroupTemplates: [{ name: 't', schedulingPolicy, ...off }] };
  const workload = await whole.send('POST', `${root}/workloads`, { metadata: { name: 'w' }, spec });
  const kept = { podGroupTemplates: [{ name: 't', schedulingPolicy, schedulingConstraints: null }] };
  expect([workload.code, workload.body.spec]).toEqual([201, kept]);
});

test('a request for the status of pools asks for a hundred, and has no status before it is answered', async () => {
  const whole = await startApi({ runtimeConfig: ['api/all'] });
  const path = '/apis/resource.k8s.io/v1alpha3/resourcepoolstatusrequests';
  const { code, body } = await whole.send('POST', path, { metadata: { name: 'r' }, spec: { driver: 'a' } });
  expect([code, body.spec, Object.hasOwn(body, 'status')]).toEqual([201, { driver: 'a', limit: 100 }, false]);
});
