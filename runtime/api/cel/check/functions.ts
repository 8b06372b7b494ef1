import {
  boolType,
  bytesType,
  type CelType,
  cidrType,
  doubleType,
  durationType,
  dynType,
  intType,
  ipType,
  listOf,
  mapOf,
  optionalOf,
  parameter,
  stringType,
  structType,
  timestampType,
  typeOf,
  uintType,
} from './types.ts';

/** One form of a function. */
export interface Overload {
  /** Called on its first parameter. */
  readonly member: boolean;
  readonly parameters: readonly CelType[];
  readonly result: CelType;
}

const numbers = ['int', 'uint', 'double'];
const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const crossComparable = numbers.flatMap((a) => numbers.map((b) => [a, b]));
const ordered = [...crossComparable, ...['bool', 'string', 'bytes', 'timestamp', 'duration'].map((type) => [type, type])];
const timeParts = ['FullYear', 'Month', 'DayOfYear', 'DayOfMonth', 'Date', 'DayOfWeek', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];
const durationParts = ['Hours', 'Minutes', 'Seconds', 'Milliseconds'];
const formats =
  'dns1123Label dns1123Subdomain dns1035Label qualifiedName dns1123LabelPrefix dns1123SubdomainPrefix dns1035LabelPrefix labelValue uri uuid byte date datetime';
const conversions: Readonly<Record<string, string>> = {
  bool: 'bool string',
  bytes: 'bytes string',
  double: 'double int string uint',
  duration: 'duration string',
  int: 'int double duration string timestamp uint',
  string: 'string bool bytes double duration int timestamp uint net.CIDR net.IP',
  timestamp: 'timestamp int string',
  uint: 'uint double int string',
};

/** Functions by their names: cel-go's standard ones, and those of its extensions and of `k8s.io/apiserver/pkg/cel/library` that upstream's base environment has. */
const global: Readonly<Record<string, readonly string[]>> = {
  '_?_:_': ['bool, A, A -> A'],
  '_&&_': ['bool, bool -> bool'],
  '_||_': ['bool, bool -> bool'],
  '!_': ['bool -> bool'],
  '@not_strictly_false': ['bool -> bool'],
  '_==_': ['A, A -> bool'],
  '_!=_': ['A, A -> bool'],
  '_<_': ordered.map(([a, b]) => `${a}, ${b} -> bool`),
  '_<=_': ordered.map(([a, b]) => `${a}, ${b} -> bool`),
  '_>_': ordered.map(([a, b]) => `${a}, ${b} -> bool`),
  '_>=_': ordered.map(([a, b]) => `${a}, ${b} -> bool`),
  '_+_': [
    'bytes, bytes -> bytes',
    'double, double -> double',
    'duration, duration -> duration',
    'duration, timestamp -> timestamp',
    'timestamp, duration -> timestamp',
    'int, int -> int',
    'list(A), list(A) -> list(A)',
    'string, string -> string',
    'uint, uint -> uint',
  ],
  '_-_': [
    'double, double -> double',
    'duration, duration -> duration',
    'int, int -> int',
    'timestamp, duration -> timestamp',
    'timestamp, timestamp -> duration',
    'uint, uint -> uint',
  ],
  '_*_': ['double, double -> double', 'int, int -> int', 'uint, uint -> uint'],
  '_/_': ['double, double -> double', 'int, int -> int', 'uint, uint -> uint'],
  '_%_': ['int, int -> int', 'uint, uint -> uint'],
  '-_': ['double -> double', 'int -> int'],
  '_[_]': ['list(A), int -> A', 'map(A, B), A -> B', 'optional(list(V)), int -> optional(V)', 'optional(map(K, V)), K -> optional(V)'],
  '_[?_]': [
    'list(V), int -> optional(V)',
    'optional(list(V)), int -> optional(V)',
    'map(K, V), K -> optional(V)',
    'optional(map(K, V)), K -> optional(V)',
  ],
  '@in': ['A, list(A) -> bool', 'A, map(A, B) -> bool'],
  size: ['bytes -> int', 'list(A) -> int', 'map(A, B) -> int', 'string -> int'],
  type: ['A -> type(A)'],
  dyn: ['A -> dyn'],
  ...Object.fromEntries(Object.entries(conversions).map(([name, from]) => [name, from.split(' ').map((type) => `${type} -> ${name}`)])),
  matches: ['string, string -> bool'],
  'optional.of': ['V -> optional(V)'],
  'optional.ofNonZeroValue': ['V -> optional(V)'],
  'optional.none': [' -> optional(V)'],
  'optional.unwrap': ['list(optional(V)) -> list(V)'],
  'strings.quote': ['string -> string'],
  'lists.range': ['int -> list(int)'],
  'sets.contains': ['list(T), list(T) -> bool'],
  'sets.equivalent': ['list(T), list(T) -> bool'],
  'sets.intersects': ['list(T), list(T) -> bool'],
  'cel.@mapInsert': ['map(K, V), K, V -> map(K, V)', 'map(K, V), map(K, V) -> map(K, V)'],
  url: ['string -> kubernetes.URL'],
  isURL: ['string -> bool'],
  quantity: ['string -> kubernetes.Quantity'],
  isQuantity: ['string -> bool'],
  sign: ['kubernetes.Quantity -> int'],
  ip: ['string -> net.IP'],
  'ip.isCanonical': ['string -> bool'],
  isIP: ['string -> bool'],
  cidr: ['string -> net.CIDR'],
  isCIDR: ['string -> bool'],
  semver: ['string -> kubernetes.Semver', 'string, bool -> kubernetes.Semver'],
  isSemver: ['string -> bool', 'string, bool -> bool'],
  'format.named': ['string -> optional(kubernetes.NamedFormat)'],
  ...Object.fromEntries(formats.split(' ').map((name) => [`format.${name}`, [' -> kubernetes.NamedFormat']])),
};

