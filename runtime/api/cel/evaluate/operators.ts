import type { Meter } from './meter.ts';
import { compare, isOrdered } from './ordering.ts';
import { addDuration, difference } from './times.ts';
import { Duration, Failure, List, Timestamp, Uint, type Value, ValueList } from './values.ts';

/** The operators of CEL as cel-go's `common/types` has them. Values that an operator does not know fail with its name when nothing of that type can stand on the left. */

export const noOverload = new Failure('no such overload');
export const intOverflow = new Failure('integer overflow');
export const uintOverflow = new Failure('unsigned integer overflow');
const divisionByZero = new Failure('division by zero');
const modulusByZero = new Failure('modulus by zero');

const largestInt = 2n ** 63n - 1n;
const smallestInt = -(2n ** 63n);
const largestUint = 2n ** 64n - 1n;

/** An int, if it is one of 64 bits. */
export function checkedInt(value: bigint): Value {
  return value >= smallestInt && value <= largestInt ? value : intOverflow;
}

/** A uint, if it is one of 64 bits. */
export function checkedUint(value: bigint): Value {
  return value >= 0n && value <= largestUint ? new Uint(value) : uintOverflow;
}

function checkedDuration(nanos: bigint): Value {
  return nanos >= smallestInt && nanos <= largestInt ? new Duration(nanos) : intOverflow;
}

/** What a loop collects; nobody else sees it before the loop is over. */
export class Collected extends List {
  readonly values: Value[] = [];

  get size(): number {
    return this.values.length;
  }

  at(index: number): Value {
    return this.values[index] ?? null;
  }
}

function unknownOperator(name: string): Failure {
  return new Failure(`no such overload: ${name}`);
}

const noAdd = unknownOperator('_+_');
const noSubtract = unknownOperator('_-_');
const noMultiply = unknownOperator('_*_');
const noDivide = unknownOperator('_/_');
const noModulo = unknownOperator('_%_');
const noNegate = unknownOperator('-_');

export function add(a: Value, b: Value, meter: Meter): Value {
  switch (typeof a) {
    case 'bigint':
      return typeof b === 'bigint' ? checkedInt(a + b) : noOverload;
    case 'number':
      return typeof b === 'number' ? a + b : noOverload;
    case 'string':
      if (typeof b !== 'string') return noOverload;
      meter.work((a.length + b.length) / 8);
      return a + b;
    case 'boolean':
      return noAdd;
    default:
      return addObjects(a, b, meter);
  }
}

function addObjects(a: Exclude<Value, boolean | bigint | number | string>, b: Value, meter: Meter): Value {
  if (a instanceof List) return b instanceof List ? addLists(a, b, meter) : noOverload;
  if (a instanceof Uint) return b instanceof Uint ? checkedUint(a.value + b.value) : noOverload;
  if (a instanceof Uint8Array) return b instanceof Uint8Array ? addBytes(a, b, meter) : noOverload;
  if (a instanceof Timestamp) return b instanceof Duration ? addDuration(a, b.nanos) : noOverload;
  if (!(a instanceof Duration)) return noAdd;
  if (b instanceof Timestamp) return addDuration(b, a.nanos);
  return b instanceof Duration ? checkedDuration(a.nanos + b.nanos) : noOverload;
}

function addLists(a: List, b: List, meter: Meter): Value {
  meter.work(b.size);
  if (a instanceof Collected) {
    for (let index = 0; index < b.size; index++) a.values.push(b.at(index));
    return a;
  }
  meter.work(a.size);
  return a.plus?.(b) ?? new ValueList([...a.items(), ...b.items()]);
}

function addBytes(a: Uint8Array, b: Uint8Array, meter: Meter): Uint8Array {
  meter.work((a.length + b.length) / 8);
  const sum = new Uint8Array(a.length + b.length);
  sum.set(a);
  sum.set(b, a.length);
  return sum;
}

export function subtract(a: Value, b: Value): Value {
  if (typeof a === 'bigint') return typeof b === 'bigint' ? checkedInt(a - b) : noOverload;
  if (typeof a === 'number') return typeof b === 'number' ? a - b : noOverload;
  if (a instanceof Uint) return b instanceof Uint ? checkedUint(a.value - b.value) : noOverload;
  if (a instanceof Duration) return b instanceof Duration ? checkedDuration(a.nanos - b.nanos) : noOverload;
  if (!(a instanceof Timestamp)) return noSubtract;
  if (b instanceof Duration) return b.nanos === smallestInt ? intOverflow : addDuration(a, -b.nanos);
  return b instanceof Timestamp ? checkedDuration(difference(a, b)) : noOverload;
}

export function multiply(a: Value, b: Value): Value {
  if (typeof a === 'bigint') return typeof b === 'bigint' ? checkedInt(a * b) : noOverload;
  if (typeof a === 'number') return typeof b === 'number' ? a * b : noOverload;
  if (a instanceof Uint) return b instanceof Uint ? checkedUint(a.value * b.value) : noOverload;
  return noMultiply;
}

export function divide(a: Value, b: Value): Value {
  if (typeof a === 'bigint') {
    if (typeof b !== 'bigint') return noOverload;
    return b === 0n ? divisionByZero : checkedInt(a / b);
  }
  if (typeof a === 'number') return typeof b === 'number' ? a / b : noOverload;
  if (!(a instanceof Uint)) return noDivide;
  if (!(b instanceof Uint)) return noOverload;
  return b.value === 0n ? divisionByZero : new Uint(a.value / b.value);
}

export function modulo(a: Value, b: Value): Value {
  if (typeof a === 'bigint') {
    if (typeof b !== 'bigint') return noOverload;
    if (b === 0n) return modulusByZero;
    return a === smallestInt && b === -1n ? intOverflow : a % b;
  }
  if (!(a instanceof Uint)) return noModulo;
  if (!(b instanceof Uint)) return noOverload;
  return b.value === 0n ? modulusByZero : new Uint(a.value % b.value);
}

export function negate(value: Value): Value {
  if (typeof value === 'bigint') return checkedInt(-value);
  if (typeof value === 'number') return -value;
  if (value instanceof Duration) return checkedDuration(-value.nanos);
  return typeof value === 'boolean' ? noOverload : noNegate;
}

export function not(value: Value): Value {
  return typeof value === 'boolean' ? !value : noOverload;
}

/** `<`, `<=`, `>` or `>=`: what holds of the order of two values. */
export function relation(name: string, holds: (order: number) => boolean): (a: Value, b: Value, meter: Meter) => Value {
  const unordered = unknownOperator(name);
  return (a, b, meter) => {
    if (!isOrdered(a)) return unordered;
    const order = compare(a, b, meter);
    return typeof order === 'number' ? holds(order) : order;
  };
}
