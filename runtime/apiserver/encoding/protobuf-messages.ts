import fieldNumbers from '../../api/kinds/fields.json' with { type: 'json' };
import goFieldNames from './go-field-names.json' with { type: 'json' };
import optionalFields from './optional-fields.json' with { type: 'json' };

/** `k8s` and a zero byte, which every object starts with. */
export const protobufPrefix: readonly number[] = [0x6b, 0x38, 0x73, 0x00];

/** The envelope around every object. */
export const envelopeMessage = 'k8s.io.apimachinery.pkg.runtime.Unknown';

export type Scalar = 'string' | 'bool' | 'bytes' | 'int32' | 'int64' | 'double';

/** One field of a message, ready for decoding. */
export interface Field {
  /** Its name in JSON. */
  readonly name: string;
  /** Its name in Go, which messages tell. */
  readonly goName: string;
  readonly shape: 'one' | 'list' | 'map';
  readonly scalar: Scalar | undefined;
  /** Full name of the message, for those that are no scalars. */
  readonly message: string;
  /** Its fields stand in JSON among those of the message it is in. */
  readonly inline: boolean;
  /** A pointer in Go: absence differs from zero. All other scalars are always written and mean nothing when they are zero. */
  readonly optional: boolean;
}

/** Fields by number, in the order in which they are written. */
export type MessageType = ReadonlyMap<number, Field>;

type FieldTable = Readonly<Record<string, Readonly<Record<string, readonly [number, string]>>>>;

const table = fieldNumbers.protobuf as unknown as FieldTable;
const optional: Readonly<Record<string, readonly string[]>> = optionalFields;
const scalars: ReadonlySet<string> = new Set<Scalar>(['string', 'bool', 'bytes', 'int32', 'int64', 'double']);
const types = new Map<string, MessageType>();

/** Fields that are embedded structs in Go, which JSON does not show. */
const inlined = new Set([
  'deviceConfiguration',
  'ephemeralContainerCommon',
  'handler',
  'ingressRuleValue',
  'localObjectReference',
  'persistentVolumeSource',
  'rule',
  'ruleWithOperations',
  'volumeSource',
]);

/** Fields whose names in JSON are others than in protobuf. */
const renamed: Readonly<Record<string, string>> = {
  Expression: 'expression',
  Name: 'name',
  Webhooks: 'webhooks',
  aPIGroup: 'apiGroup',
  uID: 'uid',
};
const schemaMessage = 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps';
const renamedInSchemas: Readonly<Record<string, string>> = { ref: '$ref', schema: '$schema' };

/** Names in Go that are more than the name in protobuf with a capital, for some messages others than for all. */
const goNames: Readonly<Record<string, string>> = goFieldNames;

/** The fields of a message; undefined if nothing is known of it. */
export function messageType(name: string): MessageType | undefined {
  const known = types.get(name);
  if (known !== undefined) return known;
  const fields = Object.hasOwn(table, name) ? table[name] : undefined;
  if (fields === undefined) return undefined;
  const inOrder = Object.entries(fields).sort(([, [a]], [, [b]]) => a - b);
  const type = new Map(inOrder.map(([field, [number, written]]) => [number, fieldOf(name, field, written)]));
  types.set(name, type);
  return type;
}

function fieldOf(message: string, name: string, written: string): Field {
  const [shape, inner] = shapeOf(written);
  const scalar = isScalar(inner) ? inner : undefined;
  return {
    name: jsonName(message, name),
    goName: goName(message, name),
    shape,
    scalar,
    message: scalar === undefined ? resolve(message, inner) : '',
    inline: shape === 'one' && scalar === undefined && inlined.has(name),
    optional: optional[message]?.includes(name) ?? false,
  };
}

function shapeOf(written: string): ['one' | 'list' | 'map', string] {
  if (written.startsWith('[]')) return ['list', written.slice(2)];
  return written.startsWith('map<') ? ['map', written.slice(4, -1)] : ['one', written];
}

function isScalar(type: string): type is Scalar {
  return scalars.has(type);
}

/** A type's full name: those of the same package are written without it. */
function resolve(message: string, type: string): string {
  const name = type.startsWith('.') ? type.slice(1) : type;
  const sibling = `${message.slice(0, message.lastIndexOf('.'))}.${name}`;
  return Object.hasOwn(table, sibling) ? sibling : name;
}

function jsonName(message: string, name: string): string {
  if (message === schemaMessage) {
    if (name.startsWith('xKubernetes')) return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return renamedInSchemas[name] ?? name;
  }
  return Object.hasOwn(renamed, name) ? (renamed[name] ?? name) : name;
}

function goName(message: string, name: string): string {
  const type = shortName(message);
  if (name === 'metadata' && type.endsWith('List')) return 'ListMeta';
  return goNames[`${type}.${name}`] ?? goNames[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** A message's name in Go. Times are read as what they are written as. */
export function shortName(message: string): string {
  const name = message.slice(message.lastIndexOf('.') + 1);
  return name === 'Time' || name === 'MicroTime' ? 'Timestamp' : name;
}

const packages: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io': 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions',
  'apiregistration.k8s.io': 'k8s.io.kube_aggregator.pkg.apis.apiregistration',
};
const metaPackage = 'k8s.io.apimachinery.pkg.apis.meta.v1';

/** Whether the fields of a built-in kind are known; those of alpha and beta versions are not. */
export function isKnownInProtobuf(apiVersion: string, kind: string): boolean {
  return messageOfKind(apiVersion, kind) !== undefined;
}

/** The message of a kind: the group's own, or for `DeleteOptions` and the like the one all groups share. Undefined for unknown kinds. */
export function messageOfKind(apiVersion: string, kind: string): string | undefined {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  const label = group === '' ? 'core' : (group.split('.')[0] ?? group);
  const home = Object.hasOwn(packages, group) ? packages[group] : `k8s.io.api.${label}`;
  return [`${home}.${version}.${kind}`, `${metaPackage}.${kind}`].find((name) => Object.hasOwn(table, name));
}
