/**
 * Kubernetes' numbers with units: `100m`, `1.5Gi`, `2e3`. A quantity is kept exactly, as a whole number of 10^-9 (what upstream rounds to), so that
 * nothing is lost between a manifest and what is stored. Follows `k8s.io/apimachinery/pkg/api/resource`.
 */

/** How a quantity was written, which is how it is written again. */
export type QuantityFormat = 'DecimalExponent' | 'BinarySI' | 'DecimalSI';

export interface Quantity {
  /** Billionths. */
  readonly nanos: bigint;
  readonly format: QuantityFormat;
  /** What was read, where that is written again as it stands. */
  readonly text?: string;
  /** Whether upstream reads it as a big number, of whose thousandths it takes the lowest 64 bits. */
  readonly isBig?: boolean;
}

export const quantityFormatMessage = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const quantityNumericMessage = 'unable to parse numeric part of quantity';
export const quantitySuffixMessage = "unable to parse quantity's suffix";

const nano = 1_000_000_000n;
/** Upstream caps what has a binary suffix. */
const largest = (1n << 63n) - 1n;
/** Numbers with more zeros than anybody means stay this large. */
const highestPower = 1000;
/** Digits are taken together: else many before a fault would be split in every way. */
const shape = /^([+-]?)([0-9]*)(?![0-9])(?:\.([0-9]*)(?![0-9]))?([a-zA-Z]*)([+-]?[0-9]*)$/;
const binarySuffixes: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimalSuffixes: readonly (readonly [string, number])[] = [
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
];
const decimalExponents = new Map<string, number>(decimalSuffixes);

export const zero: Quantity = { nanos: 0n, format: 'DecimalSI' };

const recent = new Map<string, Quantity>();
const recentLimit = 1024;

/** Reads a quantity. Fractions below a billionth are rounded up, away from zero. @throws Error with upstream's words. */
export function parseQuantity(text: string | number): Quantity {
  const written = typeof text === 'number' ? String(text) : text;
  const known = recent.get(written);
  if (known !== undefined) return known;
  const quantity = parse(written);
  if (recent.size >= recentLimit) recent.clear();
  recent.set(written, quantity);
  return quantity;
}

/** A quantity, or nothing when the text is none. */
export function tryParseQuantity(text: string | number): Quantity | undefined {
  try {
    return parseQuantity(text);
  } catch {
    return undefined;
  }
}

function parse(text: string): Quantity {
  const match = shape.exec(text);
  if (match === null) throw new Error(quantityFormatMessage);
  const [, sign = '', whole = '', fraction = '', letters = '', exponent = ''] = match;
  if (whole === '' && fraction === '') throw new Error(quantityFormatMessage);
  const digits = BigInt(`${whole}${fraction}`);
  const scale = -fraction.length;
  const { multiplier, power, format } = suffixOf(letters, exponent, text);
  const size = scaled(digits * multiplier, scale + power + 9);
  const nanos = format === 'BinarySI' && size > largest * nano ? largest * nano : size;
  const signed = sign === '-' ? -nanos : nanos;
  if (format === 'BinarySI' && nanos > 0n && nanos < nano) return { nanos: signed, format: 'DecimalSI' };
  const digitsWritten = whole.replace(/^0+/, '') || '0';
  const isBinary = format === 'BinarySI';
  const isBig = isBinary ? isBigBinary(digitsWritten, fraction, multiplier) : isBigDecimal(digitsWritten + fraction, scale + power);
  const kept = !isBig && (isBinary ? BigInt(digitsWritten) % 8n !== 0n : isKeptDecimal(digitsWritten + fraction, scale + power));
  return kept ? { nanos: signed, format, text } : { nanos: signed, format, isBig };
}

/** Whether digits with a decimal suffix are more than 18. */
function isBigDecimal(digits: string, scale: number): boolean {
  return digits.length > 18 || scale < -9;
}

