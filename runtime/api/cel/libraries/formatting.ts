import { quote } from '../../validation/field-error.ts';
import { textFrom } from '../evaluate/conversions.ts';
import type { Meter } from '../evaluate/meter.ts';
import { Dictionary, Duration, List, Timestamp, TypeValue, typeName, Uint, type Value } from '../evaluate/values.ts';
import { type Clause, clauseErrors } from '../format-clauses.ts';

const defaultPrecision = 6;
const exceptional: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);

/** A value as a clause of a template asks for it, after cel-go's `ext/formatting.go`. @throws Error in upstream's words */
export function formatted(value: Value, { verb, precision = defaultPrecision }: Clause, meter: Meter): string {
  const refuse = (): Error => new Error(`error during formatting: ${clauseErrors[verb]}, was given ${typeName(value)}`);
  switch (verb) {
    case 's':
      return textOf(value, meter, refuse);
    case 'd':
      return integer(value, refuse).toString();
    case 'o':
      return integer(value, refuse).toString(8);
    case 'f':
      return fixed(double(value, refuse), precision);
    case 'e':
      return scientific(double(value, refuse));
    case 'b':
      return typeof value === 'boolean' ? String(Number(value)) : integer(value, refuse).toString(2);
    case 'x':
      return hex(value, meter, refuse);
    case 'X':
      return hex(value, meter, refuse).toUpperCase();
  }
}

function integer(value: Value, refuse: () => Error): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof Uint) return value.value;
  throw refuse();
}

function double(value: Value, refuse: () => Error): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && exceptional.has(value)) return Number(value);
  throw refuse();
}

/** With commas between thousands, as upstream writes numbers in American English. */
function fixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-∞' : '∞';
  const [whole = '', fraction] = digitsOf(value, precision).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** All digits a number can have behind the point to be told from its neighbours, and more. */
const allDigits = 100;

/** A number with so many digits behind the point; one that stands in the middle is rounded to the even digit, as in Go. */
function digitsOf(value: number, precision: number): string {
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`;
  const text = value.toFixed(precision);
  const exact = value.toFixed(allDigits);
  const cut = exact.length - allDigits + precision;
  if (!/^50*$/.test(exact.slice(cut))) return text;
  const kept = exact.slice(0, cut).replace(/\.$/, '');
  return /[02468]$/.test(kept) ? kept : text;
}

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
};

/** `3.140000×10⁰⁰`; upstream takes a precision for a width, which such numbers always have. */
function scientific(value: number): string {
  if (!Number.isFinite(value)) return fixed(value, 0);
  const [mantissa = '', exponent = ''] = value.toExponential(defaultPrecision).split('e');
  const digits = exponent.replace(/^[+-]/, '').padStart(2, '0');
  const signed = exponent.startsWith('-') ? `-${digits}` : digits;
  return `${mantissa}×10${[...signed].map((digit) => superscripts[digit] ?? digit).join('')}`;
}

function hex(value: Value, meter: Meter, refuse: () => Error): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (!(bytes instanceof Uint8Array)) return integer(value, refuse).toString(16);
  meter.work(bytes.length);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function textOf(value: Value, meter: Meter, refuse: () => Error): string {
  meter.work(1 + (typeof value === 'string' ? value.length / 8 : 0));
  if (value === null) return 'null';
  if (value instanceof List)
    return `[${value
      .items()
      .map((item) => literalOf(item, meter, refuse))
      .join(', ')}]`;
  if (value instanceof Dictionary) return `{${entriesOf(value, meter, refuse).join(', ')}}`;
  if (value instanceof TypeValue) return value.name;
  if (value instanceof Uint8Array) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value);
  if (typeof value !== 'object' || isWritten(value)) return String(textFrom(value));
  throw refuse();
}

function isWritten(value: object): value is Uint | Duration | Timestamp {
  return value instanceof Uint || value instanceof Duration || value instanceof Timestamp;
}

function entriesOf(map: Dictionary, meter: Meter, refuse: () => Error): readonly string[] {
  const entries = map.keys().map((key) => [literalOf(key, meter, refuse), literalOf(map.find(key) ?? null, meter, refuse)] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => `${key}:${item}`);
}

/** Within lists and maps values are written as literals. */
function literalOf(value: Value, meter: Meter, refuse: () => Error): string {
  if (typeof value === 'number')
    return Number.isFinite(value) ? digitsOf(value, defaultPrecision) : quote(value < 0 ? '-Inf' : value > 0 ? '+Inf' : 'NaN');
  const text = textOf(value, meter, refuse);
  if (typeof value === 'string') return quote(text);
  if (value instanceof Uint8Array) return `b${quote(text)}`;
  if (value instanceof Timestamp) return `timestamp(${quote(text)})`;
  if (value instanceof Duration) return `duration(${quote(text)})`;
  return value instanceof TypeValue ? `type(${text})` : text;
}
