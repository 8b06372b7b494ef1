import { type Environment, Optional } from '@marcbachmann/cel-js';
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import type { Json } from '../object.ts';
import { type JsonMap, setKey } from '../patches/json-tree.ts';
import { type CelType, dynType, stringType, structType } from './check/index.ts';
import { type ConstructedType, constructorName } from './constructors.ts';

/** A value that a constructor has made: its own properties are its fields. */
class Constructed {
  [field: string]: unknown;
}

const typeNames = new WeakMap<object, string>();
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

class PatchNamespace {}

/** Declares the types that an expression constructs, their constructors, and `jsonpatch.escapeKey`. Follows upstream's `pkg/cel/mutation`. */
export function registerPatchTypes(environment: Environment, types: readonly ConstructedType[]): void {
  const sync = { async: false };
  environment
    .registerType('JsonPatchNamespace', PatchNamespace)
    .registerConstant('jsonpatch', 'JsonPatchNamespace', new PatchNamespace())
    .registerFunction(
      'JsonPatchNamespace.escapeKey(string): string',
      (_namespace: PatchNamespace, key: string) => key.replace(/~/g, '~0').replace(/\//g, '~1'),
      sync,
    );
  const known = new Map<string, new () => Constructed>();
  for (const [index, { name }] of types.entries()) {
    let ctor = known.get(name);
    if (ctor === undefined) {
      ctor = class extends Constructed {};
      known.set(name, ctor);
      environment.registerType(name, { ctor });
      environment.registerOperator(
        `${name} == ${name}`,
        (a: unknown, b: unknown) => JSON.stringify(jsonOfCel(a)) === JSON.stringify(jsonOfCel(b)),
      );
    }
    const Type = ctor;
    environment.registerFunction(`${constructorName(index)}(dyn): ${name}`, (fields: unknown) => construct(name, new Type(), fields), sync);
  }
}

function construct(type: string, made: Constructed, fields: unknown): Constructed {
  typeNames.set(made, type);
  for (const [key, value] of entriesOf(fields)) {
    const isOptional = key.startsWith('?');
    const name = isOptional ? key.slice(1) : key;
    if (type === 'JSONPatch' && !Object.hasOwn(patchFields, name)) throw new Error(`unexpected JSONPatchType field: ${name}`);
    if (!isOptional) setOwn(made, name, value);
    else if (value instanceof Optional && value.hasValue()) setOwn(made, name, value.value());
  }
  return made;
}

/** Not by assignment: a field may be called `__proto__`. */
function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (value instanceof Map) return [...value].map(([key, item]) => [String(key), item] as const);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** The JSON of a value that an expression has given. @throws Error for what JSON has no form for */
export function jsonOfCel(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(jsonOfCel);
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, 'Z');
  if (value instanceof Uint8Array) return btoa(String.fromCharCode(...value));
  if (value instanceof UnsignedInt) return Number(value.value);
  if (value instanceof Duration) return value.toString();
  if (typeof value !== 'object' || value instanceof Optional) throw new Error(`unsupported type ${typeof value}`);
  const map: JsonMap = {};
  for (const [key, item] of entriesOf(value)) setKey(map, key, jsonOfCel(item));
  return map;
}

/**
 * What is wrong with the types of constructed values: a value at `spec.template` of an `Object` must be an `Object.spec.template`. Upstream's
 * `CheckTypeNamesMatchFieldPathNames`; undefined when all is well.
 */
export function mismatchedTypes(value: unknown): string | undefined {
  if (!(value instanceof Constructed)) return undefined;
  const problems = [...mismatches(value, typeNames.get(value) ?? '')];
  return problems.length === 0 ? undefined : problems.join('\n');
}

function* mismatches(value: unknown, expected: string): Iterable<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* mismatches(item, expected);
  } else if (value instanceof Constructed) {
    const name = typeNames.get(value) ?? '';
    if (name !== expected) {
      const [given, wanted] = [JSON.stringify(name), JSON.stringify(expected)];
      yield `unexpected type name ${given}, expected ${wanted}, which matches field name path from root Object type`;
    }
    for (const [key, item] of Object.entries(value)) yield* mismatches(item, `${expected}.${key}`);
  } else if (value instanceof Map || (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)) {
    for (const [, item] of entriesOf(value)) yield* mismatches(item, expected);
  }
}
