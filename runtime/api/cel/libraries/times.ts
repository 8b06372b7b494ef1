import type { Meter } from '../evaluate/meter.ts';
import { dateIn } from '../evaluate/times.ts';
import { Failure, type Timestamp, type Value } from '../evaluate/values.ts';
import { duration, type FunctionForm, int, method, string, timestamp } from './form.ts';

const dayMilliseconds = 86_400_000;

/** What dates have; days and months are counted from 0, but for `getDate`. */
const parts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: (date) => Math.floor((date.getTime() - new Date(date).setUTCMonth(0, 1)) / dayMilliseconds),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
};

function partIn(instant: Timestamp, zone: string, part: (date: Date) => number, meter: Meter): Value {
  const date = dateIn(instant, zone, meter);
  return date instanceof Failure ? date : BigInt(part(date));
}

function millisecondsIn(instant: Timestamp, zone: string, meter: Meter): Value {
  const date = dateIn(instant, zone, meter);
  return date instanceof Failure ? date : BigInt(Math.floor(instant.nanos / 1e6));
}

const units: Readonly<Record<string, bigint>> = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
  getMilliseconds: 1_000_000n,
};

/** cel-go's functions of timestamps, in UTC or another zone, and of durations, as a whole in a unit. */
export const times: readonly FunctionForm[] = [
  ...Object.entries(parts).flatMap(([name, part]) => [
    method(name, [timestamp], int, (instant, meter) => partIn(instant, 'UTC', part, meter)),
    method(name, [timestamp, string], int, (instant, zone, meter) => partIn(instant, zone, part, meter)),
  ]),
  method('getMilliseconds', [timestamp], int, (instant, meter) => millisecondsIn(instant, 'UTC', meter)),
  method('getMilliseconds', [timestamp, string], int, millisecondsIn),
  ...Object.entries(units).map(([name, unit]) => method(name, [duration], int, ({ nanos }) => nanos / unit)),
];
