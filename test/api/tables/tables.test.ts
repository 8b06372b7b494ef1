import { describe, expect, it } from 'vitest';
import descriptions from '../../../runtime/api/generated/descriptions.json' with { type: 'json' };
import { kinds } from '../../../runtime/api/generated/kinds.ts';
import type { Event, Service } from '../../../runtime/api/generated/types/core/v1.ts';
import type { KubeObject } from '../../../runtime/api/object.ts';
import { tableFor } from '../../../runtime/api/tables/table.ts';
import { ago, kindOf, now, rowOf } from './rows.ts';

describe('other kinds', () => {
  const service = (spec: Service['spec'], status: Service['status'] = {}): Service => ({
    metadata: { name: 's' },
    spec: { ...spec },
    status,
  });

  it.each<[object, Record<string, unknown>, object]>([
    [
      kindOf('Node'),
      {
        Status: 'NotReady,SchedulingDisabled',
        Roles: 'control-plane,x',
        Version: 'v1.36.0',
        'Internal-IP': '10.0.0.1',
        'External-IP': '<none>',
      },
      {
        metadata: { name: 'n', labels: { 'node-role.kubernetes.io/control-plane': '', 'kubernetes.io/role': 'x' } },
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: 'Ready', status: 'Unknown' }],
          nodeInfo: { kubeletVersion: 'v1.36.0' },
          addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        },
      },
    ],
    [
      kindOf('Service'),
      {
        Type: 'LoadBalancer',
        'Cluster-IP': '10.96.0.9',
        'External-IP': '<pending>',
        'Port(s)': '80:31001/TCP,53/UDP',
        Selector: 'a=1,b=2',
      },
      service({
        type: 'LoadBalancer',
        clusterIPs: ['10.96.0.9'],
        ports: [
          { port: 80, nodePort: 31001, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
        selector: { b: '2', a: '1' },
      }),
    ],
    [
      kindOf('Service'),
      { 'External-IP': '1.1.1.1,9.9.9.9' },
      service({ type: 'LoadBalancer', externalIPs: ['9.9.9.9'] }, { loadBalancer: { ingress: [{ ip: '1.1.1.1' }] } }),
    ],
    [
      kindOf('Endpoints'),
      { Endpoints: '1.2.3.1:80,1.2.3.2:80,[::1]:80 + 2 more...' },
      { subsets: [{ addresses: ['1.2.3.1', '1.2.3.2', '::1', '1.2.3.4', '1.2.3.5'].map((ip) => ({ ip })), ports: [{ port: 80 }] }] },
    ],
    [
      kindOf('Job', 'batch'),
      { Status: 'Complete', Completions: '3/3', Duration: '65s' },
      {
        spec: { completions: 3, template: {} },
        status: { succeeded: 3, startTime: ago(100), completionTime: ago(35), conditions: [{ type: 'Complete', status: 'True' }] },
      },
    ],
    [
      kindOf('CronJob', 'batch'),
      { Timezone: '<none>', Suspend: 'False', 'Last Schedule': '90s' },
      { spec: { suspend: false, jobTemplate: {} }, status: { lastScheduleTime: ago(90) } },
    ],
    [
      kindOf('HorizontalPodAutoscaler', 'autoscaling', 'v2'),
      { Targets: 'cpu: 10%/50%, 5/1k (avg) + 1 more...', MinPods: '<unset>', Replicas: 2 },
      {
        apiVersion: 'autoscaling/v2',
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: 'd' },
          maxReplicas: 3,
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
            { type: 'External', external: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '1000' } } },
            { type: 'Pods', pods: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '1' } } },
          ],
        },
        status: {
          currentReplicas: 2,
          currentMetrics: [
            { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 10 } } },
            { type: 'External', external: { current: { averageValue: '5' } } },
          ],
        },
      },
    ],
    [
      kindOf('ResourceQuota'),
      { Request: 'pods: 1/10, requests.cpu: 500m/1', Limit: 'limits.cpu: 0/2' },
      { status: { hard: { pods: '10', 'requests.cpu': '1', 'limits.cpu': '2' }, used: { pods: '1', 'requests.cpu': '0.5' } } },
    ],
    [
      kindOf('Ingress', 'networking.k8s.io'),
      { Class: '<none>', Hosts: 'a,b,c + 1 more...', Ports: '80, 443' },
      { spec: { rules: ['a', 'b', 'c', 'd'].map((host) => ({ host })), tls: [{}] } },
    ],
    [
      kindOf('StorageClass', 'storage.k8s.io'),
      { Name: 's (default)', ReclaimPolicy: 'Delete', AllowVolumeExpansion: false },
      { metadata: { name: 's', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }, provisioner: 'p' },
    ],
    [
      kindOf('PersistentVolumeClaim'),
      { Status: 'Bound', Capacity: '1Gi', 'Access Modes': 'RWO,RWX' },
      {
        spec: { volumeName: 'v' },
        status: { phase: 'Bound', capacity: { storage: '1024Mi' }, accessModes: ['ReadWriteMany', 'ReadWriteOnce'] },
      },
    ],
    [
      kindOf('RoleBinding', 'rbac.authorization.k8s.io'),
      { Role: 'ClusterRole/view', Users: 'u', ServiceAccounts: 'ns/sa' },
      {
        roleRef: { kind: 'ClusterRole', name: 'view' },
        subjects: [
          { kind: 'User', name: 'u' },
          { kind: 'ServiceAccount', namespace: 'ns', name: 'sa' },
        ],
      },
    ],
    [
      kindOf('CertificateSigningRequest', 'certificates.k8s.io'),
      { RequestedDuration: '24h', Condition: 'Approved,Issued' },
      { spec: { signerName: 's', expirationSeconds: 86400 }, status: { certificate: 'x', conditions: [{ type: 'Approved' }] } },
    ],
    [
      kindOf('Node'),
      { 'Kernel-Version': '<unknown> (arm64)' },
      { metadata: { name: 'n' }, status: { nodeInfo: { kubeletVersion: 'v1.36.0', architecture: 'arm64' } } },
    ],
    [
      kindOf('IngressClass', 'networking.k8s.io'),
      { Name: 'i (default)' },
      { metadata: { name: 'i', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } }, spec: { controller: 'c' } },
    ],
    [
      kindOf('PodCertificateRequest', 'certificates.k8s.io', 'v1beta1'),
      { UnverifiedUserAnnotations: 'a/x=1,b/y=2' },
      { metadata: { name: 'r' }, spec: { unverifiedUserAnnotations: { 'b/y': '2', 'a/x': '1' } } },
    ],
    ...(
      [
        ['Unknown', undefined],
        ['Unknown', [{ type: 'Running', status: 'False' }]],
        [
          'Succeeded',
          [
            { type: 'Running', status: 'False' },
            { type: 'Succeeded', status: 'True' },
          ],
        ],
      ] as const
    ).map(([Status, conditions]): [object, Record<string, unknown>, object] => [
      kindOf('StorageVersionMigration', 'storagemigration.k8s.io', 'v1beta1'),
      { Resource: 'pods', Status },
      { metadata: { name: 'm' }, spec: { resource: { group: '', resource: 'pods' } }, ...(conditions && { status: { conditions } }) },
    ]),
    ...(
      [
        ['Pending', undefined],
        ['Unschedulable', [{ type: 'PodGroupScheduled', status: 'False' }]],
        ['Scheduled', [{ type: 'PodGroupScheduled', status: 'True' }]],
        [
          'PreemptionByScheduler',
          [
            { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' },
            { type: 'PodGroupScheduled', status: 'True' },
          ],
        ],
      ] as const
    ).map(([Status, conditions]): [object, Record<string, unknown>, object] => [
      kindOf('PodGroup', 'scheduling.k8s.io', 'v1alpha2'),
      { Policy: 'Gang', Workload: 'w', Status, Age: '60s' },
      {
        metadata: { name: 'g', creationTimestamp: ago(60) },
        spec: { schedulingPolicy: { gang: { minCount: 2 } }, podGroupTemplateRef: { workload: { workloadName: 'w' } } },
        ...(conditions && { status: { conditions } }),
      },
    ]),
    [
      kindOf('PodGroup', 'scheduling.k8s.io', 'v1alpha2'),
      { Policy: 'Basic', Workload: '<none>' },
      { metadata: { name: 'g' }, spec: { schedulingPolicy: { basic: {} } } },
    ],
    ...(
      [
        [['-', '-', 'Pending', '<none>', 0], undefined],
        [['-', '-', 'Failed', '<none>', 0], { poolCount: 0, conditions: [{ type: 'Failed', status: 'True' }] }],
        [
          ['7', '1', 'Complete (2/3 pools)', '60s', 3],
          {
            poolCount: 3,
            conditions: [{ type: 'Complete', status: 'True', lastTransitionTime: ago(60) }],
            pools: [{ totalDevices: 3 }, { totalDevices: 4, validationError: 'bad' }],
          },
        ],
      ] as const
    ).map(([[Total, Errors, Status, Completed, Pools], status]): [object, Record<string, unknown>, object] => [
      kindOf('ResourcePoolStatusRequest', 'resource.k8s.io', 'v1alpha3'),
      { Driver: 'd', Total, Errors, Pools, Status, Completed },
      { metadata: { name: 'r' }, spec: { driver: 'd' }, ...(status && { status }) },
    ]),
    [
      kindOf('Role', 'rbac.authorization.k8s.io'),
      { Name: 'r', 'Created At': '2026-01-01T00:00:00Z' },
      { metadata: { name: 'r', creationTimestamp: '2026-01-01T00:00:00Z' } },
    ],
    [kindOf('Widget', 'example.com'), { Name: 'w' }, { metadata: { name: 'w' } }],
    ...['ValidatingAdmissionPolicyBinding', 'MutatingAdmissionPolicyBinding'].flatMap(
      (kind): [object, Record<string, unknown>, object][] => [
        [kindOf(kind, 'admissionregistration.k8s.io'), { ParamRef: '<unset>' }, { spec: { policyName: 'p' } }],
        [kindOf(kind, 'admissionregistration.k8s.io'), { ParamRef: '*/a' }, { spec: { paramRef: { name: 'a' } } }],
        [kindOf(kind, 'admissionregistration.k8s.io'), { ParamRef: 'ns/a' }, { spec: { paramRef: { name: 'a', namespace: 'ns' } } }],
        [
          kindOf(kind, 'admissionregistration.k8s.io'),
          {
            ParamRef:
              '&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[x y],},},}',
          },
          {
            spec: {
              paramRef: {
                selector: { matchLabels: { b: '2', a: '1' }, matchExpressions: [{ key: 'k', operator: 'In', values: ['x', 'y'] }] },
              },
            },
          },
        ],
      ],
    ),
    [kindOf('ClusterTrustBundle', 'certificates.k8s.io', 'v1beta1'), { SignerName: '<none>' }, { spec: { trustBundle: '' } }],
    [
      kindOf('VolumeAttributesClass', 'storage.k8s.io'),
      { Name: 'v (default)' },
      { metadata: { name: 'v', annotations: { 'volumeattributesclass.alpha.kubernetes.io/is-default-class': 'true' } }, driverName: 'd' },
    ],
    ...(
      [
        ['<unknown>/1 (avg)', 'AverageValue', {}],
        ['<unknown>/2', 'Value', undefined],
        ['<nil>/2', 'Value', {}],
        ['3/2', 'Value', { value: '3' }],
      ] as const
    ).map(([Targets, type, current]): [object, Record<string, unknown>, object] => [
      kindOf('HorizontalPodAutoscaler', 'autoscaling', 'v2'),
      { Targets },
      {
        apiVersion: 'autoscaling/v2',
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: 'd' },
          metrics: [
            {
              type: 'External',
              external: { metric: { name: 'q' }, target: { type, ...(type === 'Value' ? { value: '2' } : { averageValue: '1' }) } },
            },
          ],
        },
        status: current && { currentMetrics: [{ type: 'External', external: { metric: { name: 'q' }, current } }] },
      },
    ]),
  ])('%o', (kind, expected, object) => {
    expect(rowOf(kind as ReturnType<typeof kindOf>, object)).toMatchObject(expected);
  });

  it('lists flow schemas in the order in which they are tried', () => {
    const schema = (name: string, matchingPrecedence: number) => ({
      metadata: { name },
      spec: { matchingPrecedence, priorityLevelConfiguration: { name: 'p' } },
    });
    const { rows, objects } = tableFor(
      kindOf('FlowSchema', 'flowcontrol.apiserver.k8s.io'),
      [schema('a', 9000), schema('c', 100), schema('b', 100)],
      { now },
    );
    expect(rows.map(({ cells }) => cells[0])).toEqual(['b', 'c', 'a']);
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['b', 'c', 'a']);
  });

  it('shows events of both groups alike', () => {
    const core: Event = {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec' },
      reason: 'R',
      type: 'Warning',
      message: ' hello ',
      source: { component: 'cc', host: 'hh' },
      firstTimestamp: ago(600),
      lastTimestamp: ago(60),
      count: 3,
    };
    const events = {
      ...core,
      regarding: core.involvedObject,
      note: ' hello ',
      deprecatedSource: core.source,
      deprecatedFirstTimestamp: ago(600),
      deprecatedLastTimestamp: ago(60),
      deprecatedCount: 3,
    };
    const cells = {
      'Last Seen': '60s',
      Object: 'pod/p',
      Subobject: 'spec',
      Source: 'cc, hh',
      Message: 'hello',
      'First Seen': '10m',
      Count: 3,
      Name: 'e',
    };
    expect(rowOf(kindOf('Event'), core)).toMatchObject(cells);
    expect(rowOf(kindOf('Event', 'events.k8s.io'), events)).toMatchObject(cells);
  });

  it('shows events without the times and counts of old by their own time and series', () => {
    const event = {
      ...{ metadata: { name: 'e' }, involvedObject: { kind: 'Pod', name: 'p' }, eventTime: ago(600) },
      ...{ firstTimestamp: null, lastTimestamp: null, source: {} },
      ...{ reportingComponent: 'default-scheduler', reportingInstance: 'default-scheduler-h' },
    };
    const cells = { 'Last Seen': '10m', Source: 'default-scheduler, default-scheduler-h', 'First Seen': '10m', Count: 1 };
    expect(rowOf(kindOf('Event'), event)).toMatchObject(cells);
    const series = { count: 4, lastObservedTime: ago(60) };
    expect(rowOf(kindOf('Event'), { ...event, series })).toMatchObject({ ...cells, 'Last Seen': '60s', Count: 4 });
  });

  it('gives every listed kind one cell per column', () => {
    const listed = kinds.filter((kind) => kind.verbs.includes('list'));
    expect(listed.length).toBeGreaterThan(50);
    for (const kind of listed) {
      const { columnDefinitions, rows } = tableFor(kind, [minimal[kind.kind] ?? { metadata: { name: 'x' } }] as KubeObject[], { now });
      // Upstream gives addresses an age and no column for it.
      expect(rows[0]?.cells, kind.kind).toHaveLength(columnDefinitions.length + (kind.kind === 'IPAddress' ? 1 : 0));
      expect(rows[0]?.cells[columnDefinitions.findIndex((column) => column.name === 'Name')], kind.kind).toBe('x');
    }
  });
});

