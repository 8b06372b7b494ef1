import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../runtime/api/generated/types/core/v1.ts';
import { formatFieldError, validatePodResize, validateStatusUpdate } from '../../../runtime/api/validation/index.ts';
import { changed, container, created, type Fields, inContainer, kindOf, label, made, pod } from './objects.ts';

type Case = readonly [name: string, pod: Fields, errors: readonly string[]];

const template = (fields: Fields): Fields => ({ template: { metadata: fields.metadata, spec: fields.spec } });
const projected = (...sources: Fields[]): Fields => pod({ serviceAccountName: 's', volumes: [{ name: 'v', projected: { sources } }] });
const certificate = { signerName: 'example.com/signer', keyType: 'ED25519', credentialBundlePath: 'a' };

const containers: readonly Case[] = [
  [
    'rules without a policy',
    inContainer({ restartPolicyRules: [{ action: 'Stop', exitCodes: { operator: 'Is', values: [1] } }, { action: 'Restart' }] }),
    [
      'spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used',
      'spec.containers[0].restartPolicyRules[0].action: Unsupported value: "Stop": supported values: "Restart", "RestartAllContainers"',
      'spec.containers[0].restartPolicyRules[0].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"',
      'spec.containers[0].restartPolicyRules[1].exitCodes: Required value: must be specified',
    ],
  ],
  [
    'too many rules',
    inContainer({
      restartPolicy: 'Never',
      restartPolicyRules: Array.from({ length: 21 }, () => ({ action: 'Restart', exitCodes: { operator: 'In', values: [1] } })),
    }),
    ['spec.containers[0].restartPolicyRules: Too many: 21: must have at most 20 items'],
  ],
  [
    'an init container says only that the policy is missing',
    pod({ initContainers: [{ ...container, name: 'i', restartPolicyRules: [{ action: 'Stop' }] }] }),
    ['spec.initContainers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used'],
  ],
  [
    'a signal needs an operating system',
    inContainer({ lifecycle: { stopSignal: 'SIGTERM' } }),
    ['spec.containers[0].lifecycle.stopSignal: Forbidden: may not be set for containers with empty `spec.os.name`'],
  ],
  [
    'signals of Windows',
    inContainer({ lifecycle: { stopSignal: 'SIGHUP' } }, { os: { name: 'windows' } }),
    ['spec.containers[0].lifecycle.stopSignal: Unsupported value: "SIGHUP": supported values: "SIGKILL", "SIGTERM"'],
  ],
  ['signals of Linux', inContainer({ lifecycle: { stopSignal: 'SIGRTMIN+15' } }, { os: { name: 'linux' } }), []],
  [
    'sleeping longer than there is time',
    inContainer({ lifecycle: { preStop: { sleep: { seconds: 31 } } } }),
    [
      'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
    ],
  ],
  [
    'a variable from a file',
    inContainer(
      { env: [{ name: 'a', valueFrom: { fileKeyRef: { key: '', volumeName: 'A', path: '../x' } } }] },
      { volumes: [{ name: 'v' }] },
    ),
    [
      'spec.containers[0].env[0].valueFrom.fileKeyRef.key: Required value',
      `spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "A": ${label}`,
      `spec.containers[0].env[0].valueFrom.fileKeyRef.path: Invalid value: "../x": must not contain '..'`,
      'spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "A"',
    ],
  ],
  [
    'a variable from a file of a ConfigMap',
    inContainer(
      { env: [{ name: 'a', valueFrom: { fileKeyRef: { key: 'k', volumeName: 'v', path: '/x' } } }] },
      { volumes: [{ name: 'v', configMap: { name: 'm' } }] },
    ),
    ['spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "v": referenced volume must be of type emptyDir'],
  ],
  [
    'users on Windows',
    inContainer({ securityContext: { windowsOptions: { runAsUserName: 'a\\b\\c' } } }),
    [
      'spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "a\\\\b\\\\c": runAsUserName cannot contain more than one backslash',
    ],
  ],
  [
    'users without a name on Windows',
    inContainer({ securityContext: { windowsOptions: { runAsUserName: '*\\' } } }),
    [
      `spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "*\\\\": runAsUserName's Domain doesn't match the NetBios nor the DNS format`,
      `spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "*\\\\": runAsUserName's User cannot be empty`,
    ],
  ],
];

