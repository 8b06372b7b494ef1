import { parseDuration } from '../../api/duration.ts';
import { badRequest, type StatusError, timeout } from '../../api/status.ts';
import type { Clock } from '../../simulation/clock.ts';
import type { RequestInfo } from '../request-info.ts';
import { isLongRunning } from './in-flight.ts';

/** Upstream's `--request-timeout`, in milliseconds. */
const longest = 60_000;
/** How long one object may take to be written, in milliseconds; upstream's `requestTimeoutUpperBound`. */
const longestWrite = 34_000;

const writes: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);

/** Until when a request is to be answered. Past it the answer is 504, and nothing is written any more. */
export class Deadline {
  private readonly clock: Clock;
  private readonly at: number;
  private readonly message: string;

  /** `at`: milliseconds since the epoch. */
  constructor(clock: Clock, at: number, message: string) {
    this.clock = clock;
    this.at = at;
    this.message = message;
  }

  /** How many milliseconds are left. */
  left(): number {
    return this.at - this.clock.now();
  }

  /** Throws 504 when it has passed. */
  check(): void {
    if (this.left() <= 0) throw this.failure();
  }

  /** What `work` comes to. Rejects with 504 when the deadline comes first; what is under way then ends unheard. */
  bound<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const cancel = this.clock.after(this.left(), () => reject(this.failure()));
      work.then(resolve, reject).finally(cancel);
    });
  }

  private failure(): StatusError {
    return timeout(this.message);
  }
}

/**
 * Until when a request that came at `received` (milliseconds since the epoch) is to be answered; `undefined` for one that may stay open. A client
 * may wish for less than the usual time. Throws 400 when it says in words that are no duration how long it will wait.
 * Follows upstream's `WithRequestDeadline`, `WithTimeoutForNonLongRunningRequests` and, for writes, `FinishRequest`.
 */
export function deadlineOf(clock: Clock, info: RequestInfo, query: URLSearchParams, received: number): Deadline | undefined {
  if (isLongRunning(info)) return undefined;
  const wished = wishedTimeout(query.get('timeout') ?? '');
  const isWrite = info.isResource && writes.has(info.verb);
  const usual = isWrite ? longestWrite : longest;
  const ms = wished > 0 && wished < usual ? wished : usual;
  const isFinished = isWrite || (info.isResource && info.verb === 'deletecollection');
  const message = isFinished
    ? 'request did not complete within requested timeout - context deadline exceeded'
    : 'request did not complete within the allotted timeout';
  return new Deadline(clock, received + ms, message);
}

function wishedTimeout(text: string): number {
  if (text === '') return 0;
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw badRequest(`invalid timeout specified in the request URL - ${error.message}`);
  }
}
