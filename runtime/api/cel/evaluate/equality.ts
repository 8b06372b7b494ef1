import type { Meter } from './meter.ts';
import { countingWork, Dictionary, Duration, List, Opaque, Optional, Timestamp, TypeValue, Uint, type Value } from './values.ts';

/** From how many characters on comparing texts is worth counting. */
const longText = 128;

/** Whether values are equal, as cel-go's `Equal`: numbers of all types by what they count, and values of different types never. */
export function equal(a: Value, b: Value, meter: Meter): boolean {
  if (typeof a === 'object' && a !== null) return equalObjects(a, b, meter);
  if (typeof a === 'string') {
    if (typeof b !== 'string' || a.length !== b.length) return false;
    if (a.length > longText) meter.work(a.length / longText);
    return a === b;
  }
  if (typeof a === typeof b) return a === b;
  return (typeof a === 'bigint' || typeof a === 'number') && equalNumbers(a, b);
}

/** Numbers of different types: a double is only compared with what doubles can tell apart. What is no number is equal to nothing. */
function equalNumbers(a: bigint | number, b: Value): boolean {
  const other = b instanceof Uint ? b.value : b;
  if (typeof other !== 'bigint' && typeof other !== 'number') return false;
  return typeof a === typeof other ? a === other : Number(a) === Number(other);
}

function equalObjects(a: Exclude<Value, null | boolean | bigint | number | string>, b: Value, meter: Meter): boolean {
  if (a instanceof Uint) return b instanceof Uint ? a.value === b.value : equalNumbers(a.value, b);
  if (a instanceof List) return b instanceof List && equalLists(a, b, meter);
  if (a instanceof Dictionary) return b instanceof Dictionary && equalMaps(a, b, meter);
  if (a instanceof Timestamp) return b instanceof Timestamp && a.seconds === b.seconds && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && equalBytes(a, b, meter);
  if (a instanceof Optional) return b instanceof Optional && equalOptionals(a, b, meter);
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  return a instanceof Opaque && b instanceof Opaque && a.type.name === b.type.name && a.equals(b, meter);
}

function equalBytes(a: Uint8Array, b: Uint8Array, meter: Meter): boolean {
  meter.work(Math.min(a.length, b.length) / 8);
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function equalOptionals(a: Optional, b: Optional, meter: Meter): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equal(a.value, b.value, meter);
}

function equalLists(a: List, b: List, meter: Meter): boolean {
  if (a.size !== b.size) return false;
  if (a.equals !== undefined) return a.equals(b, meter);
  for (let index = 0; index < a.size; index++) {
    meter.work(1);
    if (!equal(a.at(index), b.at(index), meter)) return false;
  }
  return true;
}

function equalMaps(a: Dictionary, b: Dictionary, meter: Meter): boolean {
  meter.work(countingWork(a) + countingWork(b));
  if (a.size !== b.size) return false;
  if (a.equals !== undefined) return a.equals(b, meter);
  for (const key of a.keys()) {
    meter.work(1);
    const [value, other] = [a.find(key), b.find(key)];
    if (value === undefined || other === undefined || !equal(value, other, meter)) return false;
  }
  return true;
}

/** Whether an item of a list is equal to a value. */
export function listHas(list: List, value: Value, meter: Meter): boolean {
  return indexIn(list, value, meter) >= 0;
}

/** Where the first item that is equal to a value stands; -1 when there is none. */
export function indexIn(list: List, value: Value, meter: Meter): number {
  const { size } = list;
  meter.work(size);
  for (let index = 0; index < size; index++) if (equal(value, list.at(index), meter)) return index;
  return -1;
}