const hosts: readonly Case[] = [
  [
    'users of its own and namespaces of the node',
    inContainer(
      { volumeDevices: [{ name: 'v', devicePath: '/d' }] },
      {
        hostUsers: false,
        hostNetwork: true,
        hostPID: true,
        hostIPC: true,
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
      },
    ),
    [
      'spec.hostNetwork: Forbidden: when `hostUsers` is false',
      'spec.HostPID: Forbidden: when `hostUsers` is false',
      'spec.HostIPC: Forbidden: when `hostUsers` is false',
      'spec.containers[0].volumeDevices: Forbidden: when `hostUsers` is false',
    ],
  ],
  [
    'a hostname of its own',
    pod({ hostnameOverride: 'a'.repeat(65), setHostnameAsFQDN: true, hostNetwork: true }),
    [
      'spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true',
      'spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true',
      'spec.hostnameOverride: Too long: may not be more than 64 bytes',
    ],
  ],
  [
    'processes of the node',
    pod({
      securityContext: { windowsOptions: { hostProcess: true } },
      containers: [container, { ...container, name: 'd', securityContext: { windowsOptions: { hostProcess: false } } }],
    }),
    [
      'spec.containers[1].securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value must be identical if both are specified, was true',
      'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers',
      'spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers',
    ],
  ],
  [
    'Windows',
    pod({
      os: { name: 'windows' },
      shareProcessNamespace: false,
      hostPID: false,
      resources: { limits: { cpu: '1' } },
      securityContext: { runAsUser: 1, sysctls: [] },
    }),
    [
      'spec.resources: Forbidden: may not be set for a windows pod',
      'spec.shareProcessNamespace: Forbidden: cannot be set for a windows pod',
      'spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod',
    ],
  ],
  [
    'no operating system known',
    pod({ os: { name: 'plan9' } }),
    ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
  ],
];

const volumes: readonly Case[] = [
  ['an image without a reference', pod({ volumes: [{ name: 'v', image: {} }] }), ['spec.volumes[0].image.reference: Required value']],
  [
    'a disk of Google',
    pod({ volumes: [{ name: 'v', gcePersistentDisk: { pdName: '', partition: 256 } }] }),
    [
      'spec.volumes[0].persistentDisk.pdName: Required value',
      'spec.volumes[0].persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive',
    ],
  ],
  [
    'a registry of Quobyte',
    pod({ volumes: [{ name: 'v', quobyte: { registry: 'a:1,b', volume: 'v' } }] }),
    ['spec.volumes[0].quobyte.registry: Invalid value: "a:1,b": must be a host:port pair or multiple pairs separated by commas'],
  ],
  ['a driver without a name', pod({ volumes: [{ name: 'v', csi: { driver: '' } }] }), ['spec.volumes[0].csi.driver: Required value']],
  ['a certificate', projected({ podCertificate: certificate }), []],
  [
    'a certificate without anything',
    projected({ podCertificate: { signerName: '', keyType: '' } }),
    [
      'spec.volumes[0].projected.sources[0].podCertificate.signerName: Required value',
      'spec.volumes[0].projected.sources[0].podCertificate.keyType: Unsupported value: "": supported values: "RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"',
      'spec.volumes[0].projected.sources[0].podCertificate: Required value: specify at least one of credentialBundlePath, keyPath, and certificateChainPath',
    ],
  ],
  [
    'a certificate that lives too long, twice in one place',
    projected({
      podCertificate: {
        ...certificate,
        signerName: 'kubernetes.io/x',
        keyPath: 'a',
        maxExpirationSeconds: 86401,
        userAnnotations: { a: 'b' },
      },
    }),
    [
      'spec.volumes[0].projected.sources[0].podCertificate.userAnnotations: Invalid value: "a": must be a domain-prefixed key (such as "acme.io/foo")',
      'spec.volumes[0].projected.sources[0].podCertificate.maxExpirationSeconds: Invalid value: 86401: if provided, maxExpirationSeconds must be <= 86400',
      'spec.volumes[0].projected: Invalid value: "a": conflicting duplicate paths',
    ],
  ],
  [
    'a bundle of a signer without a domain',
    projected({ clusterTrustBundle: { signerName: 'a/b/c', path: 'p' } }),
    [
      `spec.volumes[0].projected.sources[0].clusterTrustBundle.signerName: Invalid value: "a/b/c": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
    ],
  ],
];

const resources: readonly Case[] = [
  [
    'containers that ask for more than the pod',
    inContainer(
      { resources: { requests: { cpu: '2' }, limits: { memory: '2Gi' } } },
      { resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' }, claims: [] } },
    ),
    [
      'spec.resources.claims: Forbidden: claims may not be set for Resources at pod-level',
      'spec.resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
      'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
      'spec.resources.containers[0][memory].limits: Invalid value: "2Gi": must be less than or equal to pod limits of 1Gi',
    ],
  ],
  [
    'what the pod says nothing of',
    inContainer({ resources: { requests: { 'ephemeral-storage': '1Gi' } } }, { resources: { limits: { cpu: '1' } } }),
    [],
  ],
];

const scheduling: readonly Case[] = [
  [
    'numbers are not compared',
    pod({ tolerations: [{ key: 'a', operator: 'Gt', value: '1' }] }),
    ['spec.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"'],
  ],
  [
    'keys that the selector has already',
    pod({
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule',
          matchLabelKeys: ['a'],
          labelSelector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'Exists' }] },
        },
      ],
    }),
    ['spec.topologySpreadConstraints[0][0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector'],
  ],
];

const annotations: readonly Case[] = [
  [
    'profiles that differ',
    {
      metadata: {
        annotations: {
          'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
          'container.seccomp.security.alpha.kubernetes.io/c': 'none',
          'container.apparmor.security.beta.kubernetes.io/c': 'localhost/b',
        },
      },
      spec: {
        securityContext: { seccompProfile: { type: 'RuntimeDefault' }, appArmorProfile: { type: 'Localhost', localhostProfile: 'a' } },
        containers: [container],
      },
    },
    [
      'metadata.annotations.container.seccomp.security.alpha.kubernetes.io/c: Invalid value: "none": must be a valid seccomp profile',
      'spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match',
      'spec.containers[0].securityContext.appArmorProfile.localhostProfile: Forbidden: apparmor profile in annotation and field must match',
    ],
  ],
  [
    'tolerations',
    pod({}, { annotations: { 'scheduler.alpha.kubernetes.io/tolerations': '[{"operator":"Equal"}]' } }),
    [
      'metadata.annotations.scheduler.alpha.kubernetes.io/tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    ],
  ],
];

describe.each([
  ['containers', containers],
  ['the host', hosts],
  ['volumes', volumes],
  ['resources of a pod', resources],
  ['scheduling', scheduling],
  ['annotations', annotations],
])('%s', (_, cases) => {
  test.each(cases)('%s', (__, fields, errors) => {
    expect(created('v1', 'Pod', fields)).toEqual(errors);
  });
});

test('a template may leave the image of a volume to others', () => {
  expect(created('v1', 'PodTemplate', template(pod({ volumes: [{ name: 'v', image: {} }] })))).toEqual([]);
});

test('contexts that contradict themselves are shown whole', () => {
  const securityContext = {
    allowPrivilegeEscalation: false,
    privileged: true,
    capabilities: { add: ['CAP_SYS_ADMIN'] },
    runAsUser: 1,
    seLinuxOptions: { level: 's0' },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const shown =
    '{"Capabilities":{"Add":["CAP_SYS_ADMIN"],"Drop":null},"Privileged":true,"SELinuxOptions":{"User":"","Role":"","Type":"","Level":"s0"},"WindowsOptions":null,"RunAsUser":1,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":{"Type":"RuntimeDefault","LocalhostProfile":null},"AppArmorProfile":null}';
  expect(created('v1', 'Pod', inContainer({ securityContext }))).toEqual(
    ['`privileged` to true', '`capabilities.Add` CAP_SYS_ADMIN'].map(
      (other) =>
        `spec.containers[0].securityContext: Invalid value: ${shown}: cannot set \`allowPrivilegeEscalation\` to false and ${other}`,
    ),
  );
});

