import { toBase64 } from '../base64.ts';
import type { Json } from '../object.ts';
import { type JsonMap, setKey } from '../patches/json-tree.ts';
import { type CelType, dynType, stringType, structType } from './check/types.ts';
import { Constructed } from './evaluate/constructed.ts';
import { Meter } from './evaluate/meter.ts';
import { formatNanos, formatTimestamp } from './evaluate/times.ts';
import { bulkOf, Dictionary, Duration, goType, List, shownValue, Timestamp, typeName, Uint, type Value } from './evaluate/values.ts';

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

/** The JSON of a value that an expression has given. @throws Error for what JSON has no form for, and for what is larger than any object */
export function jsonOfCel(value: Value, meter = new Meter()): Json {
  // Values share their parts; in JSON each has its own.
  meter.work(1 + bulkOf(value));
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof List) return value.items().map((item) => jsonOfCel(item, meter));
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Uint8Array) return toBase64(value);
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof Duration) return formatNanos(value.nanos);
  const map: JsonMap = {};
  for (const [key, item] of entriesOf(value)) setKey(map, textKey(key), jsonOfCel(item, meter));
  return map;
}

function textKey(key: Value): string {
  if (typeof key === 'string') return key;
  throw new Error(`map key ${JSON.stringify(shownValue(key))} is of type ${goType(key)}, not string`);
}

function entriesOf(value: Value): Iterable<readonly [Value, Value]> {
  if (value instanceof Constructed) return value.fields;
  if (value instanceof Dictionary) return value.keys().map((key) => [key, value.find(key) ?? null] as const);
  throw new Error(`unsupported type ${typeName(value)}`);
}

/** A problem takes longer to tell than a value to look at. */
const problemWork = 20;

/**
 * What is wrong with the types of constructed values: a value at `spec.template` of an `Object` must be an `Object.spec.template`. Upstream's
 * `CheckTypeNamesMatchFieldPathNames`; undefined when all is well.
 */
export function mismatchedTypes(value: Value | undefined): string | undefined {
  if (!(value instanceof Constructed)) return undefined;
  const meter = new Meter();
  const problems: string[] = [];
  const look = (each: Value, expected: string): void => {
    meter.work(1);
    if (each instanceof List) for (const item of each.items()) look(item, expected);
    else if (each instanceof Constructed) {
      const { name } = each.type;
      if (name !== expected) {
        meter.work(problemWork);
        const [given, wanted] = [JSON.stringify(name), JSON.stringify(expected)];
        problems.push(`unexpected type name ${given}, expected ${wanted}, which matches field name path from root Object type`);
      }
      for (const [key, item] of each.fields) look(item, `${expected}.${key}`);
    } else if (each instanceof Dictionary) for (const [, item] of entriesOf(each)) look(item, expected);
  };
  look(value, value.type.name);
  return problems.length === 0 ? undefined : problems.join('\n');
}
