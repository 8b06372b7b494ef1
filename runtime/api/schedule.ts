/** Schedules of CronJobs: five fields, or a descriptor such as `@daily`, as `github.com/robfig/cron/v3` reads them. */

interface FieldBounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly FieldBounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: days },
];
const descriptors = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

/** Why a schedule cannot be understood, in the words of that library, or nothing. */
export function scheduleProblem(schedule: string): string | undefined {
  let spec = schedule;
  if (/^(TZ|CRON_TZ)=/.test(spec)) {
    const space = spec.indexOf(' ');
    const zone = spec.slice(spec.indexOf('=') + 1, space);
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
    } catch {
      return `provided bad location ${zone}: unknown time zone ${zone}`;
    }
    spec = spec.slice(space).trim();
  }
  if (spec.startsWith('@')) {
    if (descriptors.has(spec) || /^@every \S+$/.test(spec)) return undefined;
    return `unrecognized descriptor: ${spec}`;
  }
  const parts = spec.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== fields.length) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`;
  for (const [index, bounds] of fields.entries()) {
    for (const range of (parts[index] ?? '').split(',')) {
      const problem = rangeProblem(range, bounds);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function rangeProblem(expression: string, bounds: FieldBounds): string | undefined {
  const steps = expression.split('/');
  const ends = (steps[0] ?? '').split('-');
  let low: number;
  let high: number;
  if (ends[0] === '*' || ends[0] === '?') {
    low = bounds.min;
    high = bounds.max;
  } else {
    const start = numberOf(ends[0] ?? '', bounds);
    if (typeof start === 'string') return start;
    low = start;
    if (ends.length > 2) return `too many hyphens: ${expression}`;
    if (ends.length === 2) {
      const end = numberOf(ends[1] ?? '', bounds);
      if (typeof end === 'string') return end;
      high = end;
    } else high = steps.length === 2 ? bounds.max : low;
  }
  let step = 1;
  if (steps.length > 2) return `too many slashes: ${expression}`;
  if (steps.length === 2) {
    const parsed = integerOf(steps[1] ?? '');
    if (typeof parsed === 'string') return parsed;
    step = parsed;
  }
  if (low < bounds.min) return `beginning of range (${low}) below minimum (${bounds.min}): ${expression}`;
  if (high > bounds.max) return `end of range (${high}) above maximum (${bounds.max}): ${expression}`;
  if (low > high) return `beginning of range (${low}) beyond end of range (${high}): ${expression}`;
  if (step === 0) return `step of range should be a positive number: ${expression}`;
  return undefined;
}

function numberOf(text: string, bounds: FieldBounds): number | string {
  const named = bounds.names?.indexOf(text.toLowerCase()) ?? -1;
  return named >= 0 ? named + (bounds.names === months ? 1 : 0) : integerOf(text);
}

function integerOf(text: string): number | string {
  if (!/^[+-]?\d+$/.test(text)) return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  return Number(text) < 0 ? `negative number (${Number(text)}) not allowed: ${text}` : Number(text);
}
