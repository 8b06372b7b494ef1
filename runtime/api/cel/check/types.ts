/** A type of cel-go's `common/types`. */
export interface CelType {
  readonly kind: Kind;
  /** Its name when it runs: `int`, `list`, `google.protobuf.Timestamp`; for a parameter its own. */
  readonly name: string;
  readonly parameters: readonly CelType[];
  /** Whether there is a type parameter in it. */
  readonly open: boolean;
  /** How many types it is made of when it is written out: parts that it shares count as often as they stand in it. */
  readonly size: number;
  /** The type of a field of an object, undefined when it has none of that name; left out when nothing is known of its fields. */
  readonly field?: (name: string) => CelType | undefined;
}

type Kind = 'any' | 'dyn' | 'error' | 'list' | 'map' | 'null' | 'opaque' | 'parameter' | 'scalar' | 'struct' | 'time' | 'type';

function simple(kind: Kind, name: string): CelType {
  return { kind, name, parameters: [], open: kind === 'parameter', size: 1 };
}

function compound(kind: Kind, name: string, parameters: readonly CelType[]): CelType {
  const size = parameters.reduce((sum, each) => sum + each.size, 1);
  return { kind, name, parameters, open: parameters.some(({ open }) => open), size };
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
  return compound('list', 'list', [item]);
}

export function mapOf(key: CelType, value: CelType): CelType {
  return compound('map', 'map', [key, value]);
}

export function optionalOf(value: CelType): CelType {
  return compound('opaque', 'optional_type', [value]);
}

export function typeOf(type: CelType): CelType {
  return compound('type', 'type', [type]);
}

export function parameter(name: string): CelType {
  return simple('parameter', name);
}

/** An object; `field` is asked when a field is used. */
export function structType(name: string, field?: (name: string) => CelType | undefined): CelType {
  return field === undefined ? simple('struct', name) : { ...simple('struct', name), field };
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

/** A type whose parameters are replaced; the type itself when they stay as they are, so that types go on sharing their parts. */
export function withParameters(type: CelType, replace: (parameter: CelType) => CelType): CelType {
  const parameters = type.parameters.map(replace);
  return parameters.every((each, index) => each === type.parameters[index]) ? type : compound(type.kind, type.name, parameters);
}

/** Pairs of types that need no second look. Types share their parts: those that are written out can be many times as large. */
export class TypePairs {
  private readonly seen = new Map<CelType, Set<CelType>>();

  /** Whether the pair is new. */
  add(a: CelType, b: CelType): boolean {
    const others = this.seen.get(a);
    if (others === undefined) this.seen.set(a, new Set([b]));
    else if (others.has(b)) return false;
    else others.add(b);
    return true;
  }
}

/**
 * @param ignoreParameterNames whether any type parameter is like any other
 * @param step called for every pair of parts that is looked at
 */
export function sameType(a: CelType, b: CelType, ignoreParameterNames = false, step?: () => void): boolean {
  let pairs: TypePairs | undefined;
  const same = (left: CelType, right: CelType): boolean => {
    if (left === right) return true;
    if (left.kind !== right.kind || left.parameters.length !== right.parameters.length) return false;
    if (left.name !== right.name && !(ignoreParameterNames && left.kind === 'parameter')) return false;
    if (left.parameters.length === 0) return true;
    pairs ??= new TypePairs();
    if (!pairs.add(left, right)) return true;
    step?.();
    return left.parameters.every((each, index) => same(each, right.parameters[index] ?? errorType));
  };
  return same(a, b);
}

const shownNames: Readonly<Record<string, string>> = {
  'google.protobuf.Any': 'any',
  'google.protobuf.Duration': 'duration',
  'google.protobuf.Timestamp': 'timestamp',
  null_type: 'null',
  error: '!error!',
};

/** A type as messages of the checker show it (`FormatCELType`): `list(string)`, `timestamp`, `null`. */
export function formatType(type: CelType): string {
  return writtenOut(type, ({ kind, name }) => (kind === 'struct' ? name : (shownNames[name] ?? name)));
}

/** A type as other messages show it (`Type.String`): `google.protobuf.Timestamp`, `null_type`, `list(<T>)`. */
export function typeText(type: CelType): string {
  return writtenOut(type, ({ kind, name }) => (kind === 'parameter' ? `<${name}>` : name));
}

/** Longer than any type that is meant to be read. */
const maxTypeText = 2000;

/** What is too long ends with dots: types share their parts, and written out they may be longer than any text can be. */
function writtenOut(type: CelType, nameOf: (type: CelType) => string): string {
  let text = '';
  const write = (each: CelType): void => {
    if (text.length > maxTypeText) return;
    text += nameOf(each);
    if (each.parameters.length === 0) return;
    each.parameters.forEach((parameter, index) => {
      text += index === 0 ? '(' : ', ';
      write(parameter);
    });
    text += ')';
  };
  write(type);
  return text.length > maxTypeText ? `${text.slice(0, maxTypeText)}...` : text;
}
