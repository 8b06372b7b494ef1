import { describe, expect, test } from 'vitest';
import { changed, cluster, created, type Fields, reported } from './judge.ts';

const group = 'scheduling.k8s.io/v1alpha2/PodGroup';
const workload = 'scheduling.k8s.io/v1alpha2/Workload';
const poolStatus = 'resource.k8s.io/v1alpha3/ResourcePoolStatusRequest';
const migration = 'storagemigration.k8s.io/v1beta1/StorageVersionMigration';

const basic = { basic: {} };
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const caseless =
  "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9A-Z]([-a-z0-9A-Z]*[a-z0-9A-Z])?(\\.[a-z0-9A-Z]([-a-z0-9A-Z]*[a-z0-9A-Z])?)*')";

describe('groups of pods', () => {
  test.each<[Fields, string[]]>([
    [{ schedulingPolicy: basic }, []],
    [
      {
        schedulingPolicy: { gang: { minCount: 1 } },
        podGroupTemplateRef: { workload: { workloadName: 'a.b', podGroupTemplateName: 'c' } },
      },
      [],
    ],
    [
      { schedulingPolicy: {}, podGroupTemplateRef: {} },
      [
        'spec.podGroupTemplateRef: Invalid value: "": must specify one of: `workload`',
        'spec.schedulingPolicy: Invalid value: "": must specify one of: `basic`, `gang`',
      ],
    ],
    [
      {
        schedulingPolicy: { basic: {}, gang: { minCount: 0 } },
        podGroupTemplateRef: { workload: { workloadName: 'A_', podGroupTemplateName: '' } },
      },
      [
        `spec.podGroupTemplateRef.workload.workloadName: Invalid value: "A_": ${subdomain}`,
        'spec.podGroupTemplateRef.workload.podGroupTemplateName: Required value',
        'spec.schedulingPolicy: Invalid value: "{basic, gang}": must specify exactly one of: `basic`, `gang`',
        'spec.schedulingPolicy.gang.minCount: Required value',
      ],
    ],
    [
      { schedulingPolicy: { gang: { minCount: -1 } } },
      ['spec.schedulingPolicy.gang.minCount: Invalid value: -1: must be greater than or equal to 1'],
    ],
  ])('%j', (spec, errors) => {
    expect(created(group, { spec })).toEqual(errors);
  });

  test.each<[string, string]>([
    [group, 'spec.schedulingPolicy: Invalid value: "": must specify one of: `basic`, `gang`'],
    [workload, 'spec.podGroupTemplates: Required value'],
    [poolStatus, 'spec.driver: Required value'],
  ])('a %s without anything in it is told: %s', (kind, error) => {
    expect(created(kind, kind === poolStatus ? { metadata: cluster } : {})).toEqual([error]);
  });

  test('stay as they are, and have conditions of the common form', () => {
    const old = { spec: { schedulingPolicy: basic } };
    const spec = { schedulingPolicy: {}, podGroupTemplateRef: {} };
    expect(changed(group, old, { spec })).toEqual([
      'spec.podGroupTemplateRef: Invalid value: null: field is immutable',
      'spec.schedulingPolicy: Invalid value: null: field is immutable',
    ]);
    expect(changed(group, old, { ...old, metadata: { labels: { a: 'b' } } })).toEqual([]);
    const condition = { type: 'PodGroupScheduled', status: 'Maybe', reason: 'a', lastTransitionTime: '2026-01-01T00:00:00Z' };
    expect(reported(group, old, { ...old, status: { conditions: [condition] } })).toEqual([
      'status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
    ]);
  });
});

