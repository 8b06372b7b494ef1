import type { Environment } from '@marcbachmann/cel-js';
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { type Clause, clauseErrors, fillClauses } from '../format-clauses.ts';
import { erasedType } from '../runtime-errors.ts';

const defaultPrecision = 6;
const exceptional: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);

/** The library's evaluator, which knows the types of values. */
interface Evaluator {
  debugType(value: unknown): { readonly name: string };
}

/** `'%s has %d'.format([…])`, after cel-go's `ext/formatting.go`. */
export function registerFormatting(environment: Environment): void {
  environment.registerFunction(
    'string.__format(list): string',
    function (this: Evaluator, template: string, values: readonly unknown[]): string {
      const typeOf = (value: unknown) => erasedType(this.debugType(value).name);
      return fillClauses(template, values.length, (index, clause) => formatted(values[index], clause, typeOf)).text;
    },
    { async: false },
  );
}

type TypeOf = (value: unknown) => string;

function formatted(value: unknown, { verb, precision = defaultPrecision }: Clause, typeOf: TypeOf): string {
  const refuse = (): Error => new Error(`error during formatting: ${clauseErrors[verb]}, was given ${typeOf(value)}`);
  switch (verb) {
    case 's':
      return textOf(value, typeOf, refuse);
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
      return hex(value, refuse);
    case 'X':
      return hex(value, refuse).toUpperCase();
  }
}

function integer(value: unknown, refuse: () => Error): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof UnsignedInt) return value.value;
  throw refuse();
}

function double(value: unknown, refuse: () => Error): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && exceptional.has(value)) return Number(value);
  throw refuse();
}

/** With commas between thousands, as upstream writes numbers in American English. */
function fixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-∞' : '∞';
  const text = Math.abs(value) < 1e21 ? value.toFixed(precision) : `${BigInt(value)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`;
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
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

function hex(value: unknown, refuse: () => Error): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (!(bytes instanceof Uint8Array)) return integer(value, refuse).toString(16);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function textOf(value: unknown, typeOf: TypeOf, refuse: () => Error): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Date)
    return value
      .toISOString()
      .replace(/\.000Z$/, 'Z')
      .replace(/(\.\d*?)0+Z$/, '$1Z');
  if (value instanceof Duration) return String(value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof UnsignedInt)
    return String(value);
  switch (typeOf(value)) {
    case 'list':
      return `[${[...(Array.isArray(value) ? value : [])].map((item) => literalOf(item, typeOf, refuse)).join(', ')}]`;
    case 'map':
      return `{${entriesOf(value)
        .map(([key, item]) => [literalOf(key, typeOf, refuse), literalOf(item, typeOf, refuse)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => `${key}:${item}`)
        .join(', ')}}`;
    case 'type':
      return String(value);
    default:
      throw refuse();
  }
}

/** Within lists and maps values are written as literals. */
function literalOf(value: unknown, typeOf: TypeOf, refuse: () => Error): string {
  const text = textOf(value, typeOf, refuse);
  if (typeof value === 'string') return JSON.stringify(text);
  if (value instanceof Uint8Array) return `b${JSON.stringify(text)}`;
  if (value instanceof Date) return `timestamp(${JSON.stringify(text)})`;
  if (value instanceof Duration) return `duration(${JSON.stringify(text)})`;
  if (typeof value !== 'number') return text;
  return Number.isFinite(value) ? value.toFixed(defaultPrecision) : JSON.stringify(value < 0 ? '-Inf' : value > 0 ? '+Inf' : 'NaN');
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value];
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
