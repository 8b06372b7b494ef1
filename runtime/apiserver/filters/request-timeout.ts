import { parseDuration } from '../../api/duration.ts';
import { badRequest } from '../../api/status.ts';
import type { RequestInfo } from '../request-info.ts';
import { isLongRunning } from './in-flight.ts';

/** Throws 400 when a client says in words that are no duration how long it will wait. Upstream: `WithRequestDeadline`. */
export function checkTimeout(info: RequestInfo, query: URLSearchParams): void {
  const timeout = query.get('timeout') ?? '';
  if (timeout === '' || isLongRunning(info)) return;
  try {
    parseDuration(timeout);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw badRequest(`invalid timeout specified in the request URL - ${error.message}`);
  }
}
