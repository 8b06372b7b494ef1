import { describe, expect, test } from 'vitest';
import { changed, cluster, created, type Fields, reported } from './judge.ts';

const metadata = cluster;

describe('classes', () => {
  const storageClass = { metadata, provisioner: 'example.com/Disk' };
  const attributes = { metadata, driverName: 'csi.example.com', parameters: { iops: '100' } };

  test.each<[string, Fields, string[]]>([
    ['storage.k8s.io/v1/StorageClass', storageClass, []],
    [
      'storage.k8s.io/v1/StorageClass',
      { ...storageClass, provisioner: '-A' },
      [
        `provisioner: Invalid value: "-a": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      ],
    ],
    [
      'storage.k8s.io/v1/StorageClass',
      {
        ...storageClass,
        allowedTopologies: [
          { matchLabelExpressions: [{ key: 'zone', values: ['a', 'b'] }] },
          { matchLabelExpressions: [{ key: 'zone', values: ['b', 'a'] }] },
        ],
      },
      ['allowedTopologies[1].matchLabelExpressions: Duplicate value: ""'],
    ],
    [
      'storage.k8s.io/v1/StorageClass',
      { ...storageClass, allowedTopologies: [{}] },
      ['allowedTopologies[0].matchLabelExpressions: Duplicate value: ""'],
    ],
    [
      'storage.k8s.io/v1/VolumeAttributesClass',
      { metadata, driverName: '' },
      ['driverName: Required value', 'parameters: Required value: must contain at least one key/value pair'],
    ],
    ['storage.k8s.io/v1/VolumeAttributesClass', attributes, []],
  ])('%s (%#)', (type, fields, errors) => {
    expect(created(type, fields)).toEqual(errors);
  });

  test('stay as they are', () => {
    expect(changed('storage.k8s.io/v1/StorageClass', storageClass, { ...storageClass, parameters: { a: 'b' } })).toEqual([
      'parameters: Invalid value: {"a":"b"}: field is immutable',
    ]);
    expect(changed('storage.k8s.io/v1/StorageClass', storageClass, { ...storageClass, provisioner: '' })).toEqual([
      'provisioner: Required value',
      'provisioner: Invalid value: "": field is immutable',
    ]);
    expect(changed('storage.k8s.io/v1/VolumeAttributesClass', attributes, { ...attributes, driverName: 'other' })).toEqual([
      'driverName: Forbidden: updates to driverName are forbidden.',
    ]);
  });
});

describe('attachments', () => {
  const type = 'storage.k8s.io/v1/VolumeAttachment';
  const spec = { attacher: 'csi.example.com', nodeName: 'n', source: { persistentVolumeName: 'pv' } };

  test.each<[string, Fields, string[]]>([
    ['as it should be', spec, []],
    [
      'of nothing',
      { ...spec, source: {} },
      ['spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName'],
    ],
    [
      'of a volume on the spot that is not CSI’s',
      {
        ...spec,
        source: { inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, nfs: { server: 's', path: '/' } } },
      },
      [
        'spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes',
        'spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes',
      ],
    ],
    [
      'whose class of attributes is not looked at',
      {
        ...spec,
        source: {
          inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], csi: { driver: 'd', volumeHandle: 'h' }, volumeAttributesClassName: '' },
        },
      },
      [],
    ],
    ['by nobody', { ...spec, attacher: '' }, ['spec.attacher: Required value', 'spec.attacher: Required value']],
  ])('%s', (_title, given, errors) => {
    const found = created(type, { metadata, spec: given }).filter((error) => !error.includes('RFC 1123'));
    expect(found).toEqual(errors);
  });

  test('do not move', () => {
    const moved = changed(type, { metadata, spec }, { metadata, spec: { ...spec, nodeName: 'm' } });
    expect(moved).toEqual([
      'spec: Invalid value: {"Attacher":"csi.example.com","Source":{"PersistentVolumeName":"pv","InlineVolumeSpec":null},"NodeName":"m"}: field is immutable',
    ]);
    const inline = { accessModes: ['ReadWriteOnce'], csi: { driver: 'csi.example.com', volumeHandle: 'v' } };
    const [error] = changed(type, { metadata, spec }, { metadata, spec: { ...spec, source: { inlineVolumeSpec: inline } } });
    expect(error).toContain('"InlineVolumeSpec":{"Capacity":null,"GCEPersistentDisk":null,');
    expect(error).toContain('"CSI":{"Driver":"csi.example.com","VolumeHandle":"v","ReadOnly":false,"FSType":"",');
  });

  test('report errors of a sound code', () => {
    const status = { attached: false, attachError: { errorCode: -1 } };
    expect(reported(type, { metadata, spec }, { metadata, spec, status })).toEqual([
      'status.attachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive',
    ]);
  });
});

describe('CSI', () => {
  test.each<[string, Fields, string[]]>([
    [
      'storage.k8s.io/v1/CSIDriver',
      {
        metadata,
        spec: { tokenRequests: [{ audience: 'a', expirationSeconds: 1 }, { audience: 'a' }], nodeAllocatableUpdatePeriodSeconds: 5 },
      },
      [
        'spec.tokenRequests[0].expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes',
        'spec.tokenRequests[1].audience: Duplicate value: "a"',
        'spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 5: must be greater than or equal to 10 seconds',
      ],
    ],
    [
      'storage.k8s.io/v1/CSIDriver',
      { metadata, spec: { volumeLifecycleModes: ['Sometimes'] } },
      ['spec.volumeLifecycleModes: Unsupported value: "Sometimes": supported values: "Persistent", "Ephemeral"'],
    ],
    [
      'storage.k8s.io/v1/CSINode',
      { metadata, spec: { drivers: [{ name: 'd', nodeID: 'n'.repeat(257), allocatable: { count: -1 }, topologyKeys: ['a', 'a'] }] } },
      [
        `spec.drivers[0].nodeID: Invalid value: "${'n'.repeat(257)}": must be 256 characters or less`,
        'spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0',
        'spec.drivers[0]: Duplicate value: "a"',
      ],
    ],
    [
      'storage.k8s.io/v1/CSIStorageCapacity',
      { storageClassName: 'fast', capacity: '-1Gi' },
      ['capacity: Invalid value: "-1Gi": must be greater than or equal to 0'],
    ],
  ])('%s (%#)', (type, fields, errors) => {
    expect(created(type, fields)).toEqual(errors);
  });

  test('a driver on a node stays, but for how many volumes it takes', () => {
    const node = (driver: Fields): Fields => ({ metadata, spec: { drivers: [{ name: 'd', nodeID: 'n', ...driver }] } });
    expect(changed('storage.k8s.io/v1/CSINode', node({}), node({ allocatable: { count: 3 } }))).toEqual([]);
    expect(changed('storage.k8s.io/v1/CSINode', node({}), node({ nodeID: 'm' }))).toEqual([
      'spec.drivers: Invalid value: {"Name":"d","NodeID":"m","TopologyKeys":null,"Allocatable":null}: field is immutable',
    ]);
  });

  test('what capacity is about stays', () => {
    const capacity = { storageClassName: 'fast' };
    expect(changed('storage.k8s.io/v1/CSIStorageCapacity', capacity, { storageClassName: 'slow' })).toEqual([
      'storageClassName: Invalid value: "slow": field is immutable',
    ]);
  });
});

describe('volumes', () => {
  const type = 'v1/PersistentVolume';
  const volume = (spec: Fields): Fields => ({ metadata, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, ...spec } });

  test.each<[string, Fields, string[]]>([
    ['the path of a disk is upstream’s', { gcePersistentDisk: {} }, ['spec.persistentDisk.pdName: Required value']],
    [
      'one source at most',
      { nfs: { server: 's', path: '/' }, cephfs: { monitors: ['m'] } },
      ['spec.cephFS: Forbidden: may not specify more than 1 volume type'],
    ],
    ['a flexVolume may stand beside another', { nfs: { server: 's', path: '/' }, flexVolume: { driver: 'a/b' } }, []],
    [
      'the whole disk of a node is not cleaned for others',
      { hostPath: { path: '/a/./..' }, persistentVolumeReclaimPolicy: 'Recycle' },
      [
        `spec.hostPath.path: Invalid value: "/a/./..": must not contain '..'`,
        "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
      ],
    ],
    [
      'an initiator’s name leaves little room',
      { iscsi: { targetPortal: 'p'.repeat(64), iqn: 'iqn.2001-04.com.example:a', lun: 0, initiatorName: 'iqn.2001-04.com.example:b' } },
      [
        `spec.iscsi.targetportal: Invalid value: "${'p'.repeat(64)}": Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.`,
      ],
    ],
  ])('%s', (_title, spec, errors) => {
    expect(created(type, volume(spec))).toEqual(errors);
  });

  test.each<[string, Fields, string[]]>([
    ['are heard', { nfs: { server: 's', path: '/' } }, []],
    [
      'have no use',
      { hostPath: { path: '/a' } },
      ['metadata.annotations.volume.beta.kubernetes.io/mount-options: Forbidden: may not specify mount options for this volume type'],
    ],
  ])('options of mounting in the annotation %s', (_title, spec, errors) => {
    const annotations = { 'volume.beta.kubernetes.io/mount-options': 'ro' };
    expect(created(type, { ...volume(spec), metadata: { ...metadata, annotations } })).toEqual(errors);
  });

  const affinity = (key: string): Fields =>
    volume({
      nfs: { server: 's', path: '/' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'Exists' }] }] } },
    });

  test('keys of beta labels may become stable', () => {
    expect(changed(type, affinity('failure-domain.beta.kubernetes.io/zone'), affinity('topology.kubernetes.io/zone'))).toEqual([]);
    expect(changed(type, affinity('topology.kubernetes.io/zone'), affinity('rack'))).toEqual([
      'nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"rack","Operator":"Exists","Values":null}],"MatchFields":null}]}}: field is immutable, except for updating from beta label to GA',
    ]);
  });

  test('a class of attributes may change, but not go', () => {
    const csi = { driver: 'd', volumeHandle: 'h' };
    expect(changed(type, volume({ csi, volumeAttributesClassName: 'fast' }), volume({ csi }))).toEqual([
      'spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden',
    ]);
  });
});

describe('claims', () => {
  const type = 'v1/PersistentVolumeClaim';
  const annotation = 'volume.beta.kubernetes.io/storage-class';
  const claim = (spec: Fields, annotations: Fields = {}, status: Fields = {}): Fields => ({
    metadata: { annotations },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
    status,
  });

  test('a class of attributes that was applied may be replaced, but not taken away', () => {
    const bound = (name?: string): Fields =>
      claim(
        name === undefined ? {} : { volumeAttributesClassName: name },
        {},
        { phase: 'Bound', currentVolumeAttributesClassName: 'fast' },
      );
    const refused = (value: string): string[] => [
      `spec.volumeAttributesClassName: Forbidden: update to ${value} is forbidden when status.currentVolumeAttributesClassName is not nil`,
    ];
    expect(changed(type, bound('fast'), bound('slow'))).toEqual([]);
    expect(changed(type, bound('fast'), bound(''))).toEqual(refused('empty string'));
    expect(changed(type, bound('fast'), bound())).toEqual(refused('nil'));
    const pending = claim({ volumeAttributesClassName: 'fast' }, {}, { phase: 'Bound' });
    expect(changed(type, pending, claim({}, {}, { phase: 'Bound' }))).toEqual([]);
  });

  test('both sources are the same', () => {
    const source = (name: string): Fields => ({ kind: 'PersistentVolumeClaim', name });
    expect(created(type, claim({ dataSource: source('a'), dataSourceRef: source('b') }))).toEqual([
      'spec: Invalid value: {}: must match dataSourceRef',
    ]);
  });

  test('the group of a source has a form, but in claims that had one before', () => {
    const from = (apiGroup: string): Fields => claim({ dataSourceRef: { apiGroup, kind: 'Copy', name: 'a' } });
    expect(created(type, from('^a'))[0]).toContain('spec.dataSourceRef.apiGroup: Invalid value: "^a"');
    expect(changed(type, from('a'), from('^a'))).toEqual([expect.stringContaining('spec: Forbidden: spec is immutable')]);
  });

  test('the class of an annotation may become that of the field', () => {
    expect(changed(type, claim({}, { [annotation]: 'fast' }), claim({ storageClassName: 'fast' }))).toEqual([]);
    expect(changed(type, claim({}, { [annotation]: 'fast' }), claim({}, { [annotation]: 'slow' }))).toEqual([
      `metadata.annotations.${annotation}: Invalid value: "slow": field is immutable`,
    ]);
  });

  test('a claim that is not bound keeps its class of attributes', () => {
    const errors = changed(type, claim({ volumeAttributesClassName: 'a' }), claim({ volumeAttributesClassName: 'b' }));
    expect(errors).toHaveLength(1);
    expect(
      changed(type, claim({ volumeAttributesClassName: 'a' }), claim({ volumeAttributesClassName: 'b' }, {}, { phase: 'Bound' })),
    ).toEqual([]);
  });

  test('what is allocated is storage', () => {
    const status = { allocatedResources: { cpu: '1', storage: '-1' }, allocatedResourceStatuses: { storage: 'Growing' } };
    expect(reported(type, claim({}), claim({}, {}, status))).toEqual([
      'status.allocatedResourceStatuses: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
      'status.allocatedResources: Unsupported value: "cpu": supported values: "storage"',
      'status.allocatedResources[storage]: Invalid value: -1: must be a valid resource quantity',
    ]);
  });
});
