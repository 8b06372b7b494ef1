/** What the library says of an evaluation that fails, in the words of cel-go and of upstream's own libraries. */

const errorTexts: Readonly<Record<string, string>> = {
  bool_conversion_error: "type conversion error from 'string' to 'bool'",
  double_conversion_error: "type conversion error from 'string' to 'double'",
  int_conversion_error: "type conversion error from 'string' to 'int'",
  invalid_condition_type: 'no such overload',
  invalid_duration: "type conversion error from 'string' to 'google.protobuf.Duration'",
  invalid_logical_operand: 'no such overload',
  invalid_timestamp: "type conversion error from 'string' to 'google.protobuf.Timestamp'",
  modulo_by_zero: 'modulus by zero',
  optional_value_missing: 'optional.none() dereference',
  uint_conversion_error: "type conversion error from 'string' to 'uint'",
};

const numbers = ['double', 'int', 'uint'];
const times = ['google.protobuf.Duration', 'google.protobuf.Timestamp'];
const ordered = [...numbers, ...times, 'bool', 'bytes', 'string'];
/** What can be on the left of an operator at all; upstream names the operator when nothing of that type can. */
const leftTypes: Readonly<Record<string, readonly string[]>> = {
  '+': [...numbers, ...times, 'bytes', 'list', 'string'],
  '-': [...numbers, ...times],
  '*': numbers,
  '/': numbers,
  '%': ['int', 'uint'],
  '<': ordered,
  '<=': ordered,
  '>': ordered,
  '>=': ordered,
};
const negatable = ['double', 'google.protobuf.Duration', 'int'];
/** Functions that are there once for all types, which must be able to be asked for them. */
const asked: ReadonlySet<string> = new Set(['size', 'matches']);
const namespaces: Readonly<Record<string, string>> = {
  FormatNamespace: 'format',
  IpNamespace: 'ip',
  JsonPatchNamespace: 'jsonpatch',
  ListsNamespace: 'lists',
  OptionalNamespace: 'optional',
  SetsNamespace: 'sets',
  StringsNamespace: 'strings',
};

/** `publicName`: by what name expressions call a function of the library. */
export function runtimeErrorText(error: unknown, publicName: (name: string) => string): string {
  const code = fieldOf(error, 'code') ?? '';
  const text = fieldOf(error, 'summary') ?? (error instanceof Error ? error.message : String(error));
  if (Object.hasOwn(errorTexts, code)) return errorTexts[code] ?? text;
  switch (code) {
    case 'no_such_key':
      return text.replace(/^No/, 'no');
    case 'index_out_of_bounds':
      return text.replace(/^.*index out of bounds, index (-?\d+).*$/s, 'index out of bounds: $1');
    case 'numeric_overflow':
      return /unsigned/i.test(text) ? 'unsigned integer overflow' : 'integer overflow';
    case 'invalid_comprehension_range':
      return `got '${goType(/'([^']*)'/.exec(text)?.[1] ?? '')}', expected iterable type`;
    case 'no_such_overload':
      return operatorText(text);
    case 'no_matching_overload':
      return functionText(text, publicName);
    default:
      return text;
  }
}

function fieldOf(error: unknown, name: 'code' | 'summary'): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** `no such overload: int > string`, `no such overload: -string` */
function operatorText(text: string): string {
  const [, left = '', operator = ''] = /^no such overload: (.+) (\S+) .+$/.exec(text) ?? [];
  if (operator !== '') {
    const able = leftTypes[operator];
    return able === undefined || able.includes(erasedType(left)) ? 'no such overload' : `no such overload: _${operator}_`;
  }
  const [, negated] = /^no such overload: -(.+)$/.exec(text) ?? [];
  return negated === undefined || negatable.includes(erasedType(negated)) ? 'no such overload' : 'no such overload: -_';
}

/** `found no matching overload for 'string.contains(int)'` */
function functionText(text: string, publicName: (name: string) => string): string {
  const [, receiver, own = '', list = ''] = /^found no matching overload for '(?:(.+)\.)?([^.(]+)\((.*)\)'$/s.exec(text) ?? [];
  const name = publicName(own);
  if (asked.has(name)) return `no such overload: ${name}`;
  const namespace = namespaces[receiver ?? ''];
  const types = list.split(/, (?![^<]*>)/).filter((type) => type !== '');
  if (receiver !== undefined && namespace === undefined) types.unshift(receiver);
  return `no such overload: ${namespace === undefined ? name : `${namespace}.${name}`}(${types.map(erasedType).join(', ')})`;
}

/** A type without those within it; objects are maps to upstream. */
export function erasedType(type: string): string {
  const inner = /^dyn<(.*)>$/.exec(type)?.[1] ?? type;
  const name = inner.replace(/<.*$/, '');
  if (name === 'null') return 'null_type';
  if (name === 'optional') return 'optional_type';
  if (name === 'kubernetes.IP' || name === 'kubernetes.CIDR') return name.replace('kubernetes', 'net');
  return name === 'Self' || name.startsWith('Self.') ? 'map' : name;
}

/** The type of a simple value in Go. */
function goType(type: string): string {
  const name = erasedType(type)
    .replace(/^google\.protobuf\./, '')
    .replace(/_type$/, '');
  return `types.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
