/** A type of cel-go's `common/types`. */
export interface CelType {
  readonly kind: Kind;
  /** Its name when it runs: `int`, `list`, `google.protobuf.Timestamp`; for a parameter its own. */
  readonly name: string;
  readonly parameters: readonly CelType[];
  /** The type of a field of an object, undefined when it has none of that name; left out when nothing is known of its fields. */
  readonly field?: (name: string) => CelType | undefined;
}

type Kind = 'any' | 'dyn' | 'error' | 'list' | 'map' | 'null' | 'opaque' | 'parameter' | 'scalar' | 'struct' | 'time' | 'type';

function simple(kind: Kind, name: string): CelType {
  return { kind, name, parameters: [] };
}

export const anyType = simple('any', 'google.protobuf.Any');
export const dynType = simple('dyn', 'dyn');
export const errorType = simple('error', 'error');
export const nullType = simple('null', 'null_type');
export const boolType = simple('scalar', 'bool');
export const bytesType = simple('scalar', 'bytes');
export const doubleType = simple('scalar', 'double');
export const intType = simple('scalar', 'int');
export const stringType = simple('scalar', 'string');
export const uintType = simple('scalar', 'uint');
export const durationType = simple('time', 'google.protobuf.Duration');
export const timestampType = simple('time', 'google.protobuf.Timestamp');
/** Types of `k8s.io/apiserver/pkg/cel` that nothing can be selected from. */
export const ipType = simple('opaque', 'net.IP');
export const cidrType = simple('opaque', 'net.CIDR');
/** The type of types. */
export const typeType = simple('type', 'type');

export function listOf(item: CelType): CelType {
  return { kind: 'list', name: 'list', parameters: [item] };
}

export function mapOf(key: CelType, value: CelType): CelType {
  return { kind: 'map', name: 'map', parameters: [key, value] };
}

export function optionalOf(value: CelType): CelType {
  return { kind: 'opaque', name: 'optional_type', parameters: [value] };
}

export function typeOf(type: CelType): CelType {
  return { kind: 'type', name: 'type', parameters: [type] };
}

export function parameter(name: string): CelType {
  return simple('parameter', name);
}

/** An object; `field` is asked when a field is used. */
export function structType(name: string, field?: (name: string) => CelType | undefined): CelType {
  return field === undefined ? simple('struct', name) : { kind: 'struct', name, parameters: [], field };
}

/** An object whose fields are all known beforehand. */
export function structOf(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  return structType(name, (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined));
}

export function isOptional({ kind, name }: CelType): boolean {
  return kind === 'opaque' && name === 'optional_type';
}

/** The type within an optional one, or the type itself. */
export function unwrapped(type: CelType): CelType {
  return isOptional(type) ? (type.parameters[0] ?? dynType) : type;
}

export function isDyn({ kind }: CelType): boolean {
  return kind === 'dyn' || kind === 'any';
}

export function isDynOrError(type: CelType): boolean {
  return type.kind === 'error' || isDyn(type);
}

/** @param ignoreParameterNames whether any type parameter is like any other */
export function sameType(a: CelType, b: CelType, ignoreParameterNames = false): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.parameters.length !== b.parameters.length) return false;
  if (a.name !== b.name && !(ignoreParameterNames && a.kind === 'parameter')) return false;
  return a.parameters.every((each, index) => sameType(each, b.parameters[index] ?? errorType, ignoreParameterNames));
}

const shownNames: Readonly<Record<string, string>> = {
  'google.protobuf.Any': 'any',
  'google.protobuf.Duration': 'duration',
  'google.protobuf.Timestamp': 'timestamp',
  null_type: 'null',
  error: '!error!',
};

/** A type as messages of the checker show it (`FormatCELType`): `list(string)`, `timestamp`, `null`. */
export function formatType({ kind, name, parameters }: CelType): string {
  const shown = kind === 'struct' ? name : (shownNames[name] ?? name);
  return parameters.length === 0 ? shown : `${shown}(${parameters.map(formatType).join(', ')})`;
}

/** A type as other messages show it (`Type.String`): `google.protobuf.Timestamp`, `null_type`, `list(<T>)`. */
export function typeText({ kind, name, parameters }: CelType): string {
  if (kind === 'parameter') return `<${name}>`;
  return parameters.length === 0 ? name : `${name}(${parameters.map(typeText).join(', ')})`;
}
