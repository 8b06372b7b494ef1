/** Tokens that live in secrets and are valid without end. Upstream: pkg/serviceaccount/legacy.go. */

/** The ConfigMap of kube-system that says since when secrets are told of the use of their tokens, and its key. */
export const trackingConfigMap = 'kube-apiserver-legacy-service-account-token-tracking';
export const trackedSince = 'since';

/** When a token was used last, and since when it does not count any more, as labels of its secret. */
export const lastUsedLabel = 'kubernetes.io/legacy-token-last-used';
export const invalidSinceLabel = 'kubernetes.io/legacy-token-invalid-since';

const dayLength = 24 * 60 * 60_000;
const date = /^\d{4}-\d{2}-\d{2}$/;

/** The day of a time in milliseconds, `2026-01-31`, in UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** When a day begins, in milliseconds; `undefined` for a text that is no day. */
export function startOfDay(day: string): number | undefined {
  const start = date.test(day) ? Date.parse(day) : Number.NaN;
  return Number.isNaN(start) || dayOf(start) !== day ? undefined : start;
}

/** When a day is over, in milliseconds; `undefined` for a text that is no day. */
export function endOfDay(day: string): number | undefined {
  const start = startOfDay(day);
  return start === undefined ? undefined : start + dayLength;
}
