import { describe, expect, test } from 'vitest';
import { changed, cluster, created, type Fields, reported } from './judge.ts';

const metadata = cluster;

describe('flow control', () => {
  const flow = 'flowcontrol.apiserver.k8s.io/v1/FlowSchema';
  const level = 'flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration';
  const priorityLevelConfiguration = { name: 'l' };
  const subjects = [{ kind: 'Group', group: { name: 'g' } }];
  const rule = (fields: Fields): Fields => ({ metadata, spec: { priorityLevelConfiguration, rules: [{ subjects, ...fields }] } });

  test.each<[string, string, Fields, string[]]>([
    ['a rule', flow, rule({ nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz/*'] }] }), []],
    [
      'an empty rule',
      flow,
      rule({}),
      ['spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty'],
    ],
    [
      'what earlier versions could not say',
      level,
      {
        metadata: { ...metadata, annotations: { 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares': '' } },
        spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } },
      },
      ["metadata.annotations: Forbidden: annotation 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares' is forbidden"],
    ],
    [
      'subjects',
      flow,
      rule({
        subjects: [{ kind: 'User', group: { name: 'g' } }, { kind: 'Robot' }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      }),
      [
        "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'",
        "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
        'spec.rules[0].subjects[1].kind: Unsupported value: "Robot": supported values: "Group", "ServiceAccount", "User"',
      ],
    ],
    [
      'resources',
      flow,
      rule({ resourceRules: [{ verbs: ['fly'], apiGroups: ['*', 'a'], resources: ['*'], namespaces: [] }] }),
      [
        'spec.rules[0].resourceRules[0].verbs: Unsupported value: ["fly"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
        `spec.rules[0].resourceRules[0].apiGroups: Invalid value: ["*","a"]: if '*' is present, must not specify other api groups`,
        'spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace',
      ],
    ],
    [
      'precedence',
      flow,
      { metadata, spec: { priorityLevelConfiguration, matchingPrecedence: 1 } },
      [`spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1`],
    ],
    [
      'a mandatory schema',
      flow,
      { metadata: { ...metadata, name: 'catch-all' }, spec: { priorityLevelConfiguration } },
      [
        `spec: Invalid value: {"PriorityLevelConfiguration":{"Name":"l"},"MatchingPrecedence":1000,"DistinguisherMethod":null,"Rules":null}: spec of 'catch-all' must equal the fixed value`,
      ],
    ],
    ['no limit', level, { metadata, spec: { type: 'Limited' } }, ['spec.limited: Required value: must not be empty when type is Limited']],
    [
      'exemption',
      level,
      { metadata, spec: { type: 'Exempt' } },
      ["spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'"],
    ],
    [
      'queues',
      level,
      {
        metadata,
        spec: {
          type: 'Limited',
          limited: { lendablePercent: 101, limitResponse: { type: 'Queue', queuing: { queues: 1024, handSize: 8 } } },
        },
      },
      [
        'spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of deckSize 1024 and handSize 8 should not be greater than 60',
        'spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive',
      ],
    ],
  ])('%s', (_title, type, fields, errors) => {
    expect(created(type, fields)).toEqual(errors);
  });

  test('of the exempt level the shares may change', () => {
    const exempt = (spec: Fields): Fields => ({ metadata: { ...metadata, name: 'exempt' }, spec: { type: 'Exempt', ...spec } });
    expect(changed(level, exempt({}), exempt({ exempt: { nominalConcurrencyShares: 5 } }))).toEqual([]);
  });
});

describe('candidates for a lease', () => {
  const type = 'coordination.k8s.io/v1beta1/LeaseCandidate';
  const spec = { leaseName: 'l', binaryVersion: '1.36.0', emulationVersion: '1.35.0', strategy: 'OldestEmulationVersion' };

  test.each<[Fields, string[]]>([
    [{}, []],
    [{ leaseName: '', strategy: '' }, ['spec.leaseName: Required value', 'spec.strategy: Required value']],
    [
      { binaryVersion: '1.34.0-rc.1' },
      ['spec.binaryVersion: Invalid value: "1.34.0-rc.1": must be greater than or equal to `emulationVersion`'],
    ],
    [
      { emulationVersion: 'v1' },
      [
        'spec.emulationVersion: Invalid value: "v1": must be a valid semantic version',
        "spec.emulationVersion: Required value: must be specified when `strategy` is 'OldestEmulationVersion'",
      ],
    ],
    [{ strategy: 'Loudest' }, ['spec.strategy.strategy: Unsupported value: "Loudest": supported values: "OldestEmulationVersion"']],
  ])('%j', (fields, errors) => {
    expect(created(type, { spec: { ...spec, ...fields } })).toEqual(errors);
  });

  test('keep to their lease', () => {
    expect(changed(type, { spec }, { spec: { ...spec, leaseName: 'm' } })).toEqual([
      'spec.leaseName: Invalid value: "m": field is immutable',
    ]);
  });
});

describe('nodes', () => {
  const node = (spec: Fields): Fields => ({ metadata, spec });

  test('each fixed field is told by itself', () => {
    const old = node({ providerID: 'a', podCIDRs: ['10.0.0.0/24'] });
    expect(changed('v1/Node', old, node({ providerID: 'b', podCIDRs: ['10.0.1.0/24'] }))).toEqual([
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ]);
    expect(changed('v1/Node', old, node({ providerID: 'a', podCIDRs: ['10.0.0.0/24'], unschedulable: true }))).toEqual([]);
  });

  test('features are declared by name, in order and once', () => {
    const declaring = (...declaredFeatures: string[]): Fields => ({ metadata, status: { declaredFeatures } });
    const at = (index: number): string => `status.declaredFeatures[${index}]: `;
    expect(changed('v1/Node', node({}), declaring('GuaranteedQoS', 'InPlace/resize'))).toEqual([]);
    // A change is judged as a new node and as a change.
    const unsorted = [`${at(1)}Invalid value: "Big": list must be sorted alphabetically`, `${at(2)}Duplicate value: "Big"`];
    expect(changed('v1/Node', node({}), declaring('InPlace', 'Big', 'Big'))).toEqual([...unsorted, ...unsorted]);
    expect(created('v1/Node', declaring('a-b'))).toEqual([
      `${at(0)}Invalid value: "a-b": invalid feature name "a-b": must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes`,
    ]);
  });

  test('annotations of old are judged', () => {
    const key = 'scheduler.alpha.kubernetes.io/preferAvoidPods';
    const avoiding = (text: string): Fields => ({ metadata: { ...metadata, annotations: { [key]: text } } });
    const entry = (podSignature: Fields): Fields => avoiding(JSON.stringify({ preferAvoidPods: [{ podSignature, reason: 'r' }] }));
    const at = `metadata.annotations.${key}[0].PodSignature`;
    expect(created('v1/Node', entry({ podController: { kind: 'Job', name: 'j', controller: true } }))).toEqual([]);
    expect(created('v1/Node', entry({}))).toEqual([`${at}: Required value`]);
    expect(created('v1/Node', entry({ podController: { kind: 'Job', name: 'j', controller: false } }))).toEqual([
      `${at}.PodController.Controller: Invalid value: false: must point to a controller`,
    ]);
    expect(created('v1/Node', avoiding('{'))).toEqual([
      `metadata.annotations.AvoidPods: Invalid value: "${key}": unexpected end of JSON input`,
    ]);
  });

  test('configuration of old must make sense', () => {
    const configMap = { namespace: 'kube-system', name: 'c', kubeletConfigKey: 'k', uid: 'u' };
    expect(changed('v1/Node', node({}), node({ configSource: { configMap } }))).toEqual([
      'spec.configSource.configMap.uid: Forbidden: uid must not be set in spec',
    ]);
  });
});

describe('services of the API', () => {
  const type = 'apiregistration.k8s.io/v1/APIService';
  const service = (name: string, spec: Fields = {}): Fields => ({
    metadata: { ...metadata, name },
    spec: { group: 'g.io', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10, service: { namespace: 'n', name: 's' }, ...spec },
  });

  test.each<[string, Fields, string[]]>([
    ['sound', service('v1.g.io'), []],
    ['of another name', service('x'), ['metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.g.io"']],
    ['of a name that no path can have', service('a/b'), [`metadata.name: Invalid value: "a/b": may not contain '/'`]],
    [
      'of a bundle and none',
      service('v1.g.io', { service: undefined, caBundle: 'YQ==' }),
      ['spec.caBundle: Invalid value: "1 bytes": local APIServices may not have a caBundle'],
    ],
  ])('%s', (_name, fields, errors) => {
    expect(created(type, fields)).toEqual(errors);
  });

  test('conditions are true, false or unknown', () => {
    const status = { conditions: [{ type: 'Available', status: 'maybe' }] };
    expect(reported(type, service('v1.g.io'), { ...service('v1.g.io'), status })).toEqual([
      'status.conditions[0].status: Unsupported value: "maybe": supported values: "True", "False", "Unknown"',
    ]);
  });
});

describe('secrets of Docker', () => {
  test.each([
    ['{"auths":[}', "invalid character '}' looking for beginning of value"],
    ['[]', 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
  ])('%j', (text, detail) => {
    const data = { '.dockerconfigjson': Buffer.from(text).toString('base64') };
    expect(created('v1/Secret', { type: 'kubernetes.io/dockerconfigjson', data })).toEqual([
      `data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": ${detail}`,
    ]);
  });
});

describe('requests for certificates', () => {
  const type = 'certificates.k8s.io/v1/CertificateSigningRequest';
  const request = btoa(
    '-----BEGIN CERTIFICATE REQUEST-----\nMIG2MF0CAQAwADBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACgADAKBggqhkjOPQQDAgNJADBGAiEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACIQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE REQUEST-----\n',
  );
  const spec = { request, signerName: 'example.com/signer', usages: ['client auth'] };
  const approved = { type: 'Approved', status: 'True' };

  test.each<[string, Fields, string[]]>([
    ['no request', { request: undefined }, ['spec.request: Invalid value: null: PEM block type must be CERTIFICATE REQUEST']],
    ['no PEM', { request: btoa('x') }, [`spec.request: Invalid value: "${btoa('x')}": PEM block type must be CERTIFICATE REQUEST`]],
    ['usages twice', { usages: ['client auth', 'client auth'] }, ['spec.usages[1]: Duplicate value: "client auth"']],
    ['no usages', { usages: [] }, ['spec.usages: Required value']],
    [
      'a signer without a domain',
      { signerName: 'a/b' },
      ['spec.signerName: Invalid value: "a": should be a domain with at least two segments separated by dots'],
    ],
    [
      'a signer of old',
      { signerName: 'kubernetes.io/legacy-unknown' },
      ['spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version'],
    ],
    [
      'a short life',
      { expirationSeconds: 1 },
      ['spec.expirationSeconds: Invalid value: 1: may not specify a duration less than 600 seconds (10 minutes)'],
    ],
  ])('%s', (_title, fields, errors) => {
    const found = created(type, { metadata, spec: { ...spec, ...fields } });
    expect(found.filter((error) => !error.includes('asn1'))).toEqual(errors);
  });

  test('approval is nobody’s who reports, and does not go', () => {
    const sound = (status: Fields): Fields => ({ metadata, spec, status });
    const about = (errors: string[]): string[] => errors.filter((error) => error.startsWith('status'));
    expect(about(reported(type, sound({}), sound({ conditions: [approved] })))).toEqual([
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
    ]);
    expect(about(reported(type, sound({ conditions: [approved] }), sound({})))).toEqual([
      'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
    ]);
    expect(about(reported(type, sound({}), sound({ certificate: btoa('x') })))).toEqual([
      'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
    ]);
  });

  test('bundles are named after their signer', () => {
    const bundle = { metadata: { ...metadata, name: 'other' }, spec: { signerName: 'example.com/a', trustBundle: 'x' } };
    expect(created('certificates.k8s.io/v1beta1/ClusterTrustBundle', bundle)).toEqual([
      'metadata.name: Invalid value: "other": ClusterTrustBundle for signerName example.com/a must be named with prefix example.com:a:',
      'spec.trustBundle: Invalid value: "<value omitted>": at least one trust anchor must be provided',
    ]);
  });
});

test('a budget for disruptions reports sound conditions', () => {
  const budget = (status: Fields): Fields => ({ spec: { minAvailable: 1 }, status });
  const condition = { type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods', lastTransitionTime: '2026-01-01T00:00:00Z' };
  const judged = (...conditions: Fields[]): string[] => reported('policy/v1/PodDisruptionBudget', budget({}), budget({ conditions }));
  expect(judged(condition)).toEqual([]);
  expect(judged(condition, { ...condition, reason: '' })).toEqual([
    'status.conditions[1].type: Duplicate value: "DisruptionAllowed"',
    'status.conditions[1].reason: Required value',
  ]);
});

describe('runtime classes', () => {
  test.each<[string, Fields, string[]]>([
    [
      'a good one',
      { overhead: { podFixed: { cpu: '1m' } }, scheduling: { nodeSelector: { a: 'b' }, tolerations: [{ operator: 'Exists' }] } },
      [],
    ],
    [
      'overhead',
      { overhead: { podFixed: { cpu: '-1' } } },
      ['overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      'what is tolerated twice',
      {
        scheduling: {
          tolerations: [5, 10].map((tolerationSeconds) => ({ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds })),
        },
      },
      [
        'scheduling.tolerations[1]: Duplicate value: {"Key":"k","Operator":"Exists","Value":"","Effect":"NoExecute","TolerationSeconds":10}',
      ],
    ],
    [
      'scheduling',
      { scheduling: { nodeSelector: { 'a/b/c': '' }, tolerations: [{ key: 'k', operator: 'X' }] } },
      [
        `scheduling.nodeSelector: Invalid value: "a/b/c": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
        'scheduling.tolerations[0].operator: Unsupported value: "X": supported values: "Equal", "Exists"',
      ],
    ],
  ])('%s', (_name, fields, errors) => {
    expect(created('node.k8s.io/v1/RuntimeClass', { metadata, handler: 'h', ...fields })).toEqual(errors);
  });
});

test('what an event is about stays', () => {
  const event = (fields: Fields): Fields => ({
    metadata: { namespace: 'default' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'a.io/b',
    reportingInstance: 'i',
    action: 'A',
    reason: 'R',
    type: 'Normal',
    regarding: { kind: 'Pod', namespace: 'default', name: 'p' },
    ...fields,
  });
  const other = {
    regarding: { kind: 'Pod', namespace: 'default', name: 'q', uid: 'u' },
    related: { apiVersion: 'v1', kind: 'Node', name: 'n' },
  };
  expect(changed('events.k8s.io/v1/Event', event({ deprecatedSource: { host: 'h' } }), event(other))).toEqual([
    'involvedObject: Invalid value: {"Kind":"Pod","Namespace":"default","Name":"q","UID":"u","APIVersion":"","ResourceVersion":"","FieldPath":""}: field is immutable',
    'source: Invalid value: {"Component":"","Host":""}: field is immutable',
    'related: Invalid value: {"Kind":"Node","Namespace":"","Name":"n","UID":"","APIVersion":"v1","ResourceVersion":"","FieldPath":""}: field is immutable',
  ]);
});

test.each<[string, Fields, Fields, string]>([
  [
    'v1/Service',
    {},
    {
      spec: {
        ports: [
          { name: 'a', port: 80, protocol: 'TCP' },
          { name: 'b', port: 80, protocol: 'TCP' },
        ],
      },
    },
    'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
  ],
  [
    'v1/Node',
    {},
    { spec: { taints: ['a', 'b'].map((value) => ({ key: 'k', value, effect: 'NoSchedule' })) } },
    'metadata.taints[1]: Duplicate value: {"Key":"k","Value":"b","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
  ],
  [
    'networking.k8s.io/v1/IngressClass',
    { spec: { controller: 'a.b/c' } },
    { spec: {} },
    'spec.controller: Invalid value: "": field is immutable',
  ],
  [
    'v1/ConfigMap',
    { metadata: { namespace: 'n' } },
    { metadata: { namespace: undefined } },
    'metadata.namespace: Invalid value: "": field is immutable',
  ],
])('values of %s as Go has them (%#)', (type, old, fields, error) => {
  expect(changed(type, old, fields)).toContain(error);
});
