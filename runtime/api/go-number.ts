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
  return Number.isInteger(value) && value >= -(2 ** 63) && value <= 2 ** 63;
}