/** Functions that are called on a value, which is their first parameter. */
const member: Readonly<Record<string, readonly string[]>> = {
  size: ['bytes -> int', 'list(A) -> int', 'map(A, B) -> int', 'string -> int'],
  contains: ['string, string -> bool'],
  endsWith: ['string, string -> bool'],
  startsWith: ['string, string -> bool'],
  matches: ['string, string -> bool'],
  ...Object.fromEntries(
    timeParts.map((part) => [
      `get${part}`,
      ['timestamp -> int', 'timestamp, string -> int', ...(durationParts.includes(part) ? ['duration -> int'] : [])],
    ]),
  ),
  charAt: ['string, int -> string'],
  indexOf: ['string, string -> int', 'string, string, int -> int', 'list(A), A -> int'],
  lastIndexOf: ['string, string -> int', 'string, string, int -> int', 'list(A), A -> int'],
  lowerAscii: ['string -> string'],
  upperAscii: ['string -> string'],
  trim: ['string -> string'],
  replace: ['string, string, string -> string', 'string, string, string, int -> string'],
  split: ['string, string -> list(string)', 'string, string, int -> list(string)'],
  substring: ['string, int -> string', 'string, int, int -> string'],
  format: ['string, list(dyn) -> string'],
  join: ['list(string) -> string', 'list(string), string -> string'],
  find: ['string, string -> string'],
  findAll: ['string, string -> list(string)', 'string, string, int -> list(string)'],
  isSorted: comparable.map((type) => `list(${type}) -> bool`),
  sum: ['int', 'uint', 'double', 'duration'].map((type) => `list(${type}) -> ${type}`),
  min: comparable.map((type) => `list(${type}) -> ${type}`),
  max: comparable.map((type) => `list(${type}) -> ${type}`),
  slice: ['list(T), int, int -> list(T)'],
  flatten: ['list(list(T)) -> list(T)', 'list(dyn), int -> list(dyn)'],
  sort: comparable.map((type) => `list(${type}) -> list(${type})`),
  '@sortByAssociatedKeys': comparable.map((type) => `list(T), list(${type}) -> list(T)`),
  reverse: ['list(T) -> list(T)'],
  distinct: ['list(T) -> list(T)'],
  first: ['list(V) -> optional(V)'],
  last: ['list(V) -> optional(V)'],
  value: ['optional(V) -> V'],
  hasValue: ['optional(V) -> bool'],
  or: ['optional(V), optional(V) -> optional(V)'],
  orValue: ['optional(V), V -> V'],
  unwrapOpt: ['list(optional(V)) -> list(V)'],
  ...Object.fromEntries(['Scheme', 'Host', 'Hostname', 'Port', 'EscapedPath'].map((part) => [`get${part}`, ['kubernetes.URL -> string']])),
  getQuery: ['kubernetes.URL -> map(string, list(string))'],
  isGreaterThan: ['kubernetes.Quantity, kubernetes.Quantity -> bool', 'kubernetes.Semver, kubernetes.Semver -> bool'],
  isLessThan: ['kubernetes.Quantity, kubernetes.Quantity -> bool', 'kubernetes.Semver, kubernetes.Semver -> bool'],
  compareTo: ['kubernetes.Quantity, kubernetes.Quantity -> int', 'kubernetes.Semver, kubernetes.Semver -> int'],
  asApproximateFloat: ['kubernetes.Quantity -> double'],
  asInteger: ['kubernetes.Quantity -> int'],
  isInteger: ['kubernetes.Quantity -> bool'],
  add: ['kubernetes.Quantity, kubernetes.Quantity -> kubernetes.Quantity', 'kubernetes.Quantity, int -> kubernetes.Quantity'],
  sub: ['kubernetes.Quantity, kubernetes.Quantity -> kubernetes.Quantity', 'kubernetes.Quantity, int -> kubernetes.Quantity'],
  major: ['kubernetes.Semver -> int'],
  minor: ['kubernetes.Semver -> int'],
  patch: ['kubernetes.Semver -> int'],
  family: ['net.IP -> int'],
  ...Object.fromEntries(
    ['Unspecified', 'Loopback', 'LinkLocalMulticast', 'LinkLocalUnicast', 'GlobalUnicast'].map((kind) => [`is${kind}`, ['net.IP -> bool']]),
  ),
  containsIP: ['net.CIDR, string -> bool', 'net.CIDR, net.IP -> bool'],
  containsCIDR: ['net.CIDR, string -> bool', 'net.CIDR, net.CIDR -> bool'],
  ip: ['net.CIDR -> net.IP'],
  prefixLength: ['net.CIDR -> int'],
  masked: ['net.CIDR -> net.CIDR'],
  validate: ['kubernetes.NamedFormat, string -> optional(list(string))'],
  path: ['kubernetes.authorization.Authorizer, string -> kubernetes.authorization.PathCheck'],
  group: ['kubernetes.authorization.Authorizer, string -> kubernetes.authorization.GroupCheck'],
  serviceAccount: ['kubernetes.authorization.Authorizer, string, string -> kubernetes.authorization.Authorizer'],
  resource: ['kubernetes.authorization.GroupCheck, string -> kubernetes.authorization.ResourceCheck'],
  ...Object.fromEntries(
    ['subresource', 'namespace', 'name', 'fieldSelector', 'labelSelector'].map((step) => [
      step,
      ['kubernetes.authorization.ResourceCheck, string -> kubernetes.authorization.ResourceCheck'],
    ]),
  ),
  check: ['Path', 'Resource'].map((kind) => `kubernetes.authorization.${kind}Check, string -> kubernetes.authorization.Decision`),
  errored: ['kubernetes.authorization.Decision -> bool'],
  error: ['kubernetes.authorization.Decision -> string'],
  allowed: ['kubernetes.authorization.Decision -> bool'],
  reason: ['kubernetes.authorization.Decision -> string'],
};

