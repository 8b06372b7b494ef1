import { describe, expect, test } from 'vitest';
import { changed, cluster, created, type Fields, reported } from './judge.ts';
import { container, inContainer, pod, selector, template } from './objects.ts';

/** What was answered in other words than Kubernetes 1.36 has, case by case of its own tests. */

const finished = [
  { type: 'SuccessCriteriaMet', status: 'True' },
  { type: 'Complete', status: 'True' },
];
const times = { startTime: '2026-01-01T00:00:00Z', completionTime: '2026-01-01T01:00:00Z' };
const job = (status: Fields, spec: Fields = {}): Fields => ({
  spec: { completions: 1, template: { spec: { containers: [container] } }, ...spec },
  status,
});
const device = (fields: Fields): Fields => ({
  metadata: cluster,
  spec: {
    driver: 'd.example.com',
    nodeName: 'n',
    pool: { name: 'p', generation: 1, resourceSliceCount: 1 },
    devices: [{ name: 'd', ...fields }],
  },
});
const set = (spec: Fields): Fields => ({
  spec: { selector, serviceName: 's', template: { ...template, spec: { ...template.spec, ...spec } } },
});

test.each<[string, Fields, string[]]>([
  ['v1/Pod', inContainer({ name: 'a.b.c' }), ['spec.containers[0].name: Invalid value: "a.b.c": must not contain dots']],
  ['v1/Pod', pod({ os: { name: '' } }), ['spec.os.name: Required value']],
  [
    'v1/Pod',
    pod({ securityContext: { seLinuxChangePolicy: 'MountOption' } }),
    ['spec.securityContext.seLinuxChangePolicy: Unsupported value: "MountOption": supported values: "Recursive"'],
  ],
  [
    'v1/Pod',
    pod({ resourceClaims: [{ name: 'c' }] }),
    [
      'spec.resourceClaims[0]: Invalid value: {"Name":"c","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
    ],
  ],
  [
    'v1/Pod',
    inContainer({ securityContext: { seccompProfile: { type: 'RuntimeDefault', localhostProfile: 'x' } } }),
    [
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: {"Type":"RuntimeDefault","LocalhostProfile":"x"}: can only be set when seccomp type is Localhost',
    ],
  ],
  [
    'v1/Pod',
    inContainer({ restartPolicy: 'Always', restartPolicyRules: [{ action: 'x', exitCodes: { operator: 'In', values: [1] } }] }),
    ['spec.containers[0].restartPolicyRules[0].action: Unsupported value: "x": supported values: "Restart", "RestartAllContainers"'],
  ],
  [
    'v1/Pod',
    pod({ initContainers: [{ name: 'i', image: 'i', resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] }] }),
    [
      `spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: "RestartContainer": must not be set to 'RestartContainer' for non-sidecar initContainers`,
    ],
  ],
  [
    'v1/Pod',
    pod({ volumes: [{ name: 'v', emptyDir: {}, downwardAPI: {} }] }),
    ['spec.volumes[0].downwarAPI: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'v1/Node',
    { metadata: cluster, spec: { podCIDRs: ['10.0.0.0/16', '10.0.0.0/16'] } },
    ['spec.podCIDRs: Invalid value: ["10.0.0.0/16","10.0.0.0/16"]: may specify no more than one CIDR for each IP family'],
  ],
  [
    'v1/Node',
    { metadata: cluster, status: { nodeInfo: { swap: { capacity: 0 } } } },
    ['metadata.nodeSwapStatus.capacity: Invalid value: 0: must be greater than zero'],
  ],
  [
    'v1/Endpoints',
    { subsets: [{ addresses: [{ ip: '010.1.1.1' }], ports: [{ port: 80 }] }] },
    ['subsets[0].addresses[0].ip: Invalid value: "010.1.1.1": must not have leading 0s'],
  ],
  [
    'v1/Event',
    {
      involvedObject: { namespace: 'default' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingInstance: 'i',
      action: 'a',
      reason: 'r',
      type: 'Normal',
    },
    [
      'reportingComponent: Required value',
      'reportingComponent: Invalid value: "": name part must be non-empty',
      `reportingComponent: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
  ],
  [
    'v1/PersistentVolumeClaim',
    {
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
        dataSource: { kind: 'PersistentVolumeClaim', name: 'a' },
        dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'a', namespace: '' },
      },
    },
    [],
  ],
  ['apps/v1/ControllerRevision', { data: [], revision: 1 }, ['data: Required value: data must be a valid JSON object']],
  ['apps/v1/StatefulSet', set({ hostname: 'Not_Valid', subdomain: 'Neither_' }), []],
  [
    'networking.k8s.io/v1/NetworkPolicy',
    { spec: { podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP', port: 35000, endPort: 32768 }] }] } },
    ['spec.ingress[0].ports[0].endPort: Invalid value: 35000: must be greater than or equal to `port`'],
  ],
  [
    'networking.k8s.io/v1/IngressClass',
    { metadata: cluster, spec: { controller: 'a.b/c', parameters: { kind: '', name: '', scope: 'Cluster' } } },
    ['spec.parameters.kind: Required value', 'spec.parameters.name: Required value'],
  ],
  [
    'networking.k8s.io/v1/ServiceCIDR',
    { metadata: cluster, spec: { cidrs: ['192.168.0.0/24', 'x'] } },
    ['spec.cidrs[1]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
  ],
  [
    'networking.k8s.io/v1/ServiceCIDR',
    { metadata: cluster, spec: { cidrs: ['192.168.0.0/24', '10.0.0.0/16'] } },
    [
      'spec.cidrs: Invalid value: ["192.168.0.0/24","10.0.0.0/16"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    ],
  ],
  [
    'discovery.k8s.io/v1/EndpointSlice',
    { addressType: 'IPv4', endpoints: [{ addresses: ['2001:4860::8888'] }] },
    ['endpoints[0].addresses: Invalid value: "2001:4860::8888": must be an IPv4 address'],
  ],
  ['node.k8s.io/v1/RuntimeClass', { metadata: cluster, handler: '' }, ['handler: Required value']],
  [
    'autoscaling/v2/HorizontalPodAutoscaler',
    { spec: { maxReplicas: 0, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } } },
    [
      'spec.maxReplicas: Required value: must be set and greater than 0',
      'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
    ],
  ],
  [
    'storage.k8s.io/v1/CSIDriver',
    { metadata: cluster, spec: { serviceAccountTokenInSecrets: true } },
    ['spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified'],
  ],
  [
    'storage.k8s.io/v1/StorageClass',
    {
      metadata: cluster,
      provisioner: 'a.b/c',
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'kubernetes.io/hostname', values: [] }] }],
    },
    ['allowedTopologies[0].matchLabelExpressions[0].values: Required value'],
  ],
  [
    'resource.k8s.io/v1/ResourceSlice',
    device({ attributes: { foo: { string: 'x', bool: true } } }),
    [
      'spec.devices[0].attributes[foo]: Invalid value: {"IntValue":null,"BoolValue":true,"StringValue":"x","VersionValue":null,"IntValues":null,"BoolValues":null,"StringValues":null,"VersionValues":null}: exactly one value must be specified',
    ],
  ],
  [
    'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration',
    {
      metadata: cluster,
      webhooks: [
        {
          name: 'w.example.com',
          clientConfig: { url: 'https://example.com' },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          matchConditions: [{ name: 'c', expression: 'object.x in [1, 2, ' }],
        },
      ],
    },
    [
      `webhooks[0].matchConditions[0].expression: Invalid value: "object.x in [1, 2,": compilation failed: ERROR: <input>:1:19: Syntax error: missing ']' at '<EOF>'\n | object.x in [1, 2,\n | ..................^`,
    ],
  ],
  [
    'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy',
    {
      metadata: cluster,
      spec: {
        matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }] },
        auditAnnotations: [{ key: 'k', valueExpression: 'object.x in [1, 2, ' }],
      },
    },
    [
      `spec.auditAnnotations[0].valueExpression: Invalid value: "object.x in [1, 2, ": compilation failed: ERROR: <input>:1:19: Syntax error: missing ']' at '<EOF>'\n | object.x in [1, 2,\n | ..................^`,
    ],
  ],
])('a new %s (%#)', (type, fields, errors) => {
  expect(created(type, fields)).toEqual(errors);
});

test('the status of a policy names places, and has conditions of the common form', () => {
  const policy = 'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
  const old = { metadata: cluster, spec: {} };
  const found = (fieldRef: string, warning = 'w') => ({ fieldRef, warning });
  const expressionWarnings = [found(' ', ''), found('spec.validations[0].expression'), found('.spec[')];
  const conditions = [{ type: 'a', status: 'x', reason: 'r', lastTransitionTime: '2026-01-01T00:00:00Z' }];
  expect(reported(policy, old, { ...old, status: { typeChecking: { expressionWarnings }, conditions } })).toEqual([
    'status.typeChecking.expressionWarnings[0].warning: Required value',
    'status.typeChecking.expressionWarnings[0].fieldRef: Required value',
    expect.stringContaining('status.typeChecking.expressionWarnings[2].fieldRef: Invalid value: ".spec[": invalid JSONPath: unterminated'),
    'status.conditions[0].status: Unsupported value: "x": supported values: "False", "True", "Unknown"',
  ]);
});

describe('the status of a job', () => {
  test.each<[string, Fields, Fields, string[]]>([
    [
      'does not change when it began',
      job({ startTime: times.startTime }),
      job({}),
      ['status.startTime: Invalid value: null: field is immutable for unsuspended job once set'],
    ],
    [
      'begins anew when it is resumed',
      job({ startTime: times.startTime, conditions: [{ type: 'Suspended', status: 'True' }] }),
      job({ startTime: times.completionTime, conditions: [{ type: 'Suspended', status: 'False' }] }),
      [],
    ],
    [
      'does not end before it began',
      job({}),
      job({ startTime: times.completionTime, completionTime: times.startTime, conditions: finished }),
      ['status.completionTime: Invalid value: "2026-01-01T00:00:00Z": must be equal to or after `startTime`'],
    ],
    [
      'does not change when it ended',
      job({ ...times, conditions: finished }),
      job({ ...times, completionTime: '2026-01-01T02:00:00Z', conditions: finished }),
      ['status.completionTime: Invalid value: "2026-01-01T02:00:00Z": field is immutable'],
    ],
    [
      'leaves no pods uncounted',
      job({ startTime: times.startTime }),
      job({ ...times, conditions: finished, uncountedTerminatedPods: { failed: ['a'] } }),
      ['status.uncountedTerminatedPods: Invalid value: {"Succeeded":null,"Failed":["a"]}: must be empty for finished job'],
    ],
    [
      'ends without having begun when it is suspended and wants nothing',
      job({}, { suspend: true, completions: 0 }),
      job({ completionTime: times.completionTime, conditions: finished }, { suspend: true, completions: 0 }),
      [],
    ],
  ])('%s', (_, old, fields, errors) => {
    expect(reported('batch/v1/Job', old, fields)).toEqual(errors);
  });
});

test('addresses of a pod and its claims are shown as Go names them', () => {
  const { spec } = pod({ resourceClaims: [{ name: 'c', resourceClaimName: 'x' }] });
  const statuses = [{ name: 'c', resourceClaimName: '%' }];
  const errors = reported(
    'v1/Pod',
    { spec },
    { spec, status: { podIPs: [{ ip: '1.1.1.1' }, { ip: '2.2.2.2' }], resourceClaimStatuses: statuses } },
  );
  expect(errors).toEqual([
    expect.stringMatching(/^status\.resourceClaimStatuses\[0\]\.resourceClaimName: Invalid value: "%": a lowercase RFC 1123 subdomain/),
    'status.podIPs: Invalid value: [{"IP":"1.1.1.1"},{"IP":"2.2.2.2"}]: may specify no more than one IP for each IP family',
  ]);
});

test('a changed node has to be sound as a new one', () => {
  const node = (fields: Fields): Fields => ({ metadata: cluster, ...fields });
  expect(changed('v1/Node', node({}), node({ spec: { podCIDRs: ['010.0.0.0/24'] } }))).toEqual([
    'spec.podCIDRs[0]: Invalid value: "010.0.0.0/24": must not have leading 0s in IP or prefix length',
  ]);
});
