/** Stops a timer. Calling it twice, or after the timer has fired, does nothing. */
export type Cancel = () => void;

/**
 * The only source of time in the cluster. Real, scaled, paused and stepped clocks stand behind it, so every
 * component can be run faster, stopped, or replayed. All times are milliseconds since the Unix epoch.
 */
export interface Clock {
  /** The current time in milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once, `ms` milliseconds from now. */
  after(ms: number, run: () => void): Cancel;
  /** Calls `run` every `ms` milliseconds, the first time after `ms`. */
  every(ms: number, run: () => void): Cancel;
  /** Resolves after `ms` milliseconds; resolves early, without an error, when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** RFC 3339 in whole seconds, the form of `metav1.Time`. Most that is written in a second asks for that second, again and again. */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== last.second) last = { second, text: `${new Date(ms).toISOString().slice(0, 19)}Z` };
  return last.text;
}
let last = { second: Number.NaN, text: '' };

/** RFC 3339 with microseconds, the form of `metav1.MicroTime`. */
export function formatMicroTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}
