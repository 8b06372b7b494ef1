import { beforeEach, expect, test } from 'vitest';
import { type Api, type Body, startApi } from './api.ts';

const pods = '/api/v1/namespaces/default/pods';
const services = '/api/v1/namespaces/default/services';
const merge = { 'content-type': 'application/merge-patch+json' };
const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const pod = (name: string, extra: object = {}, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...extra },
});

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

test('a new pod gets account, token, tolerations and priority', async () => {
  await api.send('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'high' }, value: 1000 });
  const { body } = await api.send('POST', pods, pod('p', { priorityClassName: 'high' }));
  expect(body.spec).toMatchObject({ serviceAccountName: 'default', priority: 1000, preemptionPolicy: 'PreemptLowerPriority' });
  const [volume] = body.spec.volumes;
  expect(volume.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
  expect(volume.projected.sources.map((source: object) => Object.keys(source)[0])).toEqual([
    'serviceAccountToken',
    'configMap',
    'downwardAPI',
  ]);
  expect(body.spec.containers[0].volumeMounts).toEqual([
    { name: volume.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ]);
  expect(body.spec.tolerations.map(({ key }: { key: string }) => key)).toEqual([
    'node.kubernetes.io/not-ready',
    'node.kubernetes.io/unreachable',
  ]);
  expect(body.status).toMatchObject({ phase: 'Pending', qosClass: 'BestEffort' });
  expect((await api.send('POST', pods, pod('q', { priorityClassName: 'nope' }))).body.message).toBe(
    'pods "q" is forbidden: no PriorityClass with name nope was found',
  );
  expect((await api.send('POST', pods, pod('q', { serviceAccountName: 'nope' }))).body.message).toBe(
    'pods "q" is forbidden: error looking up service account default/nope: serviceaccount "nope" not found',
  );
});

test('a binding assigns a pod once, and the room that was kept for it is kept no longer', async () => {
  await api.send('POST', pods, pod('p'));
  await api.send('PATCH', `${pods}/p/status`, { status: { nominatedNodeName: 'n1' } }, { 'content-type': 'application/merge-patch+json' });
  expect((await api.send('GET', `${pods}/p`)).body.status.nominatedNodeName).toBe('n1');
  const bind = () => api.send('POST', `${pods}/p/binding`, { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n1' } });
  expect(await bind()).toMatchObject({ code: 201, body: { kind: 'Status', status: 'Success' } });
  const { body } = await api.send('GET', `${pods}/p`);
  expect(body).toMatchObject({ metadata: { generation: 1 }, spec: { nodeName: 'n1' } });
  expect(body.status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
  expect(body.status.nominatedNodeName).toBeUndefined();
  expect((await bind()).body.message).toBe('Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"');
  const told = async (metadata: object, target: object) => (await api.send('POST', `${pods}/p/binding`, { metadata, target })).body.message;
  expect(await told({ name: 'p' }, { kind: 'Node' })).toBe('target.name: Required value');
  expect(await told({}, { kind: 'Node', name: 'n1' })).toBe('name in URL does not match name in Binding object');
  const { resourceVersion } = body.metadata;
  const invalid = `StorageError: invalid object, Code: 4, Key: /registry/pods/default/p, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed`;
  expect(await told({ name: 'p', resourceVersion: '1' }, { name: 'n1' })).toBe(
    `Operation cannot be fulfilled on pods "p": ${invalid}: ResourceVersion in precondition: 1, ResourceVersion in object meta: ${resourceVersion}`,
  );
});

test('scale reads and writes replicas', async () => {
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  await api.send('POST', deployments, {
    metadata: { name: 'd' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'a' } }, template },
  });
  const { body } = await api.send('GET', `${deployments}/d/scale`);
  expect(body).toMatchObject({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    spec: { replicas: 2 },
    status: { replicas: 0, selector: 'app=a' },
  });
  expect((await api.send('PUT', `${deployments}/d/scale`, { ...body, spec: { replicas: 5 } })).body.spec.replicas).toBe(5);
  expect((await api.send('PUT', `${deployments}/d/scale`, { ...body, spec: { replicas: 6 } })).body.reason).toBe('Conflict');
  expect((await api.send('PATCH', `${deployments}/d/scale`, { spec: { replicas: 1 } }, merge)).body.spec.replicas).toBe(1);
  expect((await api.send('GET', `${deployments}/d`)).body).toMatchObject({ metadata: { generation: 3 }, spec: { replicas: 1 } });
});

test('an eviction spends the disruption budget', async () => {
  const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
  for (const name of ['p', 'q']) {
    await api.send('POST', pods, pod(name, {}, { labels: { app: 'a' } }));
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    await api.send('PATCH', `${pods}/${name}/status`, { status }, merge);
  }
  await api.send('POST', budgets, { metadata: { name: 'b' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } } } });
  const status = { observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 };
  await api.send('PATCH', `${budgets}/b/status`, { status }, merge);
  const evict = (name: string) => api.send('POST', `${pods}/${name}/eviction`, { metadata: { name } });
  expect((await evict('p')).code).toBe(201);
  expect(await evict('q')).toMatchObject({
    code: 429,
    body: {
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: { causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget b does not allow evicting pods currently' }] },
    },
  });
  expect((await api.send('GET', `${budgets}/b`)).body.status).toMatchObject({
    disruptionsAllowed: 0,
    disruptedPods: { p: '2026-01-01T00:00:00Z' },
    conditions: [
      {
        ...{ type: 'DisruptionAllowed', status: 'False', observedGeneration: 1, reason: 'InsufficientPods', message: '' },
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
  });
});

test('an eviction says in the pod why it goes, and is no less exacting than a deletion', async () => {
  await api.send('POST', pods, pod('p', { nodeName: 'n' }));
  const evict = (deleteOptions: object, query = '') =>
    api.send('POST', `${pods}/p/eviction${query}`, {
      apiVersion: 'policy/v1beta1',
      kind: 'Eviction',
      metadata: { name: 'p' },
      deleteOptions,
    });
  expect((await evict({ propagationPolicy: 'X' })).body).toMatchObject({ code: 422, details: { kind: 'DeleteOptions' } });
  expect((await evict({ preconditions: { uid: 'x' } })).code).toBe(409);
  const before = await api.send('GET', `${pods}/p`);
  expect(before.body.status.conditions).toBeUndefined();
  const { resourceVersion } = before.body.metadata;
  expect((await evict({ preconditions: { resourceVersion } }, '?dryRun=All')).code).toBe(201);
  expect((await evict({ preconditions: { resourceVersion } })).code).toBe(201);
  const { body } = await api.send('GET', `${pods}/p`);
  expect(body).toMatchObject({
    metadata: { deletionGracePeriodSeconds: 30 },
    status: {
      conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' }],
    },
  });
});

test('a binding is admitted as what it is', async () => {
  await api.send('POST', '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', {
    metadata: { name: 'v' },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods/binding'] }],
      },
      validations: [{ expression: "object.target.name != 'n1'", message: 'not there' }],
    },
  });
  await api.send('POST', '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings', {
    metadata: { name: 'v' },
    spec: { policyName: 'v', validationActions: ['Deny'] },
  });
  await api.send('POST', pods, pod('p'));
  const bind = (name: string) => api.send('POST', `${pods}/p/binding`, { metadata: { name: 'p' }, target: { kind: 'Node', name } });
  const refused = await bind('n1');
  expect([refused.code, refused.body.message]).toEqual([
    422,
    `pods "p" is forbidden: ValidatingAdmissionPolicy 'v' with binding 'v' denied request: not there`,
  ]);
  expect((await bind('n2')).code).toBe(201);
});

test('services take addresses and ports from the pools and give them back', async () => {
  const service = (name: string, spec: object) =>
    api.send('POST', services, { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });
  const { body } = await service('a', { type: 'NodePort' });
  expect(body.spec.clusterIP).toMatch(/^10\.96\.\d+\.\d+$/);
  expect(body.spec).toMatchObject({ clusterIPs: [body.spec.clusterIP], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  const { nodePort } = body.spec.ports[0];
  expect(nodePort).toBeGreaterThanOrEqual(30000);
  expect((await service('b', { clusterIP: body.spec.clusterIP })).body).toMatchObject({
    code: 422,
    message: `Service "b" is invalid: spec.clusterIPs: Invalid value: ["${body.spec.clusterIP}"]: failed to allocate IP ${body.spec.clusterIP}: provided IP is already allocated`,
  });
  expect((await service('b', { type: 'NodePort', ports: [{ port: 80, nodePort }] })).body.message).toBe(
    `Service "b" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
  );
  expect((await service('h', { clusterIP: 'None' })).body.spec).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
  const { clusterIP: _, clusterIPs: _all, ...spec } = body.spec;
  const kept = await api.send('PUT', `${services}/a`, { ...body, spec: { ...spec, ports: [{ port: 80 }] } });
  expect(kept.body.spec).toMatchObject({ clusterIP: body.spec.clusterIP, ports: [{ nodePort }] });
  const back = await api.send('PATCH', `${services}/a`, { spec: { type: 'ClusterIP' } }, merge);
  expect(back.code).toBe(200);
  expect(back.body.spec.ports[0].nodePort).toBeUndefined();
  await api.send('DELETE', `${services}/a`);
  expect((await service('b', { type: 'NodePort', clusterIP: body.spec.clusterIP, ports: [{ port: 80, nodePort }] })).code).toBe(201);
});

test('events are one kind under two names', async () => {
  const events = '/api/v1/namespaces/default/events';
  const involvedObject = { kind: 'Pod', namespace: 'default', name: 'p' };
  await api.send('POST', events, { metadata: { name: 'e' }, involvedObject, reason: 'R', message: 'm', type: 'Normal', count: 2 });
  const { body } = await api.send('GET', '/apis/events.k8s.io/v1/namespaces/default/events/e');
  expect(body).toMatchObject({ apiVersion: 'events.k8s.io/v1', regarding: involvedObject, note: 'm', deprecatedCount: 2 });
  const byRegarding = `/apis/events.k8s.io/v1/namespaces/default/events?fieldSelector=regarding.name%3D`;
  expect((await api.send('GET', `${byRegarding}${involvedObject.name}`)).body.items).toHaveLength(1);
  expect((await api.send('GET', `${byRegarding}other`)).body.items).toHaveLength(0);
  expect(body.involvedObject).toBeUndefined();
  const found = await api.send('GET', `${events}?fieldSelector=involvedObject.name%3Dp,type%3DNormal`);
  expect(found.body.items).toHaveLength(1);
});

test('autoscalers of v1 and v2 are the same objects', async () => {
  const path = (version: string) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
  await api.send('POST', path('v1'), {
    metadata: { name: 'h' },
    spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 50 },
  });
  const { body } = await api.send('GET', `${path('v2')}/h`);
  expect(body.spec.metrics).toEqual([
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
  ]);
  expect((await api.send('GET', `${path('v1')}/h`)).body.spec.targetCPUUtilizationPercentage).toBe(50);
});

test.each([
  ['metrics', '[{"type":"Object","object":{"targetValue":{}}}]'],
  ['metrics', '[{"type":"Pods","pods":{"metricName":[1],"targetAverageValue":5,"selector":"x"}}]'],
  ['metrics', '["x"]'],
  ['metrics', '{"type":'],
  ['behavior', '{"ScaleUp":{"Policies":"x"}}'],
  ['behavior', '[1]'],
  ['current-metrics', '[{"type":"Resource","resource":{"name":"cpu","currentAverageValue":{}}}]'],
  ['conditions', '[{"type":1}]'],
])('an annotation of %s that holds no such thing (%s) says nothing to v2', async (name, value) => {
  const path = (version: string) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
  const annotations = { [`autoscaling.alpha.kubernetes.io/${name}`]: value };
  const spec = {
    scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' },
    maxReplicas: 3,
    targetCPUUtilizationPercentage: 50,
  };
  expect((await api.send('POST', path('v1'), { metadata: { name: 'h', annotations }, spec })).code).toBe(201);
  const { body } = await api.send('GET', `${path('v2')}/h`);
  expect(body.metadata.annotations).toBeUndefined();
  expect(body.spec.metrics).toHaveLength(1);
  expect(body.spec.behavior).toBeUndefined();
  expect(body.status.conditions ?? []).toEqual([]);
});

test('what v1 of autoscalers cannot say stands in annotations, in its own words, and is read back from them', async () => {
  const path = (version: string) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
  const annotation = (name: string) => `autoscaling.alpha.kubernetes.io/${name}`;
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
  const selector = { matchLabels: { a: 'b' } };
  const describedObject = { kind: 'Service', name: 's', apiVersion: 'v1' };
  const metrics = [
    { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
    {
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: 'c', target: { type: 'Utilization', averageUtilization: 7 } },
    },
    { type: 'Pods', pods: { metric: { name: 'm', selector }, target: { type: 'AverageValue', averageValue: '2' } } },
    { type: 'Object', object: { describedObject, metric: { name: 'm' }, target: { type: 'Value', value: '3' } } },
    { type: 'External', external: { metric: { name: 'm', selector }, target: { type: 'AverageValue', averageValue: '4' } } },
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
  ];
  const behavior = { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 10 }] } };
  const { body } = await api.send('POST', path('v2'), {
    metadata: { name: 'h' },
    spec: { scaleTargetRef, maxReplicas: 3, metrics, behavior },
  });
  await api.send(
    'PATCH',
    `${path('v2')}/h/status`,
    {
      status: {
        desiredReplicas: 1,
        currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageValue: '5m', averageUtilization: 9 } } }],
      },
    },
    merge,
  );

  const older = (await api.send('GET', `${path('v1')}/h`)).body;
  expect(older.spec).toEqual({ scaleTargetRef, minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 50 });
  expect(older.status.currentCPUUtilizationPercentage).toBe(9);
  expect(older.metadata.annotations).toEqual({
    [annotation('metrics')]: JSON.stringify([
      { type: 'Resource', resource: { name: 'memory', targetAverageValue: '1Gi' } },
      { type: 'ContainerResource', containerResource: { name: 'cpu', targetAverageUtilization: 7, container: 'c' } },
      { type: 'Pods', pods: { metricName: 'm', targetAverageValue: '2', selector } },
      { type: 'Object', object: { target: describedObject, metricName: 'm', targetValue: '3' } },
      { type: 'External', external: { metricName: 'm', metricSelector: selector, targetAverageValue: '4' } },
    ]),
    [annotation('current-metrics')]: JSON.stringify([
      { type: 'Resource', resource: { name: 'cpu', currentAverageUtilization: 9, currentAverageValue: '5m' } },
    ]),
    [annotation('behavior')]: JSON.stringify({
      ScaleUp: {
        StabilizationWindowSeconds: 0,
        SelectPolicy: 'Max',
        Policies: [
          { Type: 'Pods', Value: 4, PeriodSeconds: 15 },
          { Type: 'Percent', Value: 100, PeriodSeconds: 15 },
        ],
        Tolerance: null,
      },
      ScaleDown: {
        StabilizationWindowSeconds: null,
        SelectPolicy: 'Max',
        Policies: [{ Type: 'Pods', Value: 1, PeriodSeconds: 10 }],
        Tolerance: null,
      },
    }),
  });

  const copy = { metadata: { name: 'copy', annotations: older.metadata.annotations }, spec: older.spec };
  expect((await api.send('POST', path('v1'), copy)).code).toBe(201);
  const newer = (await api.send('GET', `${path('v2')}/copy`)).body;
  expect(newer.metadata.annotations).toBeUndefined();
  expect(newer.spec).toEqual(body.spec);
});

test('the older version of an autoscaler has all metrics in its columns', async () => {
  const path = (version: string): string => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
  const resource = (name: string, target: object): object => ({ type: 'Resource', resource: { name, target } });
  const cpu = resource('cpu', { type: 'Utilization', averageUtilization: 50 });
  const memory = resource('memory', { type: 'AverageValue', averageValue: '1Gi' });
  const spec = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }, maxReplicas: 3, metrics: [cpu, memory] };
  const { body } = await api.send('POST', path('v2'), { metadata: { name: 'told' }, spec });
  const current = [
    { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 10, averageValue: '1m' } } },
    { type: 'Resource', resource: { name: 'memory', current: { averageValue: '2Mi' } } },
  ];
  await api.send('PUT', `${path('v2')}/told/status`, { ...body, status: { ...body.status, desiredReplicas: 1, currentMetrics: current } });
  const accept = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
  for (const version of ['v1', 'v2']) {
    const { rows } = (await api.send('GET', `${path(version)}/told`, undefined, accept)).body;
    expect(rows[0].cells.slice(0, 3)).toEqual(['told', 'Deployment/d', 'cpu: 10%/50%, memory: 2Mi/1Gi']);
  }
});

test('logs, exec and tokens say honestly what is missing', async () => {
  await api.send('POST', pods, pod('p'));
  expect((await api.send('GET', `${pods}/p/log`)).code).toBe(204);
  expect((await api.send('GET', `${pods}/p/log?container=x`)).body.message).toBe('container x is not valid for pod p');
  const since = await api.send('GET', `${pods}/p/log?sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z&stream=Stdout`);
  expect(since.body.details.causes).toEqual([
    { reason: 'FieldValueForbidden', field: '[]', message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified' },
    { reason: 'FieldValueForbidden', message: 'Forbidden: may not be specified', field: 'stream' },
  ]);
  expect((await api.send('POST', `${pods}/p/exec?command=ls`)).body.message).toBe('pod p does not have a host assigned');
  const token = await api.send('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', { spec: {} });
  expect(token.body).toMatchObject({ code: 503, reason: 'ServiceUnavailable' });
});

test('which of several containers is meant has to be said, whatever is annotated', async () => {
  const annotations = { 'kubectl.kubernetes.io/default-container': 'b' };
  const lists = { containers: ['a', 'b'], initContainers: ['i'] };
  const spec = Object.fromEntries(Object.entries(lists).map(([list, names]) => [list, names.map((name) => ({ name, image: 'x' }))]));
  await api.send('POST', pods, { metadata: { name: 'several', annotations }, spec });
  expect((await api.send('GET', `${pods}/several/log`)).body.message).toBe(
    'a container name must be specified for pod several, choose one of: [i a b]',
  );
});

test('an attachment of a volume is for one volume, and stays so', async () => {
  const attachments = '/apis/storage.k8s.io/v1/volumeattachments';
  const spec = { attacher: 'csi.example.com', nodeName: 'n1', source: { persistentVolumeName: 'v' } };
  expect((await api.send('POST', attachments, { metadata: { name: 'a' }, spec })).code).toBe(201);
  const changed = await api.send('PATCH', `${attachments}/a`, { spec: { nodeName: 'n2' } }, merge);
  expect(changed.body.details.causes).toMatchObject([{ field: 'spec', message: expect.stringContaining('field is immutable') }]);
  const status = await api.send('PATCH', `${attachments}/a/status`, { status: { attached: true } }, merge);
  expect(status.body.status).toEqual({ attached: true });
  const bad = await api.send('POST', attachments, { metadata: { name: 'b' }, spec: { attacher: '', nodeName: '', source: {} } });
  expect(bad.body.details.causes.map(({ field }: { field: string }) => field)).toEqual([
    'spec.attacher',
    'spec.source',
    'spec.nodeName',
    'spec.attacher',
  ]);
});

test('nobody owns what a subresource does not take', async () => {
  const container = { name: 'c', image: 'i', resources: { requests: { cpu: '1' } } };
  const node = { metadata: { name: 'n', labels: { 'kubernetes.io/os': 'linux' } }, status: { allocatable: { cpu: '2' } } };
  await api.send('POST', '/api/v1/nodes', node);
  await api.send('POST', pods, pod('p', { nodeName: 'n', containers: [container] }));
  const containers = [{ name: 'c', image: 'other', resources: { requests: { cpu: '2' } } }];
  const spec = { activeDeadlineSeconds: 5, containers, ephemeralContainers: [{ name: 'e', image: 'i' }] };
  const ownerReferences = [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u' }];
  const change = { metadata: { labels: { a: 'b' }, ownerReferences }, spec, status: { message: 'm' } };
  const strategic = { 'content-type': 'application/strategic-merge-patch+json' };
  const owned = async (subresource: string) => {
    const { body } = await api.send('PATCH', `${pods}/p/${subresource}?fieldManager=me`, change, strategic);
    expect(body.message).toBeUndefined();
    return body.metadata.managedFields.find((entry: Body) => entry.manager === 'me' && entry.subresource === subresource).fieldsV1;
  };
  const added = { 'k:{"name":"e"}': expect.objectContaining({ 'f:name': {} }) };
  expect(await owned('ephemeralcontainers')).toEqual({ 'f:spec': { 'f:ephemeralContainers': { '.': {}, ...added } } });
  const resources = { 'k:{"name":"c"}': { 'f:resources': { 'f:requests': { 'f:cpu': {} } } } };
  expect(await owned('resize')).toEqual({ 'f:spec': { 'f:containers': resources } });
  expect(await owned('status')).toEqual({ 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } }, 'f:status': { 'f:message': {} } });
  const namespace = { metadata: { name: 'default' }, spec: { finalizers: ['kubernetes', 'a/b'] }, status: { phase: 'Terminating' } };
  const { body } = await api.send('PUT', '/api/v1/namespaces/default/finalize?fieldManager=me', namespace);
  const entry = body.metadata.managedFields.find((each: Body) => each.manager === 'me');
  expect(entry.fieldsV1).toEqual({ 'f:spec': { 'f:finalizers': {} } });
});
