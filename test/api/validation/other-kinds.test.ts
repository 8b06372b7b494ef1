import { describe, expect, test } from 'vitest';
import { changed, created, type Fields } from './objects.ts';

describe('other kinds', () => {
  const service = (spec: Fields): Fields => ({ spec: { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [{ port: 80 }], ...spec } });
  const cluster = { metadata: { namespace: '' } };

  test.each<[string, string, Fields, string[]]>([
    ['v1', 'Service', service({}), []],
    [
      'v1',
      'Service',
      service({ ports: [{ port: 80 }, { port: 81 }] }),
      ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
    ],
    [
      'v1',
      'Service',
      service({ ports: [{ port: 80, nodePort: 30000 }] }),
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    [
      'v1',
      'ConfigMap',
      { data: { 'a/b': '' } },
      [
        `data[a/b]: Invalid value: "a/b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      ],
    ],
    ['v1', 'Secret', { type: 'kubernetes.io/tls' }, ['data[tls.crt]: Required value', 'data[tls.key]: Required value']],
    [
      'v1',
      'PersistentVolumeClaim',
      { spec: { accessModes: ['RWO'] } },
      [
        'spec.accessModes: Unsupported value: "RWO": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        'spec.resources[storage]: Required value',
      ],
    ],
    [
      'v1',
      'PersistentVolume',
      { ...cluster, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, local: { path: '/a' } } },
      ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
    ],
    [
      'networking.k8s.io/v1',
      'Ingress',
      { spec: { rules: [{ host: 'a', http: { paths: [{ path: 'x', pathType: 'Prefix', backend: { service: { name: 's' } } }] } }] } },
      [
        'spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path',
        'spec.rules[0].http.paths[0].backend: Required value: port name or number is required',
      ],
    ],
    [
      'networking.k8s.io/v1',
      'NetworkPolicy',
      { spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }] } },
      ['spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`'],
    ],
    [
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      { spec: { minReplicas: 3, maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } } },
      ['spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`'],
    ],
    [
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      {},
      [
        'spec.maxReplicas: Required value: must be set and greater than 0',
        'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
        'spec.scaleTargetRef.kind: Required value',
        'spec.scaleTargetRef.name: Required value',
        'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
      ],
    ],
    [
      'v1',
      'PersistentVolume',
      { ...cluster, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi', pods: '1' }, hostPath: { path: '/a' } } },
      ['spec.capacity: Unsupported value: {"pods":"1","storage":"1Gi"}: supported values: "storage"'],
    ],
    [
      'apiregistration.k8s.io/v1',
      'APIService',
      { metadata: { namespace: '', name: '' }, spec: { group: 'a.io', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1 } },
      ['metadata.name: Required value: name or generateName is required'],
    ],
    [
      'policy/v1',
      'PodDisruptionBudget',
      { spec: { minAvailable: '101%' } },
      ['spec.minAvailable: Invalid value: "101%": must not be greater than 100%'],
    ],
    [
      'policy/v1',
      'PodDisruptionBudget',
      { spec: { minAvailable: 1, maxUnavailable: '10%', selector: { matchLabels: { app: 'a' } } } },
      [
        'spec: Invalid value: {"MinAvailable":1,"Selector":{"matchLabels":{"app":"a"}},"MaxUnavailable":"10%","UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
      ],
    ],
    [
      'rbac.authorization.k8s.io/v1',
      'RoleBinding',
      { roleRef: { kind: 'Rolle', name: 'r' } },
      ['roleRef.kind: Unsupported value: "Rolle": supported values: "Role", "ClusterRole"'],
    ],
    ['v1', 'ResourceQuota', { spec: { hard: { pods: '1.5' } } }, ['spec.hard[pods]: Invalid value: "1500m": must be an integer']],
    [
      'v1',
      'LimitRange',
      { spec: { limits: [{ type: 'Pod', max: { cpu: '1' }, min: { cpu: '2' } }] } },
      ['spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1'],
    ],
    [
      'scheduling.k8s.io/v1',
      'PriorityClass',
      { ...cluster, value: 1_000_000_001 },
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    [
      'discovery.k8s.io/v1',
      'EndpointSlice',
      { addressType: 'IPv4', endpoints: [{ addresses: ['::1'] }] },
      [
        'endpoints[0].addresses: Invalid value: "::1": must be an IPv4 address',
        'endpoints[0].addresses[0]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      'storage.k8s.io/v1',
      'StorageClass',
      { ...cluster, reclaimPolicy: 'Recycle' },
      ['provisioner: Required value', 'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    ],
    [
      'flowcontrol.apiserver.k8s.io/v1',
      'FlowSchema',
      { ...cluster, spec: { priorityLevelConfiguration: {} } },
      ['spec.priorityLevelConfiguration.name: Required value: must reference a priority level'],
    ],
  ])('%s %s (%#)', (apiVersion, kind, fields, errors) => {
    expect(created(apiVersion, kind, fields)).toEqual(errors);
  });

  test.each<[string, Fields]>([
    ['RoleBinding', {}],
    ['ClusterRoleBinding', cluster],
  ])('a %s keeps its role', (kind, fields) => {
    const binding = (name: string): Fields => ({
      ...fields,
      roleRef: { name, kind: 'ClusterRole', apiGroup: 'rbac.authorization.k8s.io' },
    });
    expect(changed('rbac.authorization.k8s.io/v1', kind, binding('a'), binding('b'))).toEqual([
      'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"b"}: cannot change roleRef',
    ]);
  });

  test('an immutable ConfigMap stays', () => {
    expect(changed('v1', 'ConfigMap', { immutable: true, data: { a: 'b' } }, { immutable: true, data: { a: 'c' } })).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
  });

  test('a claim grows only when it is bound', () => {
    const claim = (storage: string, phase: string): Fields => ({
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
      status: { phase, capacity: { storage: '1Gi' } },
    });
    expect(changed('v1', 'PersistentVolumeClaim', claim('1Gi', 'Bound'), claim('2Gi', 'Bound'))).toEqual([]);
    expect(changed('v1', 'PersistentVolumeClaim', claim('2Gi', 'Bound'), claim('1Gi', 'Bound'))).toEqual([
      'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
    ]);
    expect(changed('v1', 'PersistentVolumeClaim', claim('1Gi', 'Pending'), claim('2Gi', 'Pending'))[0]).toMatch(
      /^spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n/,
    );
  });
});
