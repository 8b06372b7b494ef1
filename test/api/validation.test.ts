import { describe, expect, test } from 'vitest';
import { applyDefaults } from '../../runtime/api/defaults/index.ts';
import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import {
  formatFieldError,
  formatFieldErrors,
  validateCreate,
  validateEphemeralContainersUpdate,
  validatePodBinding,
  validateStatusUpdate,
  validateUpdate,
} from '../../runtime/api/validation/index.ts';

type Fields = Record<string, unknown>;

function kindOf(apiVersion: string, kind: string): { group: string; version: string; kind: string } {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group, version, kind };
}

/** An object as it comes to validation: named, placed and defaulted. */
function made(apiVersion: string, kind: string, fields: Fields): KubeObject {
  const object = structuredClone(fields) as unknown as KubeObject & { metadata: Fields };
  object.metadata = { name: 'x', namespace: 'default', uid: 'u', ...object.metadata };
  if (object.metadata.namespace === '') delete object.metadata.namespace;
  applyDefaults(kindOf(apiVersion, kind), object);
  return object;
}

function created(apiVersion: string, kind: string, fields: Fields): string[] {
  return validateCreate(kindOf(apiVersion, kind), made(apiVersion, kind, fields)).map(formatFieldError);
}

function changed(apiVersion: string, kind: string, old: Fields, fields: Fields): string[] {
  const withVersion = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, resourceVersion: '1' } });
  const [before, after] = [made(apiVersion, kind, old), made(apiVersion, kind, fields)].map(withVersion);
  return validateUpdate(kindOf(apiVersion, kind), after ?? {}, before ?? {}).map(formatFieldError);
}

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const container = { name: 'c', image: 'i' };
const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [container] } };
const selector = { matchLabels: { app: 'a' } };

function pod(spec: Fields, metadata: Fields = {}): Fields {
  return { metadata, spec: { containers: [container], ...spec } };
}

function inContainer(fields: Fields, spec: Fields = {}): Fields {
  return pod({ ...spec, containers: [{ ...container, ...fields }] });
}

describe('metadata', () => {
  test.each<[string, Fields, string[]]>([
    ['no name', { name: '' }, ['metadata.name: Required value: name or generateName is required']],
    ['label key', { labels: { '/a': '' } }, ['metadata.labels: Invalid value: "/a": prefix part must be non-empty']],
    [
      'annotations in total',
      { annotations: { a: 'x'.repeat(256 * 1024) } },
      ['metadata.annotations: Too long: may not be more than 262144 bytes'],
    ],
    [
      'finalizer',
      { finalizers: ['done'] },
      ['metadata.finalizers[0]: Invalid value: "done": name is neither a standard finalizer name nor is it fully qualified'],
    ],
    [
      'owner',
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: '' }] },
      ['metadata.ownerReferences.uid: Invalid value: "": must not be empty'],
    ],
  ])('%s', (_, metadata, errors) => {
    expect(created('v1', 'ConfigMap', { metadata })).toEqual(errors);
  });

  test('names follow the rule of the kind', () => {
    expect(created('v1', 'Service', { metadata: { name: '1a' }, spec: { type: 'ExternalName', externalName: 'a.b' } })[0]).toContain(
      'DNS-1035',
    );
    expect(created('rbac.authorization.k8s.io/v1', 'Role', { metadata: { name: 'system:a/b' } })).toEqual([
      `metadata.name: Invalid value: "system:a/b": may not contain '/'`,
    ]);
    expect(created('v1', 'Namespace', { metadata: { name: 'a', namespace: 'n' } })).toEqual([
      'metadata.namespace: Forbidden: not allowed on this type',
    ]);
  });

  test('identity does not change', () => {
    expect(changed('v1', 'ConfigMap', {}, { metadata: { uid: 'v', name: 'y' } })).toEqual([
      'metadata.name: Invalid value: "y": field is immutable',
      'metadata.uid: Invalid value: "v": field is immutable',
    ]);
  });
});