/** Whether upstream takes digits with a decimal suffix for canonical: in thousands, though `1.500` has a shorter form. */
function isKeptDecimal(digits: string, scale: number): boolean {
  return scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

/** Whether digits with a binary suffix may be more than fit 64 bits. */
function isBigBinary(whole: string, fraction: string, multiplier: bigint): boolean {
  const exponent = multiplier.toString(2).length - 1;
  return fraction !== '' || 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1 < 0;
}

function suffixOf(letters: string, exponent: string, text: string): { multiplier: bigint; power: number; format: QuantityFormat } {
  if (exponent !== '') {
    if (letters !== 'e' && letters !== 'E')
      throw new Error(/^[eEinumkKMGTP]*$/.test(letters) ? quantitySuffixMessage : quantityFormatMessage);
    const power = Number(exponent);
    if (!Number.isInteger(power)) throw new Error(quantitySuffixMessage);
    return { multiplier: 1n, power, format: 'DecimalExponent' };
  }
  const binary = letters === '' ? -1 : binarySuffixes.indexOf(letters);
  if (binary > 0)
    return {
      multiplier: 1n << BigInt(10 * binary),
      power: 0,
      format: 'BinarySI',
    };
  const power = decimalExponents.get(letters);
  if (power !== undefined) return { multiplier: 1n, power, format: 'DecimalSI' };
  if (!/^[eEinumkKMGTP]*$/.test(letters) || text === '') throw new Error(quantityFormatMessage);
  throw new Error(quantitySuffixMessage);
}

/** Multiplies by a power of ten; what falls off is rounded up. */
function scaled(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(Math.min(power, highestPower));
  if (-power > 200) return value === 0n ? 0n : 1n;
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}

/** Writes a quantity in its canonical form: the largest suffix that leaves no fraction, or what was read if upstream keeps that. */
export function formatQuantity(quantity: Quantity): string {
  const { nanos, format, text } = quantity;
  if (text !== undefined) return text;
  if (nanos === 0n) return '0';
  const negative = nanos < 0n;
  const size = negative ? -nanos : nanos;
  const sign = negative ? '-' : '';
  // Below 1024 a binary suffix has nothing to say, and fractions have none.
  if (format === 'BinarySI' && size >= 1024n * nano && size % nano === 0n) {
    let value = size / nano;
    let index = 0;
    while (index < binarySuffixes.length - 1 && value % 1024n === 0n) {
      value /= 1024n;
      index++;
    }
    return `${sign}${value}${binarySuffixes[index] ?? ''}`;
  }
  let value = size;
  let power = -9;
  while ((power < 18 || format === 'DecimalExponent') && value % 1000n === 0n) {
    value /= 1000n;
    power += 3;
  }
  if (format === 'DecimalExponent') return `${sign}${value}${power === 0 ? '' : `e${power}`}`;
  const suffix = decimalSuffixes.find(([, exponent]) => exponent === power);
  return `${sign}${value}${suffix?.[0] ?? ''}`;
}

/** The canonical writing of whatever a manifest holds. @throws Error when it is no quantity. */
export function canonicalQuantity(text: string | number): string {
  return formatQuantity(parseQuantity(text));
}

/** As {@link canonicalQuantity}, rounded up to thousandths: amounts of resources have nothing finer. */
export function canonicalAmount(text: string | number): string {
  const quantity = parseQuantity(text);
  const { nanos, format } = quantity;
  return formatQuantity(nanos % 1_000_000n === 0n ? quantity : { nanos: roundUp(nanos, 1_000_000n) * 1_000_000n, format });
}

/** Negative, zero or positive, as sort functions want it. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  return left.nanos < right.nanos ? -1 : left.nanos > right.nanos ? 1 : 0;
}

/** Sum, written like the left one unless that is zero. */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  return {
    nanos: left.nanos + right.nanos,
    format: left.nanos === 0n ? right.format : left.format,
  };
}

/** Difference, written like the left one unless that is zero. */
export function subtractQuantities(left: Quantity, right: Quantity): Quantity {
  return {
    nanos: left.nanos - right.nanos,
    format: left.nanos === 0n ? right.format : left.format,
  };
}

/** The value in whole units, rounded up. */
export function quantityValue(quantity: Quantity | string | number): number {
  return Number(quantityUnits(quantity));
}

/** As {@link quantityValue}, exact however large it is. */
export function quantityUnits(quantity: Quantity | string | number): bigint {
  return roundUp(nanosOf(quantity), nano);
}

/** The value in thousandths, rounded up. */
export function quantityMilliValue(quantity: Quantity | string | number): number {
  return Number(roundUp(nanosOf(quantity), 1_000_000n));
}

/** A quantity of so many units. */
export function quantityOf(value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
  return { nanos: BigInt(value) * nano, format };
}

/** A quantity of so many thousandths. */
export function milliQuantityOf(value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
  return { nanos: BigInt(value) * 1_000_000n, format };
}

/** Whether a quantity has no fraction. */
export function isWholeQuantity(quantity: Quantity): boolean {
  return quantity.nanos % nano === 0n;
}

function nanosOf(quantity: Quantity | string | number): bigint {
  return typeof quantity === 'object' ? quantity.nanos : parseQuantity(quantity).nanos;
}

/** Away from zero, as upstream does for negative values too. */
function roundUp(value: bigint, divisor: bigint): bigint {
  const whole = value / divisor;
  if (value % divisor === 0n) return whole;
  return value < 0n ? whole - 1n : whole + 1n;
}

/** Whether upstream finds no thousandth beyond whole units: of a {@link Quantity.isBig big} number it finds some where there are none. */
export function isWholeInMillis({ nanos, isBig }: Quantity): boolean {
  if (nanos % nano !== 0n) return false;
  return isBig !== true || BigInt.asIntN(64, nanos / (nano / 1000n)) % 1000n === 0n;
}