describe('changes', () => {
  const gated = (fields: Fields): Fields => pod({ schedulingGates: [{ name: 'g' }], ...fields });
  const zones = (...values: string[]): Fields => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: values.map((value) => ({ key: 'zone', operator: 'In', values: [value] })) }],
      },
    },
  });

  test.each<[string, Fields, Fields, string[]]>([
    ['a gated pod narrows its nodes', gated({ affinity: zones('a') }), gated({ affinity: zones('a', 'b'), nodeSelector: { a: 'b' } }), []],
    ['and gets an affinity', gated({}), gated({ affinity: zones('a') }), []],
    [
      'but does not widen them',
      gated({ affinity: zones('a'), nodeSelector: { a: 'b' } }),
      gated({ affinity: zones('b'), nodeSelector: { a: 'c' } }),
      [
        'spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]: Invalid value: {"MatchExpressions":[{"Key":"zone","Operator":"In","Values":["b"]}],"MatchFields":null}: only additions are allowed (no mutations or deletions)',
      ],
    ],
    [
      'nor drops them',
      gated({ affinity: zones('a') }),
      gated({ affinity: {} }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Invalid value: null: no additions/deletions to non-empty NodeSelectorTerms list are allowed',
      ],
    ],
    [
      'gates only go',
      gated({}),
      pod({ schedulingGates: [{ name: 'g' }, { name: 'h' }] }),
      ["spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'h'"],
    ],
    [
      'a deadline comes nearer',
      pod({ activeDeadlineSeconds: 5 }),
      pod({ activeDeadlineSeconds: 6 }),
      ['spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value'],
    ],
    [
      'a cost that was wrong is borne',
      pod({}, { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '+1' } }),
      pod({}, { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '+2' } }),
      [],
    ],
  ])('%s', (_, old, fields, errors) => {
    expect(changed('v1', 'Pod', old, fields)).toEqual(errors);
  });
});

