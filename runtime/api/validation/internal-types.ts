/**
 * Objects as field errors show them: upstream writes its internal types, those of `pkg/apis/<group>/types.go`, as JSON. They have
 * no names for it, so the fields stand there by their names in Go, in the order of the type, and with what Go has where nothing is set.
 */

/** A field, what it holds when it is not set, and the type of what it points to or lists, where that is an internal one as well. */
type Field = readonly [name: string, unset: '' | 0 | null, of?: InternalType];

/** The fields of a type in their order. */
export type InternalType = readonly Field[];

/** A value of the manifest as upstream shows it: its objects by the type's names. Nothing at all is null. */
export function inGo(type: InternalType, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return value.map((item) => inGo(type, item));
  // The names differ in nothing but the case of their letters: `apiGroup` is `APIGroup`.
  const given = new Map(Object.entries(value).map(([name, held]) => [name.toLowerCase(), held]));
  return Object.fromEntries(
    type.map(([name, unset, of]) => {
      const held: unknown = given.get(name.toLowerCase()) ?? unset;
      return [name, of === undefined ? held : inGo(of, held)];
    }),
  );
}

const profile: InternalType = [
  ['Type', ''],
  ['LocalhostProfile', null],
];

export const securityContextType: InternalType = [
  [
    'Capabilities',
    null,
    [
      ['Add', null],
      ['Drop', null],
    ],
  ],
  ['Privileged', null],
  [
    'SELinuxOptions',
    null,
    [
      ['User', ''],
      ['Role', ''],
      ['Type', ''],
      ['Level', ''],
    ],
  ],
  [
    'WindowsOptions',
    null,
    [
      ['GMSACredentialSpecName', null],
      ['GMSACredentialSpec', null],
      ['RunAsUserName', null],
      ['HostProcess', null],
    ],
  ],
  ['RunAsUser', null],
  ['RunAsGroup', null],
  ['RunAsNonRoot', null],
  ['ReadOnlyRootFilesystem', null],
  ['AllowPrivilegeEscalation', null],
  ['ProcMount', null],
  ['SeccompProfile', null, profile],
  ['AppArmorProfile', null, profile],
];

const nodeRequirement: InternalType = [
  ['Key', ''],
  ['Operator', ''],
  ['Values', null],
];

export const nodeSelectorTermType: InternalType = [
  ['MatchExpressions', null, nodeRequirement],
  ['MatchFields', null, nodeRequirement],
];

export const tolerationType: InternalType = [
  ['Key', ''],
  ['Operator', ''],
  ['Value', ''],
  ['Effect', ''],
  ['TolerationSeconds', null],
];

export const volumeNodeAffinityType: InternalType = [['Required', null, [['NodeSelectorTerms', null, nodeSelectorTermType]]]];

export const nodeConfigSourceType: InternalType = [['ConfigMap', null]];

/** Of Deployments and DaemonSets. */
export const updateStrategyType: InternalType = [
  ['Type', ''],
  [
    'RollingUpdate',
    null,
    [
      ['MaxUnavailable', 0],
      ['MaxSurge', 0],
    ],
  ],
];

export const rollingStatefulSetType: InternalType = [
  ['Partition', 0],
  ['MaxUnavailable', null],
];

export const statefulSetStrategyType: InternalType = [
  ['Type', ''],
  ['RollingUpdate', null, rollingStatefulSetType],
];

export const podFailurePolicyType: InternalType = [
  [
    'Rules',
    null,
    [
      ['Action', ''],
      [
        'OnExitCodes',
        null,
        [
          ['ContainerName', null],
          ['Operator', ''],
          ['Values', null],
        ],
      ],
      [
        'OnPodConditions',
        null,
        [
          ['Type', ''],
          ['Status', ''],
        ],
      ],
    ],
  ],
];

export const successPolicyType: InternalType = [
  [
    'Rules',
    null,
    [
      ['SucceededIndexes', null],
      ['SucceededCount', null],
    ],
  ],
];

/** Its selector is of `meta/v1`, which has names for JSON. */
export const disruptionBudgetSpecType: InternalType = [
  ['MinAvailable', null],
  ['Selector', null],
  ['MaxUnavailable', null],
  ['UnhealthyPodEvictionPolicy', null],
];

export const roleRefType: InternalType = [
  ['APIGroup', ''],
  ['Kind', ''],
  ['Name', ''],
];

export const nonResourceAttributesType: InternalType = [
  ['Path', ''],
  ['Verb', ''],
];

export const parentReferenceType: InternalType = [
  ['Group', ''],
  ['Resource', ''],
  ['Namespace', ''],
  ['Name', ''],
];

export const serviceCidrSpecType: InternalType = [['CIDRs', null]];

/** A volume that is written out in an attachment stays as it is in the manifest. */
export const volumeAttachmentSpecType: InternalType = [
  ['Attacher', ''],
  [
    'Source',
    null,
    [
      ['PersistentVolumeName', null],
      ['InlineVolumeSpec', null],
    ],
  ],
  ['NodeName', ''],
];

export const csiNodeDriverType: InternalType = [
  ['Name', ''],
  ['NodeID', ''],
  ['TopologyKeys', null],
  ['Allocatable', null],
];

export const objectReferenceType: InternalType = [
  ['Kind', ''],
  ['Namespace', ''],
  ['Name', ''],
  ['UID', ''],
  ['APIVersion', ''],
  ['ResourceVersion', ''],
  ['FieldPath', ''],
];

export const eventSourceType: InternalType = [
  ['Component', ''],
  ['Host', ''],
];