/** Objects whose required fields a printer reads. */
const metadata = { name: 'x' };
const minimal: Record<string, object> = {
  Event: { metadata, involvedObject: {} },
  ControllerRevision: { metadata, revision: 1 },
  RoleBinding: { metadata, roleRef: {} },
  ClusterRoleBinding: { metadata, roleRef: {} },
  CSINode: { metadata, spec: { drivers: null } },
  CSIDriver: { metadata, spec: {} },
  CertificateSigningRequest: { metadata, spec: {} },
  ClusterTrustBundle: { metadata, spec: {} },
  PodCertificateRequest: { metadata, spec: {} },
  DeviceTaintRule: { metadata, spec: { taint: {} } },
  VolumeAttachment: { metadata, spec: { source: {} } },
  ResourceSlice: { metadata, spec: { pool: {} } },
  ResourcePoolStatusRequest: { metadata, spec: { driver: 'd' } },
  PodGroup: { metadata, spec: {} },
  HorizontalPodAutoscaler: { metadata, spec: { scaleTargetRef: {} } },
  DaemonSet: { metadata, spec: { template: {} } },
  Deployment: { metadata, spec: { template: {} } },
};

describe('what columns say', () => {
  it('quotes fields that the API documents', () => {
    const documentation: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = descriptions;
    const missing = kinds.flatMap((kind) =>
      tableFor(kind, [], { now }).columnDefinitions.flatMap(({ name, description }) => {
        if (typeof description === 'string') return [];
        const prefix = description.type.startsWith('meta.') ? 'io.k8s.apimachinery.pkg.apis' : 'io.k8s.api';
        return documentation[`${prefix}.${description.type}`]?.[description.field] ? [] : [`${kind.kind} ${name}`];
      }),
    );
    expect(missing).toEqual([]);
  });
});