describe('pods', () => {
  test.each<[string, Fields, string[]]>([
    ['a sound one', pod({}), []],
    ['no containers', pod({ containers: [] }), ['spec.containers: Required value']],
    [
      'all errors at once',
      pod({ containers: [{ name: 'A' }, { name: 'b', image: 'i' }, { name: 'b', image: 'i' }] }),
      [
        `spec.containers[0].name: Invalid value: "A": ${label}`,
        'spec.containers[0].image: Required value',
        'spec.containers[2].name: Duplicate value: "b"',
      ],
    ],
    [
      'port',
      inContainer({ ports: [{ containerPort: 70000 }] }),
      ['spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
    ],
    [
      'protocol',
      inContainer({ ports: [{ containerPort: 80, protocol: 'tcp' }] }),
      ['spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"'],
    ],
    [
      'variable',
      inContainer({ env: [{ name: 'a=b' }, { name: 'x', value: '1', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }] }),
      [
        `spec.containers[0].env[0].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
        'spec.containers[0].env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      ],
    ],
    [
      'more than the limit',
      inContainer({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      'resource name',
      inContainer({ resources: { limits: { gpu: '1' } } }),
      [
        'spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers',
        'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
      ],
    ],
    [
      'probe',
      inContainer({ livenessProbe: { successThreshold: 2, tcpSocket: { port: 80 }, exec: { command: ['a'] } } }),
      [
        'spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
        'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
      ],
    ],
    [
      'mount',
      inContainer(
        {
          volumeMounts: [
            { name: 'v', mountPath: '/a' },
            { name: 'w', mountPath: '/a' },
          ],
        },
        { volumes: [{ name: 'v' }] },
      ),
      [
        'spec.containers[0].volumeMounts[1].name: Not found: "w"',
        'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
      ],
    ],
    [
      'two sources',
      pod({ volumes: [{ name: 'v', emptyDir: {}, configMap: { name: 'm' } }] }),
      ['spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type'],
    ],
    [
      'init container',
      pod({ initContainers: [{ ...container, name: 'i', startupProbe: { tcpSocket: { port: 1 } } }] }),
      ['spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always'],
    ],
    [
      'sidecar',
      pod({ initContainers: [{ ...container, name: 'i', restartPolicy: 'Always', startupProbe: { tcpSocket: { port: 1 } } }] }),
      [],
    ],
    [
      'node affinity',
      pod({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
      ],
    ],
    [
      'toleration',
      pod({ tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }),
      [`spec.tolerations[0].operator: Invalid value: "b": value must be empty when \`operator\` is 'Exists'`],
    ],
    [
      'spread',
      pod({ topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'Never' }] }),
      [
        'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"',
      ],
    ],
    ['dns', pod({ dnsPolicy: 'None' }), ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
    [
      'ephemeral container',
      pod({ ephemeralContainers: [{ name: 'e', image: 'i' }] }),
      ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
    ],
  ])('%s', (_, fields, errors) => {
    expect(created('v1', 'Pod', fields)).toEqual(errors);
  });

  test('a running pod changes its image, and little else', () => {
    expect(changed('v1', 'Pod', pod({}), inContainer({ image: 'j' }))).toEqual([]);
    expect(changed('v1', 'Pod', pod({}), pod({ tolerations: [{ operator: 'Exists' }] }))).toEqual([]);
    const [error] = changed('v1', 'Pod', pod({}), pod({ nodeName: 'n' }));
    expect(error).toMatch(
      /^spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\].image`,`spec.initContainers\[\*\].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` \(only additions to existing tolerations\),`spec.terminationGracePeriodSeconds` \(allow it to be set to 1 if it was previously negative\)\n\+\tnodeName: "n"$/,
    );
    expect(changed('v1', 'Pod', pod({}), pod({ containers: [container, { name: 'd', image: 'i' }] }))).toEqual([
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ]);
  });

  test('a container that has ended for good stays ended', () => {
    const status = (state: Fields): Fields =>
      pod({ restartPolicy: 'Never' }, { resourceVersion: '1' }) && {
        ...pod({ restartPolicy: 'Never' }, { resourceVersion: '1' }),
        status: { containerStatuses: [{ name: 'c', state }] },
      };
    const errors = validateStatusUpdate(
      kindOf('v1', 'Pod'),
      made('v1', 'Pod', status({ running: {} })),
      made('v1', 'Pod', status({ terminated: { exitCode: 0 } })),
    );
    expect(formatFieldErrors(errors)).toBe('status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state');
  });
});

describe('workloads', () => {
  test.each<[string, string, Fields, string[]]>([
    ['apps/v1', 'Deployment', { spec: { selector, template } }, []],
    [
      'apps/v1',
      'Deployment',
      { spec: { selector: { matchLabels: { app: 'b' } }, template, replicas: -1, strategy: { type: 'Recreate', rollingUpdate: {} } } },
      [
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
        "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      ],
    ],
    [
      'apps/v1',
      'ReplicaSet',
      { spec: { selector: {}, template } },
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    [
      'apps/v1',
      'DaemonSet',
      { spec: { selector, template, updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } } },
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
    ],
    [
      'apps/v1',
      'StatefulSet',
      { spec: { selector, template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } } },
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'batch/v1',
      'Job',
      { spec: { manualSelector: true, selector, template } },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'batch/v1',
      'CronJob',
      { spec: { schedule: '61 * * * *', jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } } } },
      ['spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61'],
    ],
  ])('%s %s (%#)', (apiVersion, kind, fields, errors) => {
    expect(created(apiVersion, kind, fields)).toEqual(errors);
  });

  test('selectors stay', () => {
    const other = { app: 'b' };
    const renamed = { spec: { selector: { matchLabels: other }, template: { ...template, metadata: { labels: other } } } };
    expect(changed('apps/v1', 'Deployment', { spec: { selector, template } }, renamed)).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    ]);
    expect(changed('apps/v1', 'StatefulSet', { spec: { selector, template } }, { spec: { selector, template, serviceName: 's' } })).toEqual(
      [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    );
  });
});

describe('what comes through subresources', () => {
  test('a pod is bound to a node', () => {
    expect(validatePodBinding({ target: { kind: 'Pod' } }).map(formatFieldError)).toEqual([
      'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"',
      'target.name: Required value',
    ]);
  });

  test('a container for debugging stays as it is', () => {
    const withDebugger = (image: string): Pod =>
      made('v1', 'Pod', pod({ ephemeralContainers: [{ name: 'e', image }] }, { resourceVersion: '1' })) as Pod;
    expect(validateEphemeralContainersUpdate(withDebugger('a'), withDebugger('a'))).toEqual([]);
    expect(formatFieldErrors(validateEphemeralContainersUpdate(withDebugger('b'), withDebugger('a')))).toMatch(
      /^spec.ephemeralContainers: Forbidden: existing ephemeral containers "e" may not be changed\n-\timage: "a"\n\+\timage: "b"$/,
    );
  });
});

describe('job policies', () => {
  const job = (fields: Fields): Fields => ({
    spec: {
      manualSelector: true,
      selector,
      completionMode: 'Indexed',
      completions: 5,
      template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
      ...fields,
    },
  });

  test.each<[Fields, string[]]>([
    [{ successPolicy: { rules: [{ succeededIndexes: '0,2-4', succeededCount: 4 }] } }, []],
    [
      { successPolicy: { rules: [{ succeededIndexes: '2,1' }] } },
      [
        'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "2,1": error parsing succeededIndexes: non-increasing order, previous: 2, current: 1',
      ],
    ],
    [
      { podFailurePolicy: { rules: [{ action: 'Ignore' }] } },
      ['spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required'],
    ],
    [
      { podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [2, 0] } }] } },
      [
        'spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator',
        'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,0]: must be ordered',
      ],
    ],
  ])('%j', (fields, errors) => {
    expect(created('batch/v1', 'Job', job(fields))).toEqual(errors);
  });
});

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
      { spec: { minReplicas: 3, maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'd' } } },
      ['spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`'],
    ],
    [
      'policy/v1',
      'PodDisruptionBudget',
      { spec: { minAvailable: '101%' } },
      ['spec.minAvailable: Invalid value: "101%": must not be greater than 100%'],
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
        'endpoints[0].addresses[0]: Invalid value: "::1": must be an IPv4 address',
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
      ['spec.priorityLevelConfiguration.name: Required value'],
    ],
  ])('%s %s (%#)', (apiVersion, kind, fields, errors) => {
    expect(created(apiVersion, kind, fields)).toEqual(errors);
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