const patches: Readonly<Record<string, readonly string[]>> = { 'jsonpatch.escapeKey': ['string -> string'] };

const parsed = new Map<string, readonly Overload[]>();

/** The forms of a function, undefined when there is none of that name. `hasPatches`: those of mutations are known as well. */
export function overloadsOf(name: string, hasPatches: boolean): readonly Overload[] | undefined {
  if (hasPatches && Object.hasOwn(patches, name)) return (patches[name] ?? []).map((text) => overload(text, false));
  let found = parsed.get(name);
  if (found === undefined) {
    const globals = Object.hasOwn(global, name) ? (global[name] ?? []) : [];
    const members = Object.hasOwn(member, name) ? (member[name] ?? []) : [];
    if (globals.length + members.length === 0) return undefined;
    found = [...globals.map((text) => overload(text, false)), ...members.map((text) => overload(text, true))];
    parsed.set(name, found);
  }
  return found;
}

function overload(text: string, isMember: boolean): Overload {
  const [parameters = '', result = ''] = text.split(' -> ');
  return { member: isMember, parameters: splitTypes(parameters).map(readType), result: readType(result) };
}

/** Splits at the commas that are in no parentheses. */
function splitTypes(text: string): readonly string[] {
  return text.match(/[^,()\s]+(?:\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?/g) ?? [];
}

const simpleTypes: Readonly<Record<string, CelType>> = {
  'net.CIDR': cidrType,
  'net.IP': ipType,
  bool: boolType,
  bytes: bytesType,
  double: doubleType,
  duration: durationType,
  dyn: dynType,
  int: intType,
  string: stringType,
  timestamp: timestampType,
  uint: uintType,
};

function readType(text: string): CelType {
  const [, name = text, inner = ''] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  const parameters = splitTypes(inner).map(readType);
  const [first = dynType, second = dynType] = parameters;
  switch (name) {
    case 'list':
      return listOf(first);
    case 'map':
      return mapOf(first, second);
    case 'optional':
      return optionalOf(first);
    case 'type':
      return typeOf(first);
    default:
      return simpleTypes[name] ?? (/^[A-Z]$/.test(name) ? parameter(name) : structType(name));
  }
}