describe('requests for certificates of pods', () => {
  const request = (...types: string[]) => ({
    metadata: { name: 'r' },
    spec: { podName: 'p', serviceAccountName: 'a', nodeName: 'n', signerName: 'example.com/s' },
    status: { conditions: types.map((type) => ({ type, status: 'True' })) },
  });
  it.each([
    ['Pending', request()],
    ['Issued', request('Issued')],
    ['Denied', request('SuggestedKeyType', 'Denied')],
  ])('%s', (State, object) => {
    expect(rowOf(kindOf('PodCertificateRequest', 'certificates.k8s.io', 'v1beta1'), object)).toEqual({
      Name: 'r',
      PodName: 'p',
      ServiceAccountName: 'a',
      NodeName: 'n',
      SignerName: 'example.com/s',
      State,
      UnverifiedUserAnnotations: '<none>',
    });
  });
});

it.each([
  ['ServiceAccount', '', { secrets: [{ name: 's' }] }],
  ['Workload', 'scheduling.k8s.io', {}],
  ['DeviceClass', 'resource.k8s.io', {}],
])('of a %s only name and age are shown', (kind, group, fields) => {
  expect(rowOf(kindOf(kind, group), { metadata: { name: 'x', creationTimestamp: ago(60) }, ...fields })).toEqual({ Name: 'x', Age: '60s' });
});