describe('workloads', () => {
  const template = (name: string): Fields => ({ name, schedulingPolicy: basic });

  test.each<[Fields, string[]]>([
    [{ podGroupTemplates: [template('a'), template('b')], controllerRef: { kind: 'Job', name: 'a' } }, []],
    [{ podGroupTemplates: [] }, ['spec.podGroupTemplates: Required value']],
    [
      { podGroupTemplates: Array.from({ length: 9 }, () => template('')) },
      ['spec.podGroupTemplates: Too many: 9: must have at most 8 items'],
    ],
    [
      {
        controllerRef: { apiGroup: 'A_', kind: 'a/b', name: '' },
        podGroupTemplates: [{ name: 'A_', schedulingPolicy: {} }, template('a'), template('a'), { name: '', schedulingPolicy: basic }],
      },
      [
        `spec.controllerRef.apiGroup: Invalid value: "A_": ${subdomain}`,
        `spec.controllerRef.kind: Invalid value: "a/b": may not contain '/'`,
        'spec.controllerRef.name: Required value',
        'spec.podGroupTemplates[2]: Duplicate value: {"name":"a","schedulingPolicy":{"basic":{}},"schedulingConstraints":null}',
        `spec.podGroupTemplates[0].name: Invalid value: "A_": ${label}`,
        'spec.podGroupTemplates[0].schedulingPolicy: Invalid value: "": must specify one of: `basic`, `gang`',
        'spec.podGroupTemplates[3].name: Required value',
      ],
    ],
  ])('%j', (spec, errors) => {
    expect(created(workload, { spec })).toEqual(errors);
  });

  test('stay as they are', () => {
    const old = { spec: { podGroupTemplates: [template('a')] } };
    expect(changed(workload, old, { spec: { controllerRef: { kind: '', name: '' }, podGroupTemplates: [] } })).toEqual([
      'spec.controllerRef: Invalid value: null: field is immutable',
      'spec.podGroupTemplates: Required value',
      'spec.podGroupTemplates: Invalid value: null: field is immutable',
    ]);
    expect(changed(workload, old, old)).toEqual([]);
  });
});

describe('requests for the status of pools', () => {
  test.each<[Fields, string[]]>([
    [{ driver: 'Gpu.example.com', poolName: 'a/b.c', limit: 1000 }, []],
    [{ driver: '', limit: 0 }, ['spec.driver: Required value', 'spec.limit: Invalid value: 0: must be greater than or equal to 1']],
    [
      { driver: 'A_', poolName: 'P_//a', limit: 1001 },
      [
        `spec.driver: Invalid value: "A_": ${caseless}`,
        `spec.poolName: Invalid value: "P_": segment 0: ${subdomain}`,
        'spec.poolName: Invalid value: "P_//a": segment 1: must not be empty',
        'spec.limit: Invalid value: 1001: must be less than or equal to 1000',
      ],
    ],
  ])('%j', (spec, errors) => {
    expect(created(poolStatus, { metadata: cluster, spec })).toEqual(errors);
  });

  test('are answered once', () => {
    const old = { metadata: cluster, spec: { driver: 'a', limit: 100 } };
    expect(changed(poolStatus, old, { ...old, spec: { driver: '', limit: 0 } })).toEqual(['spec: Invalid value: null: field is immutable']);
    const pool = {
      driver: '',
      poolName: '',
      generation: -1,
      resourceSliceCount: 0,
      totalDevices: -1,
      allocatedDevices: -1,
      availableDevices: -1,
      unavailableDevices: -1,
      nodeName: 'A_',
      validationError: 'x'.repeat(257),
    };
    const negative = 'Invalid value: -1: must be greater than or equal to 0';
    expect(reported(poolStatus, old, { ...old, status: { poolCount: -1, pools: [pool] } })).toEqual([
      `status.poolCount: ${negative}`,
      'status.pools[0].driver: Required value',
      'status.pools[0].poolName: Required value',
      `status.pools[0].generation: ${negative}`,
      'status.pools[0].resourceSliceCount: Invalid value: 0: must be greater than or equal to 1',
      ...['total', 'allocated', 'available', 'unavailable'].map((which) => `status.pools[0].${which}Devices: ${negative}`),
      `status.pools[0].nodeName: Invalid value: "A_": ${subdomain}`,
      'status.pools[0].validationError: Too long: may not be more than 256 bytes',
    ]);
    const answered = { ...old, status: { poolCount: 0 } };
    expect(reported(poolStatus, old, answered)).toEqual([]);
    expect(reported(poolStatus, answered, answered)).toEqual([]);
    expect(reported(poolStatus, answered, { ...old, status: { poolCount: 1 } })).toEqual([
      'status: Invalid value: {"poolCount":1}: field is immutable',
    ]);
  });
});

