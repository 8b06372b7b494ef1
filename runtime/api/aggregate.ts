/** Several reasons as one: bare when there is but one, else in brackets, each once. Upstream's aggregate of errors. */
export function aggregate(reasons: readonly string[]): string {
  const [first, ...others] = new Set(reasons);
  return others.length === 0 ? (first ?? '') : `[${[first, ...others].join(', ')}]`;
}
