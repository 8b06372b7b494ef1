import { parseDuration } from '../../duration.ts';
import type { Meter } from './meter.ts';
import { Failure, Timestamp, type Value } from './values.ts';

/** Instants and durations as cel-go reads, writes and reckons with them. */

const second = 1_000_000_000n;
const firstSecond = -62_135_596_800;
const lastSecond = 253_402_300_799;
const timestampOverflow = new Failure('timestamp overflow');

/** An instant, if it is one of the years 1 to 9999. */
export function timestampOf(seconds: number, nanos: number, offset = 0): Timestamp | Failure {
  return seconds >= firstSecond && seconds <= lastSecond ? new Timestamp(seconds, nanos, offset) : timestampOverflow;
}

/** The instant at which Go's zero time is. */
export function isZeroTime({ seconds, nanos }: Timestamp): boolean {
  return seconds === firstSecond && nanos === 0;
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** RFC 3339 as Go reads it; undefined for what it does not read. */
export function parseTimestamp(text: string): Timestamp | Failure | undefined {
  const parts = rfc3339.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, seconds = 0] = parts.slice(1, 7).map(Number);
  const [, , , , , , , fraction = '', sign, zoneHours = '0', zoneMinutes = '0'] = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() + 1 !== month || date.getUTCDate() !== day || hour > 23 || minute > 59 || seconds > 59) return undefined;
  if (Number(zoneHours) > 24 || Number(zoneMinutes) > 59) return undefined;
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -60 : 60);
  const whole = date.getTime() / 1000 + hour * 3600 + minute * 60 + seconds - offset;
  return timestampOf(whole, Number(fraction.slice(0, 9).padEnd(9, '0')), offset);
}

/** `2026-01-01T00:00:00.5+01:00`, in the zone that it was given in; `utc`: in UTC. */
export function formatTimestamp({ seconds, nanos, offset }: Timestamp, utc = false): string {
  const zone = utc ? 0 : offset;
  const date = new Date((seconds + zone) * 1000).toISOString().slice(0, 19);
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${date}${fraction}${zone === 0 ? 'Z' : zoneText(zone)}`;
}

function zoneText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const unitNanos: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3600n * second,
};

/** More than any duration has. */
const maxDigits = 19;

/** A duration as Go writes them; undefined for what is none. */
export function parseNanos(text: string): bigint | undefined {
  try {
    parseDuration(text);
  } catch {
    return undefined;
  }
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(/(\d*)(?:\.(\d*))?([a-zµμ]+)/g)) {
    const size = unitNanos[unit] ?? 0n;
    if (whole.length > maxDigits) return undefined;
    nanos += BigInt(whole || '0') * size;
    const digits = fraction.slice(0, 18);
    if (digits !== '') nanos += (BigInt(digits) * size) / 10n ** BigInt(digits.length);
  }
  const signed = text.startsWith('-') ? -nanos : nanos;
  return BigInt.asIntN(64, signed) === signed ? signed : undefined;
}

/** `5400s`, `0.5s` */
export function formatNanos(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = String(size % second)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${nanos < 0n ? '-' : ''}${size / second}${fraction === '' ? '' : `.${fraction}`}s`;
}

export function addDuration({ seconds, nanos, offset }: Timestamp, by: bigint): Value {
  const sum = BigInt(nanos) + (by % second);
  const carried = sum < 0n ? -1 : sum >= second ? 1 : 0;
  return timestampOf(seconds + Number(by / second) + carried, Number(sum) - carried * 1e9, offset);
}

/** Nanoseconds from one instant to another. */
export function difference(a: Timestamp, b: Timestamp): bigint {
  return BigInt(a.seconds - b.seconds) * second + BigInt(a.nanos - b.nanos);
}

/** The date that clocks in a zone show, as if it were one in UTC: a name of the IANA database or `-08:00`. */
export function dateIn({ seconds }: Timestamp, zone: string, meter: Meter): Date | Failure {
  if (zone === '' || zone === 'UTC') return new Date(seconds * 1000);
  const colon = zone.indexOf(':');
  if (colon >= 0) return dateAt(seconds, zone, colon);
  const format = formatIn(zone, meter);
  return format === undefined ? new Failure(`unknown time zone ${zone}`) : new Date(localTime(seconds * 1000, format));
}

function dateAt(seconds: number, zone: string, colon: number): Date | Failure {
  const [hourText, minuteText] = [zone.slice(0, colon), zone.slice(colon + 1)];
  for (const text of [hourText, minuteText]) {
    const wrong = !/^[+-]?\d+$/.test(text) ? 'invalid syntax' : Math.abs(Number(text)) >= 2 ** 63 ? 'value out of range' : undefined;
    if (wrong !== undefined) return new Failure(`strconv.Atoi: parsing ${JSON.stringify(text)}: ${wrong}`);
  }
  const [hours, minutes] = [Number(hourText), Number(minuteText)];
  const offset = zone.startsWith('-') ? hours * 60 - minutes : hours * 60 + minutes;
  const date = new Date((seconds + offset * 60) * 1000);
  return Number.isNaN(date.getTime()) ? timestampOverflow : date;
}

/** Formats are dear to make. */
const zoneWork = 1000;
const maxZones = 64;
const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** What writes dates of a zone; undefined when there is no such zone. */
function formatIn(zone: string, meter: Meter): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone);
  meter.work(zoneWork);
  const made = makeFormat(zone);
  if (formats.size >= maxZones) formats.clear();
  formats.set(zone, made);
  return made;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  // The platform knows names in any case, and offsets without a colon.
  if (!/^[A-Z]/.test(timeZone)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

function localTime(milliseconds: number, format: Intl.DateTimeFormat): number {
  const parts = new Map(format.formatToParts(milliseconds).map(({ type, value }) => [type, value]));
  const read = (part: Intl.DateTimeFormatPartTypes) => Number(parts.get(part) ?? 0);
  const date = new Date(0);
  date.setUTCFullYear(read('year'), read('month') - 1, read('day'));
  return date.getTime() + ((read('hour') * 60 + read('minute')) * 60 + read('second')) * 1000;
}