describe('migrations of stored versions', () => {
  const label1035 =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
  const old = { metadata: cluster, spec: { resource: { group: 'a.b', resource: 'cs' } } };

  test.each<[Fields, string[]]>([
    [{ group: 'a.b', resource: 'cs' }, []],
    [{ resource: 'cs' }, []],
    [
      { group: 'A_', resource: '' },
      [`spec.resource.resource: Invalid value: "": ${label1035}`, `spec.resource.group: Invalid value: "A_": ${subdomain}`],
    ],
  ])('%j', (resource, errors) => {
    expect(created(migration, { metadata: cluster, spec: { resource } })).toEqual(errors);
  });

  test('migrate what they were made for', () => {
    expect(changed(migration, old, { ...old, spec: { resource: { group: '', resource: 'ds' } } })).toEqual([
      'group: Invalid value: "": field is immutable',
      'resource: Invalid value: "ds": field is immutable',
    ]);
  });

  test('run, then succeed or fail, and stay so', () => {
    const condition = (type: string, status = 'True'): Fields => ({
      type,
      status,
      reason: 'a',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    const at = (resourceVersion: string, ...conditions: Fields[]): Fields => ({ ...old, status: { resourceVersion, conditions } });
    const told = (before: Fields, after: Fields) => reported(migration, before, after).map((error) => error.replace(/ \[.*\]: /, ' '));
    expect(told(old, at('5', condition('Running')))).toEqual([]);
    expect(told(old, at('05'))).toEqual(['status.resourceVersion: Invalid value: "05": resource version is not well formed: 05']);
    expect(told(at('5'), at('6'))).toEqual(['status.resourceVersion: Invalid value: "6": field is immutable']);
    expect(told(at('5'), at('5', condition('Succeeded'), condition('Failed'), condition('Running', 'False')))).toEqual([
      'status.conditions: Invalid value: Both success and failed conditions cannot be true at the same time',
    ]);
    expect(told(at('5'), at('5', condition('Succeeded'), condition('Running')))).toEqual([
      'status.conditions: Invalid value: Running condition cannot be true when success condition is true',
    ]);
    expect(told(at('5', condition('Failed')), at('5', condition('Running')))).toEqual([
      'status.conditions: Invalid value: Failed condition cannot be set to false once it is true',
    ]);
    expect(told(at('5', condition('Succeeded')), at('5', condition('Failed'), condition('Running')))).toEqual([
      'status.conditions: Invalid value: Running condition cannot be true when failed condition is true',
      'status.conditions: Invalid value: Success condition cannot be set to false once it is true',
    ]);
  });
});

describe('versions in storage', () => {
  const storageVersion = 'internal.apiserver.k8s.io/v1alpha1/StorageVersion';
  const old = { metadata: { ...cluster, name: 'apps.deployments' }, spec: {} };
  const server = (encodingVersion: string, ...decodableVersions: string[]): Fields => ({
    apiServerID: 'a',
    encodingVersion,
    decodableVersions,
  });

  const qualified =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

  test.each<[string, string[]]>([
    ['core.pods', []],
    ['pods', ['metadata.name: Invalid value: "pods": name must be in the form of <group>.<resource>']],
    ['A_.pods', [`metadata.name: Invalid value: "A_.pods": the group segment ${subdomain}`]],
  ])('are named by group and resource: %s', (name, errors) => {
    expect(created(storageVersion, { metadata: { ...cluster, name }, spec: {} })).toEqual(errors);
  });

  test.each<[Fields, string[]]>([
    [{}, []],
    [{ commonEncodingVersion: 'apps/v1', storageVersions: [{ ...server('apps/v1', 'v1', 'apps/v1'), servedVersions: ['v1'] }] }, []],
    [{ storageVersions: [server('v1', 'v1'), server('v2', 'v2')] }, []],
    [
      { commonEncodingVersion: 'v2', storageVersions: [{ ...server('v1', 'v2'), servedVersions: ['v3'] }] },
      [
        'status.storageVersions[0].decodableVersions: Invalid value: ["v2"]: decodableVersions must include encodingVersion v1',
        'status.storageVersions[0].servedVersions[0]: Invalid value: "v3": individual served version : v3 must be included in decodableVersions : [v2]',
        'status.commonEncodingVersion: Invalid value: "v2": the actual common encoding version is v1',
      ],
    ],
    [
      { storageVersions: [server('/', '/')] },
      [
        'status.storageVersions[0].encodingVersion: Invalid value: "/": group part: must be non-empty,version part: must be non-empty',
        'status.storageVersions[0].decodableVersions[0]: Invalid value: "/": group part: must be non-empty,version part: must be non-empty',
        'status.commonEncodingVersion: Invalid value: null: the common encoding version is /',
      ],
    ],
    [
      { commonEncodingVersion: 'v1', conditions: [{ type: 'A', status: 'a b', reason: '', message: '' }] },
      [
        'status.commonEncodingVersion: Invalid value: "v1": should be nil if servers do not agree on the same encoding version, or if there is no server reporting the supported versions yet',
        `status[0].status: Invalid value: "a b": ${qualified}`,
        'status[0].reason: Required value: reason cannot be empty',
        'status[0].message: Required value: message cannot be empty',
      ],
    ],
  ])('%j', (status, errors) => {
    expect(reported(storageVersion, old, { ...old, status })).toEqual(errors);
  });
});

describe('requests of pods for certificates', () => {
  const kind = 'certificates.k8s.io/v1beta1/PodCertificateRequest';
  const spec = {
    signerName: 'example.com/s',
    podName: 'p',
    podUID: 'u',
    serviceAccountName: 's',
    serviceAccountUID: 'u',
    nodeName: 'n',
    nodeUID: 'u',
    stubPKCS10Request: 'AA==',
  };
  const old = { spec };
  const outcome = (type: string, status = 'True'): Fields => ({
    type,
    status,
    reason: 'a',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
  const at = (status: Fields): Fields => ({ spec, status });

  test.each<[Fields, string[]]>([
    [{}, []],
    [{ maxExpirationSeconds: 91 * 86400 }, []],
    [{ maxExpirationSeconds: 91 * 86400 + 1 }, ['spec.maxExpirationSeconds: Invalid value: 7862401: must be in the range [3600, 7862400]']],
    [
      { signerName: 'kubernetes.io/x', maxExpirationSeconds: 86401 },
      ['spec.maxExpirationSeconds: Invalid value: 86401: must be in the range [3600, 86400]'],
    ],
    [
      { signerName: 'foo', podName: 'A_', nodeUID: '', serviceAccountUID: 'u'.repeat(129), unverifiedUserAnnotations: { a: 'b' } },
      [
        'spec.signerName: Invalid value: "foo": must be a fully qualified domain and path of the form \'example.com/signer-name\'',
        'spec.unverifiedUserAnnotations: Invalid value: "a": must be a domain-prefixed key (such as "acme.io/foo")',
        `spec.podName: Invalid value: "A_": ${subdomain}`,
        'spec.serviceAccountUID: Too long: may not be more than 128 bytes',
        'spec.nodeUID: Invalid value: "": must not be empty',
      ],
    ],
  ])('%j', (wish, errors) => {
    expect(created(kind, { spec: { ...spec, ...wish } })).toEqual(errors);
  });

  test('stay as they are', () => {
    expect(changed(kind, old, { spec: { ...spec, podName: 'q' } })).toEqual([
      expect.stringMatching(/^spec: Invalid value: .*: field is immutable$/),
    ]);
  });

  test.each<[Fields, Fields, string[]]>([
    [{}, { conditions: [outcome('Denied')] }, []],
    [
      {},
      { conditions: [outcome('Issued'), outcome('Failed', 'False'), outcome('Other')] },
      [
        'status.conditions.[1].type: Invalid value: "Failed": There may be at most one condition with type "Issued", "Denied", or "Failed"',
        'status.conditions.[1].status: Unsupported value: "False": supported values: "True"',
        'status.conditions.[2].type: Unsupported value: "Other": supported values: "Issued", "Denied", "Failed"',
      ],
    ],
    [
      {},
      { conditions: [outcome('Failed')], certificateChain: 'x' },
      ['status: Invalid value: non-condition status fields must be empty when denying or failing the PodCertificateRequest'],
    ],
    [{}, { certificateChain: 'x' }, ['status: Invalid value: status is immutable unless transitioning to "Issued", "Denied", or "Failed"']],
    [
      { conditions: [outcome('Denied')] },
      { conditions: [outcome('Failed')] },
      ['status: Invalid value: immutable after PodCertificateRequest is issued, denied, or failed'],
    ],
    [
      {},
      { conditions: [outcome('Issued')], certificateChain: 'x' },
      ['status.certificateChain: Invalid value: "x": issued certificate chain must contain at least one certificate'],
    ],
  ])('are answered once: %j, then %j', (before, after, errors) => {
    expect(reported(kind, at(before), at(after))).toEqual(errors);
  });
});

test.each(['Deployment', 'ReplicaSet'])('counts of a %s that no status has are told', (kind) => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const old = { spec: { selector: { matchLabels: { a: 'b' } }, template } };
  expect(reported(`apps/v1/${kind}`, old, { ...old, status: { replicas: 0, terminatingReplicas: -1, readyReplicas: 1 } })).toEqual([
    'status.terminatingReplicas: Invalid value: -1: must be greater than or equal to 0',
    'status.readyReplicas: Invalid value: 1: cannot be greater than status.replicas',
  ]);
});
