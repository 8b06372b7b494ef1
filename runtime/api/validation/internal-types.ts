import type { LabelSelector, LabelSelectorRequirement } from '../generated/types/meta/v1.ts';
import type { DeviceAttribute, ResourceClaimTemplateSpec } from '../generated/types/resource/v1.ts';

/**
 * Objects as field errors show them: upstream writes its internal types, those of `pkg/apis/<group>/types.go`, as JSON. They have
 * no names for it, so the fields stand there by their names in Go, in the order of the type, and with what Go has where nothing is set.
 */

/** A struct that stands in another one itself is never missing. */
const emptyStruct: Readonly<Record<string, never>> = {};

/** A field, what it holds when it is not set, and how what it points to or lists is shown, where that differs from the manifest. */
type Field = readonly [name: string, unset: '' | 0 | false | null | typeof emptyStruct, of?: Shown];

/** The fields of a type in their order. */
export type InternalType = readonly Field[];

/** An internal type, or how Go writes another one. */
export type Shown = InternalType | ((value: unknown) => unknown);

/** A value of the manifest as upstream shows it: its objects by the type's names. Nothing at all is null. */
export function inGo(type: Shown, value: unknown): unknown {
  if (typeof type === 'function') return type(value);
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

/** A map as Go writes it, sorted by its keys. */
export function mapInGo(map: unknown, of: (value: unknown) => unknown = (value) => value): unknown {
  if (typeof map !== 'object' || map === null) return null;
  return Object.fromEntries(
    Object.entries(map)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, value]) => [key, of(value)]),
  );
}

/** A selector of labels, which is of `meta/v1`, in the order of its type. */
export function selectorInGo(selector: unknown): unknown {
  if (typeof selector !== 'object' || selector === null) return null;
  const { matchLabels, matchExpressions = [] } = selector as LabelSelector;
  return {
    ...(Object.keys(matchLabels ?? {}).length === 0 ? {} : { matchLabels: mapInGo(matchLabels) }),
    ...(matchExpressions.length === 0 ? {} : { matchExpressions: matchExpressions.map(requirementInGo) }),
  };
}

function requirementInGo({ key = '', operator = '', values = [] }: Partial<LabelSelectorRequirement>): unknown {
  return values.length === 0 ? { key, operator } : { key, operator, values };
}

export const profileType: InternalType = [
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
  ['SeccompProfile', null, profileType],
  ['AppArmorProfile', null, profileType],
];

const nodeRequirement: InternalType = [
  ['Key', ''],
  ['Operator', ''],
  ['Values', null],
];

export const podResourceClaimType: InternalType = [
  ['Name', ''],
  ['ResourceClaimName', null],
  ['ResourceClaimTemplateName', null],
];

export const uncountedPodsType: InternalType = [
  ['Succeeded', null],
  ['Failed', null],
];

const deviceAttributeFields = [
  ['IntValue', 'int'],
  ['BoolValue', 'bool'],
  ['StringValue', 'string'],
  ['VersionValue', 'version'],
  ['IntValues', 'ints'],
  ['BoolValues', 'bools'],
  ['StringValues', 'strings'],
  ['VersionValues', 'versions'],
] as const;

/** An attribute of a device, whose fields have other names in Go. */
export function deviceAttributeType(attribute: unknown): unknown {
  const held = attribute as DeviceAttribute;
  return Object.fromEntries(deviceAttributeFields.map(([name, field]) => [name, held[field] ?? null]));
}

export const podIpType: InternalType = [['IP', '']];

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

