import type { Meter } from './meter.ts';
import { Duration, Failure, Timestamp, Uint, type Value } from './values.ts';

const noOverload = new Failure('no such overload');
const noOrder = new Failure('NaN values cannot be ordered');

/** Whether values of a type have an order at all. */
export function isOrdered(value: Value): boolean {
  if (typeof value !== 'object') return true;
  return value instanceof Uint || value instanceof Timestamp || value instanceof Duration || value instanceof Uint8Array;
}

/** Negative when `a` comes before `b`, positive after it, 0 when neither, or why they have no order. */
export function compare(a: Value, b: Value, meter: Meter): number | Failure {
  const [left, right] = [numberIn(a), numberIn(b)];
  if (left !== undefined) {
    if (right === undefined) return noOverload;
    if (Number.isNaN(left) || Number.isNaN(right)) return noOrder;
    return typeof left === typeof right ? inOrder(left, right) : inOrder(Number(left), Number(right));
  }
  if (typeof a === 'string') return typeof b === 'string' ? compareTexts(a, b, meter) : noOverload;
  if (typeof a === 'boolean') return typeof b === 'boolean' ? Number(a) - Number(b) : noOverload;
  if (a instanceof Timestamp) return b instanceof Timestamp ? a.seconds - b.seconds || a.nanos - b.nanos : noOverload;
  if (a instanceof Duration) return b instanceof Duration ? inOrder(a.nanos, b.nanos) : noOverload;
  if (a instanceof Uint8Array) return b instanceof Uint8Array ? compareBytes(a, b, meter) : noOverload;
  return noOverload;
}

function inOrder(a: bigint | number, b: bigint | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberIn(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value instanceof Uint ? value.value : undefined;
}

/** By their characters: units alone would put those beyond the first plane before others. */
function compareTexts(a: string, b: string, meter: Meter): number {
  const length = Math.min(a.length, b.length);
  meter.work(length / 16);
  if (a === b) return 0;
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left === right) continue;
    return placeOf(left) - placeOf(right);
  }
  return a.length - b.length;
}

function placeOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareBytes(a: Uint8Array, b: Uint8Array, meter: Meter): number {
  const length = Math.min(a.length, b.length);
  meter.work(length / 16);
  for (let index = 0; index < length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
