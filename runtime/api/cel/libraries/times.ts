import type { Duration, Environment } from '@marcbachmann/cel-js/evaluator';

/** What cel-go writes of times and durations. */
export function registerTimes(environment: Environment): void {
  const sync = { async: false };
  environment
    .registerFunction('string(google.protobuf.Duration): string', formatSeconds, sync)
    .registerFunction('string(google.protobuf.Timestamp): string', formatTime, sync);
}

/** Seconds, with as many places as there are: `3600s`, `-1.5s`. */
function formatSeconds(duration: Duration): string {
  const { seconds, nanos } = duration;
  const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  const size = total < 0n ? -total : total;
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${total < 0n ? '-' : ''}${size / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`;
}

/** RFC 3339 with as many places as there are. */
function formatTime(time: Date): string {
  return time.toISOString().replace(/\.?0*Z$/, 'Z');
}