export const disruptionBudgetSpecType: InternalType = [
  ['MinAvailable', null],
  ['Selector', null, selectorInGo],
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

export const servicePortType: InternalType = [
  ['Name', ''],
  ['Protocol', ''],
  ['AppProtocol', null],
  ['Port', 0],
  ['TargetPort', 0],
  ['NodePort', 0],
];

export const taintType: InternalType = [
  ['Key', ''],
  ['Value', ''],
  ['Effect', ''],
  ['TimeAdded', null],
];

export const nodeAddressType: InternalType = [
  ['Type', ''],
  ['Address', ''],
];

export const serviceCidrSpecType: InternalType = [['CIDRs', null]];

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

const named: InternalType = [['Name', '']];

export const flowSchemaSpecType: InternalType = [
  ['PriorityLevelConfiguration', emptyStruct, named],
  ['MatchingPrecedence', 0],
  ['DistinguisherMethod', null, [['Type', '']]],
  [
    'Rules',
    null,
    [
      [
        'Subjects',
        null,
        [
          ['Kind', ''],
          ['User', null, named],
          ['Group', null, named],
          [
            'ServiceAccount',
            null,
            [
              ['Namespace', ''],
              ['Name', ''],
            ],
          ],
        ],
      ],
      [
        'ResourceRules',
        null,
        [
          ['Verbs', null],
          ['APIGroups', null],
          ['Resources', null],
          ['ClusterScope', false],
          ['Namespaces', null],
        ],
      ],
      [
        'NonResourceRules',
        null,
        [
          ['Verbs', null],
          ['NonResourceURLs', null],
        ],
      ],
    ],
  ],
];

const limitResponse: InternalType = [
  ['Type', ''],
  [
    'Queuing',
    null,
    [
      ['Queues', 0],
      ['HandSize', 0],
      ['QueueLengthLimit', 0],
    ],
  ],
];

export const priorityLevelSpecType: InternalType = [
  ['Type', ''],
  [
    'Limited',
    null,
    [
      ['NominalConcurrencyShares', 0],
      ['LimitResponse', emptyStruct, limitResponse],
      ['LendablePercent', null],
      ['BorrowingLimitPercent', null],
    ],
  ],
  [
    'Exempt',
    null,
    [
      ['NominalConcurrencyShares', null],
      ['LendablePercent', null],
    ],
  ],
];

/** What is asked of devices, alone or as one of several ways. */
const deviceTerms: InternalType = [
  ['DeviceClassName', ''],
  ['Selectors', null, [['CEL', null, [['Expression', '']]]]],
  ['AllocationMode', ''],
  ['Count', 0],
];

const deviceCapacity: InternalType = [
  ['Tolerations', null, tolerationType],
  ['Capacity', null, [['Requests', null, mapInGo]]],
];

/** Its parameters are the driver's own. */
const deviceConfiguration: InternalType = [
  [
    'Opaque',
    null,
    [
      ['Driver', ''],
      ['Parameters', null],
    ],
  ],
];

const resourceClaimFields: InternalType = [
  [
    'Devices',
    emptyStruct,
    [
      [
        'Requests',
        null,
        [
          ['Name', ''],
          ['Exactly', null, [...deviceTerms, ['AdminAccess', null], ...deviceCapacity]],
          ['FirstAvailable', null, [['Name', ''], ...deviceTerms, ...deviceCapacity]],
        ],
      ],
      [
        'Constraints',
        null,
        [
          ['Requests', null],
          ['MatchAttribute', null],
          ['DistinctAttribute', null],
        ],
      ],
      ['Config', null, [['Requests', null], ...deviceConfiguration]],
    ],
  ],
];

/** A claim that asks for nothing is a struct all the same. */
export function resourceClaimSpecInGo(spec: unknown): unknown {
  return inGo(resourceClaimFields, spec ?? emptyStruct);
}

/** The metadata of a template stand beside its specification, as `meta/v1` writes them. */
export function resourceClaimTemplateSpecInGo(spec: unknown): unknown {
  const { metadata = {}, spec: claim } = (spec ?? emptyStruct) as ResourceClaimTemplateSpec;
  const { labels, annotations } = metadata;
  return {
    ...(labels && { labels: mapInGo(labels) }),
    ...(annotations && { annotations: mapInGo(annotations) }),
    Spec: resourceClaimSpecInGo(claim),
  };
}

export const allocationResultType: InternalType = [
  [
    'Devices',
    emptyStruct,
    [
      [
        'Results',
        null,
        [
          ['Request', ''],
          ['Driver', ''],
          ['Pool', ''],
          ['Device', ''],
          ['AdminAccess', null],
          ['Tolerations', null, tolerationType],
          ['BindingConditions', null],
          ['BindingFailureConditions', null],
          ['ShareID', null],
          ['ConsumedCapacity', null, mapInGo],
        ],
      ],
      ['Config', null, [['Source', ''], ['Requests', null], ...deviceConfiguration]],
    ],
  ],
  ['NodeSelector', null, [['NodeSelectorTerms', null, nodeSelectorTermType]]],
  ['AllocationTimestamp', null],
];
