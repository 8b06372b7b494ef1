import { Optional } from '@marcbachmann/cel-js';
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';

/** What runs an expression: `this` of functions, and the last argument of operators. It knows how values of registered types are compared. */
export interface Comparing {
  debugType(value: unknown): unknown;
  readonly registry: {
    findBinaryOverload(
      operator: '==',
      left: unknown,
      right: unknown,
    ): { handler(left: unknown, right: unknown, node: unknown, evaluator: Comparing): unknown } | undefined;
  };
}

/**
 * Whether values are equal as cel-go's `Equal` has it: numbers of all types by what they count, lists, maps and optional values by what is in them, and
 * values of different types never. The evaluator's own `==` finds no operator for some of what stands within lists.
 */
export function same(evaluator: Comparing, a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined || right !== undefined) return left !== undefined && right !== undefined && equalNumbers(left, right);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [first, second] = [elementsOf(a), elementsOf(b)];
  if (first !== undefined || second !== undefined)
    return first !== undefined && second !== undefined && sameLists(evaluator, first, second);
  const [one, other] = [entriesOf(a), entriesOf(b)];
  if (one !== undefined || other !== undefined) return one !== undefined && other !== undefined && sameMaps(evaluator, one, other);
  if (a.constructor !== b.constructor) return false;
  if (a instanceof Date) return a.getTime() === Number(b.valueOf());
  if (a instanceof Duration && b instanceof Duration) return a.seconds === b.seconds && a.nanos === b.nanos;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return a.length === b.length && a.every((byte, index) => byte === b[index]);
  if (a instanceof Optional && b instanceof Optional) return sameOptionals(evaluator, a, b);
  const operator = evaluator.registry.findBinaryOverload('==', evaluator.debugType(a), evaluator.debugType(b));
  return operator?.handler(a, b, undefined, evaluator) === true;
}

export function sameOptionals(evaluator: Comparing, a: Optional, b: Optional): boolean {
  if (!a.hasValue() || !b.hasValue()) return a.hasValue() === b.hasValue();
  return same(evaluator, a.value(), b.value());
}

function numberOf(value: unknown): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof UnsignedInt ? value.value : undefined;
}

function equalNumbers(a: number | bigint, b: number | bigint): boolean {
  // Neither is before the other; what is no number is not equal to anything.
  return a <= b && a >= b;
}

function elementsOf(value: object): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof Set ? [...value] : undefined;
}

function sameLists(evaluator: Comparing, a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => same(evaluator, item, b[index]));
}

/** What is in a map: values of the library are plain objects or maps. */
function entriesOf(value: object): ReadonlyMap<unknown, unknown> | undefined {
  if (value instanceof Map) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? new Map<unknown, unknown>(Object.entries(value)) : undefined;
}

function sameMaps(evaluator: Comparing, a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, item] of a) if (!b.has(key) || !same(evaluator, item, b.get(key))) return false;
  return true;
}