describe('resizing', () => {
  const sized = (cpu: string, more: Fields = {}): Pod =>
    made('v1', 'Pod', inContainer({ resources: { requests: { cpu, memory: '1Gi' } }, ...more }, { ...{} })) as Pod;
  const resized = (to: Pod, from: Pod): string[] => {
    const withVersion = (each: Pod): Pod => ({ ...each, metadata: { ...each.metadata, resourceVersion: '1' } });
    return validatePodResize(withVersion(to), withVersion(from)).map(formatFieldError);
  };

  test('changes what a container asks for, and nothing else', () => {
    expect(resized(sized('2'), sized('1'))).toEqual([]);
    expect(resized(sized('2', { name: 'd' }), sized('1'))).toEqual([
      'spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize',
    ]);
    expect(resized(sized('2', { image: 'j' }), sized('1'))).toEqual(['spec: Forbidden: only cpu and memory resources are mutable']);
  });

  test('takes nothing away, and leaves the class', () => {
    expect(resized(sized('2', { resources: { requests: { cpu: '1' } } }), sized('1'))).toEqual([
      'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
    ]);
    const both = { cpu: '1', memory: '1Gi' };
    expect(resized(sized('1', { resources: { requests: both, limits: both } }), sized('1'))).toEqual([
      'spec: Invalid value: "": Pod QOS Class may not change as a result of resizing',
    ]);
  });

  test('is not for Windows, nor for nodes that cannot', () => {
    const windows = (cpu: string): Pod => ({ ...sized(cpu), spec: { containers: [], ...sized(cpu).spec, os: { name: 'windows' } } });
    expect(resized(windows('2'), windows('1'))).toEqual(['[]: Forbidden: windows pods cannot be resized']);
    const running = { ...sized('1'), status: { containerStatuses: [{ name: 'c', state: { running: {} } }] } } as Pod;
    expect(resized(sized('2'), running)).toEqual(['spec: Forbidden: Pod running on node without support for resize']);
  });
});

describe('what a kubelet reports', () => {
  const reported = (status: Fields, spec: Fields = {}, old: Fields = {}): string[] => {
    const object = (each: Fields): Fields => ({ ...pod(spec, { resourceVersion: '1' }), status: each });
    return validateStatusUpdate(kindOf('v1', 'Pod'), made('v1', 'Pod', object(status)), made('v1', 'Pod', object(old))).map(
      formatFieldError,
    );
  };
  const ended = { containerStatuses: [{ name: 'c', state: { terminated: { exitCode: 3 } } }] };
  const again = { containerStatuses: [{ name: 'c', state: { running: {} } }] };
  const stays = 'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state';

  test.each<[string, Fields, Fields, Fields, string[]]>([
    [
      'a container of its own policy',
      again,
      { containers: [{ ...container, restartPolicy: 'OnFailure' }], restartPolicy: 'Never' },
      ended,
      [],
    ],
    ['a container of a pod that never restarts', again, { restartPolicy: 'Never' }, ended, [stays]],
    [
      'a container whose rule says so',
      again,
      {
        restartPolicy: 'Never',
        containers: [
          { ...container, restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [3] } }] },
        ],
      },
      ended,
      [],
    ],
    [
      'generations',
      { observedGeneration: -1, conditions: [{ type: 'a b', status: 'True', observedGeneration: -1 }] },
      {},
      {},
      [
        'status.conditions[0].observedGeneration: Invalid value: -1: must be a non-negative integer',
        `status.conditions[0].Type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        'status.observedGeneration: Invalid value: -1: must be a non-negative integer',
      ],
    ],
    [
      'a node for a pod that has one',
      { nominatedNodeName: 'm' },
      { nodeName: 'n' },
      {},
      ['status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node'],
    ],
    [
      'claims that nobody made',
      { resourceClaimStatuses: [{ name: 'x' }] },
      {},
      {},
      ['status.resourceClaimStatuses[0].name: Invalid value: "x": must match the name of an entry in `spec.resourceClaims`'],
    ],
    [
      'devices',
      {
        containerStatuses: [
          { name: 'c', allocatedResourcesStatus: [{ name: 'example.com/gpu', resources: [{ resourceID: 'a', health: 'Ill' }] }] },
        ],
      },
      {},
      {},
      [
        `status.containerStatuses[0].allocatedResourcesStatus[0].name: Invalid value: "example.com/gpu": must match one of the container's resource requests`,
        'status.containerStatuses[0].allocatedResourcesStatus[0].resources[0].health: Unsupported value: "Ill": supported values: "Healthy", "Unhealthy", "Unknown"',
      ],
    ],
  ])('%s', (_, status, spec, old, errors) => {
    expect(reported(status, spec, old)).toEqual(errors.map((error) => expect.stringContaining(error)));
  });
});
