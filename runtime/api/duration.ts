/** Durations as Go writes them: `1h30m`, `250ms`. */

const unitMilliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const part = /([0-9]*)(\.[0-9]*)?([^0-9.]+)/y;

/** Milliseconds of a duration. @throws Error with Go's words. */
export function parseDuration(text: string): number {
  const invalid = (): Error => new Error(`time: invalid duration ${JSON.stringify(text)}`);
  const negative = text.startsWith('-');
  const rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0;
  if (rest === '') throw invalid();
  let total = 0;
  part.lastIndex = 0;
  while (part.lastIndex < rest.length) {
    const before = part.lastIndex;
    const match = part.exec(rest);
    if (match === null) {
      const left = rest.slice(before);
      if (/^[0-9.]+$/.test(left) && /[0-9]/.test(left)) throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`);
      throw invalid();
    }
    const [, whole = '', fraction = '', unit = ''] = match;
    if (whole === '' && (fraction === '' || fraction === '.')) throw invalid();
    const size = Object.hasOwn(unitMilliseconds, unit) ? unitMilliseconds[unit] : undefined;
    if (size === undefined) throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    total += Number(`${whole || '0'}${fraction === '.' ? '' : fraction}`) * size;
  }
  return negative ? -total : total;
}

/** A duration as Go prints it: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  const sign = milliseconds < 0 ? '-' : '';
  const nanoseconds = Math.round(Math.abs(milliseconds) * 1e6);
  if (nanoseconds < 1000) return `${sign}${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${sign}${nanoseconds / 1000}µs`;
  if (nanoseconds < 1e9) return `${sign}${nanoseconds / 1e6}ms`;
  const wholeSeconds = Math.floor(nanoseconds / 1e9);
  const fraction = String(nanoseconds % 1e9)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const seconds = `${wholeSeconds % 60}${fraction === '' ? '' : `.${fraction}`}s`;
  const minutes = Math.floor(wholeSeconds / 60);
  if (minutes === 0) return `${sign}${seconds}`;
  if (minutes < 60) return `${sign}${minutes}m${seconds}`;
  return `${sign}${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}
