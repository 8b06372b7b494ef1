import type { HttpResponse } from '../api/http.ts';
import type { HealthMetrics } from './metrics/health-metrics.ts';
import { answerText } from './negotiation/answer.ts';

/** One check behind `/healthz`, `/livez` and `/readyz`. */
export interface HealthCheck {
  readonly name: string;
  /** Which of the three ask it. */
  readonly of: readonly ('healthz' | 'livez' | 'readyz')[];
  /** Why it fails; `undefined` when all is well. */
  check(): string | undefined;
}

/**
 * Answers `/readyz`, `/readyz?verbose`, `/readyz?exclude=etcd` and `/readyz/etcd`, and the same for the other two. `undefined` for any other path.
 * Follows upstream's `healthz` package.
 */
export function answerHealth(
  checks: readonly HealthCheck[],
  metrics: HealthMetrics,
  path: string,
  query: URLSearchParams,
): HttpResponse | undefined {
  const [root, name] = path.slice(1).split(/\/(.*)/s);
  if (root !== 'healthz' && root !== 'livez' && root !== 'readyz') return undefined;
  const asked = checks.filter((check) => check.of.includes(root));
  if (name !== undefined && name !== '') {
    const check = asked.find((candidate) => candidate.name === name);
    if (check === undefined) return undefined;
    const failure = check.check();
    return failure === undefined ? answerText(200, 'ok') : answerText(500, `internal server error: ${failure}\n`);
  }
  const excluded = new Set(query.getAll('exclude'));
  const lines: string[] = [];
  let failed = false;
  for (const check of asked) {
    if (excluded.has(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`);
      continue;
    }
    const failure = check.check();
    metrics.checked(check.name, root, failure === undefined);
    failed ||= failure !== undefined;
    lines.push(failure === undefined ? `[+]${check.name} ok` : `[-]${check.name} failed: reason withheld`);
  }
  const unknown = [...excluded].filter((each) => !asked.some((check) => check.name === each)).sort();
  if (unknown.length > 0)
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.map((each) => JSON.stringify(each)).join(',')}`);
  if (failed) return answerText(500, `${lines.join('\n')}\n${root} check failed\n`);
  return query.has('verbose') ? answerText(200, `${lines.join('\n')}\n${root} check passed\n`) : answerText(200, 'ok');
}
