import { toBase64 } from '../base64.ts';
import type { Json } from '../object.ts';
import { type JsonMap, setKey } from '../patches/json-tree.ts';
import { type CelType, dynType, stringType, structType } from './check/types.ts';
import { Constructed } from './evaluate/constructed.ts';
import { formatNanos, formatTimestamp } from './evaluate/times.ts';
import { Dictionary, Duration, List, Timestamp, typeName, Uint, type Value } from './evaluate/values.ts';

const patchFields: Readonly<Record<string, CelType>> = { op: stringType, path: stringType, from: stringType, value: dynType };

/** Upstream gives fields that there are not in patches no type at all, so that no value fits them. */
const noType = structType('');
export const jsonPatchType = structType('JSONPatch', (field) => (Object.hasOwn(patchFields, field) ? patchFields[field] : noType));
export const objectType = structType('Object', () => dynType);

/** The type of what mutations construct, by its name: `Object`, `Object.spec.containers`, `JSONPatch`; undefined when they cannot construct it. */
export function patchType(name: string): CelType | undefined {
  if (name === jsonPatchType.name) return jsonPatchType;
  return name === objectType.name || name.startsWith(`${objectType.name}.`) ? structType(name, () => dynType) : undefined;
}

/** The JSON of a value that an expression has given. @throws Error for what JSON has no form for */
export function jsonOfCel(value: Value): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof List) return value.items().map(jsonOfCel);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Uint8Array) return toBase64(value);
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof Duration) return formatNanos(value.nanos);
  const map: JsonMap = {};
  for (const [key, item] of entriesOf(value)) setKey(map, String(key), jsonOfCel(item));
  return map;
}

function entriesOf(value: Value): Iterable<readonly [Value, Value]> {
  if (value instanceof Constructed) return value.fields;
  if (value instanceof Dictionary) return value.keys().map((key) => [key, value.find(key) ?? null] as const);
  throw new Error(`unsupported type ${typeName(value)}`);
}

/**
 * What is wrong with the types of constructed values: a value at `spec.template` of an `Object` must be an `Object.spec.template`. Upstream's
 * `CheckTypeNamesMatchFieldPathNames`; undefined when all is well.
 */
export function mismatchedTypes(value: Value | undefined): string | undefined {
  if (!(value instanceof Constructed)) return undefined;
  const problems = [...mismatches(value, value.type.name)];
  return problems.length === 0 ? undefined : problems.join('\n');
}

function* mismatches(value: Value, expected: string): Iterable<string> {
  if (value instanceof List) {
    for (const item of value.items()) yield* mismatches(item, expected);
  } else if (value instanceof Constructed) {
    const { name } = value.type;
    if (name !== expected) {
      const [given, wanted] = [JSON.stringify(name), JSON.stringify(expected)];
      yield `unexpected type name ${given}, expected ${wanted}, which matches field name path from root Object type`;
    }
    for (const [key, item] of value.fields) yield* mismatches(item, `${expected}.${key}`);
  } else if (value instanceof Dictionary) {
    for (const [, item] of entriesOf(value)) yield* mismatches(item, expected);
  }
}
