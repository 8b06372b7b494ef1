import { formatGoDouble } from '../../go-number.ts';
import type { Meter } from './meter.ts';
import { checkedInt, checkedUint, intOverflow, uintOverflow } from './operators.ts';
import { formatNanos, formatTimestamp, parseNanos, parseTimestamp, timestampOf } from './times.ts';
import { Duration, Failure, Timestamp, Uint, type Value } from './values.ts';

/** Conversions between types, as cel-go's `ConvertToType`. */

function unreadable(type: string): Failure {
  return new Failure(`type conversion error from 'string' to '${type}'`);
}

const noInt = unreadable('int');
const noUint = unreadable('uint');
const noDouble = unreadable('double');
const noBool = unreadable('bool');
const noDuration = unreadable('google.protobuf.Duration');
const noTimestamp = unreadable('google.protobuf.Timestamp');
const noText = new Failure('invalid UTF-8 in bytes, cannot convert to string');

const limit = 2 ** 63;

export function intFrom(value: bigint | number | string | Uint | Duration | Timestamp): Value {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return value > -limit && value < limit ? BigInt(Math.trunc(value)) : intOverflow;
  if (value instanceof Uint) return checkedInt(value.value);
  if (value instanceof Duration) return value.nanos;
  if (value instanceof Timestamp) return BigInt(value.seconds);
  const [, sign = '', digits] = /^([+-]?)0*(\d{1,20})$/.exec(value) ?? [];
  if (digits === undefined) return noInt;
  const int = checkedInt(sign === '-' ? -BigInt(digits) : BigInt(digits));
  return int instanceof Failure ? noInt : int;
}

export function uintFrom(value: bigint | number | string | Uint): Value {
  if (value instanceof Uint) return value;
  if (typeof value === 'bigint') return checkedUint(value);
  if (typeof value === 'number') return value >= 0 && value < 2 * limit ? new Uint(BigInt(Math.trunc(value))) : uintOverflow;
  const digits = /^0*(\d{1,20})$/.exec(value)?.[1];
  if (digits === undefined) return noUint;
  const uint = checkedUint(BigInt(digits));
  return uint instanceof Failure ? noUint : uint;
}

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const infinite = /^([+-]?)inf(?:inity)?$/i;

export function doubleFrom(value: bigint | number | string | Uint): Value {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (decimal.test(value)) return Number.isFinite(Number(value)) ? Number(value) : noDouble;
  const sign = infinite.exec(value)?.[1];
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity;
  return /^[+-]?nan$/i.test(value) ? Number.NaN : noDouble;
}

const truths: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const untruths: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

export function boolFrom(value: boolean | string): Value {
  if (typeof value === 'boolean') return value;
  return truths.has(value) || (untruths.has(value) ? false : noBool);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function bytesFrom(value: string | Uint8Array): Value {
  return typeof value === 'string' ? encoder.encode(value) : value;
}

export function durationFrom(value: string | Duration, meter: Meter): Value {
  if (value instanceof Duration) return value;
  meter.work(value.length);
  const nanos = parseNanos(value);
  return nanos === undefined ? noDuration : new Duration(nanos);
}

export function timestampFrom(value: bigint | string | Timestamp): Value {
  if (typeof value === 'bigint') return timestampOf(Number(value), 0);
  return typeof value === 'string' ? (parseTimestamp(value) ?? noTimestamp) : value;
}

export function textFrom(value: boolean | bigint | number | string | Uint | Uint8Array | Duration | Timestamp): Value {
  if (typeof value === 'number') return formatGoDouble(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Duration) return formatNanos(value.nanos);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (!(value instanceof Uint8Array)) return String(value);
  try {
    return decoder.decode(value);
  } catch {
    return noText;
  }
}
