/** A double in as few digits as tell it from others, as Go's `%v` and `%g` write it. */
export function formatGoDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Inf' : '+Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  const digits = mantissa.replace(/[-.]/g, '').length;
  if (exponent >= -4 && exponent < 6) return value.toFixed(Math.max(0, digits - 1 - exponent));
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A number of JSON, which Go reads as an integer where it can. */
export function formatGoNumber(value: number): string {
  return isInt64(value) ? String(value) : formatGoDouble(value);
}

/** Whether Go reads a number as an integer. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

const integer = /^[+-]?\d+$/;

/** What Go's `strconv.ParseInt` says of a text that is no integer of 64 bits, or nothing. */
export function parseIntProblem(text: string): string | undefined {
  const fits = integer.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
  if (fits) return undefined;
  return `strconv.ParseInt: parsing ${JSON.stringify(text)}: ${integer.test(text) ? 'value out of range' : 'invalid syntax'}`;
}

/** The largest double that Go reads as an integer. */
const lastInt64 = 2 ** 63 - 1024;

/** The integer that digits, also hexadecimal or binary ones, stand for: the nearest double, but of those that fit 64 bits none that does not. */
export function readInteger(digits: string): number {
  const value = Number(digits);
  return value === 2 ** 63 && BigInt(digits) < 2n ** 63n ? lastInt64 : value;
}