it('taints of devices are listed with their age and the time they were added', () => {
  const taint = { key: 'k', effect: 'NoSchedule', timeAdded: ago(60) };
  const object = { metadata: { name: 't', creationTimestamp: ago(310) }, spec: { taint } };
  const row = { Name: 't', Key: 'k', Value: '', Effect: 'NoSchedule', TimeAdded: '60s', Age: '5m10s' };
  expect(rowOf(kindOf('DeviceTaintRule', 'resource.k8s.io', 'v1beta2'), object)).toEqual(row);
});

it('capacities of storage have no columns of their own, and the time of creation is described as the API describes it', () => {
  const created = '2026-01-01T00:00:00Z';
  const object = { metadata: { name: 'c', creationTimestamp: created }, storageClassName: 's', capacity: '1Gi' };
  const kind = kindOf('CSIStorageCapacity', 'storage.k8s.io');
  expect(rowOf(kind, object)).toEqual({ Name: 'c', 'Created At': created });
  const [, column] = tableFor(kind, [], { now }).columnDefinitions;
  expect(column?.description).toEqual({ type: 'meta.v1.ObjectMeta', field: 'creationTimestamp' });
});

it.each([
  ['ClusterRoleBinding', 'rbac.authorization.k8s.io', 'Role', /^RoleRef can only reference a ClusterRole in .* must return an error\.$/],
  ['CertificateSigningRequest', 'certificates.k8s.io', 'SignerName', /^Requested signer for the request\. .* using `spec\.signerName`\.$/s],
])('a column of a %s is described in the words of a version that is gone', (kind, group, name, words) => {
  const { columnDefinitions } = tableFor(kindOf(kind, group), [], { now });
  expect(columnDefinitions.find((column) => column.name === name)?.description).toMatch(words);
});

it('descriptions have their stars as they are', () => {
  expect(descriptions['io.k8s.api.admissionregistration.v1.RuleWithOperations'].resources).toContain("'*/*' means all resources");
});
