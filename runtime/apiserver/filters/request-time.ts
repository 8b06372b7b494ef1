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

/** What time a request has, and what of it webhooks have taken. When it is over, the answer is 504, and nothing is written any more. */
export class RequestTime {
  private readonly clock: Clock;
  private readonly at: number;
  private readonly message: string;
  private mutating = 0;
  private validating = 0;

  /** `at`: when it is over, in milliseconds since the epoch. */
  constructor(clock: Clock, at: number, message: string) {
    this.clock = clock;
    this.at = at;
    this.message = message;
  }

  /** How many milliseconds webhooks have taken. Validating ones are called at once, so that the slowest counts. Upstream: `LatencyTrackers`. */
  get ofWebhooks(): number {
    return this.mutating + this.validating;
  }

  /** Notes how many milliseconds a webhook has taken. */
  takenBy(type: 'mutating' | 'validating', ms: number): void {
    if (type === 'mutating') this.mutating += ms;
    else this.validating = Math.max(this.validating, ms);
  }

  /** How many milliseconds are left. */
  left(): number {
    return this.at - this.clock.now();
  }

  /** Throws 504 when it is over. */
  check(): void {
    if (this.left() <= 0) throw this.failure();
  }

  /** What `work` comes to. Rejects with 504 when the time is over before, and calls `ended`; what is under way then ends unheard. */
  bound<T>(work: Promise<T>, ended: () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const cancel = this.clock.after(this.left(), () => {
        ended();
        reject(this.failure());
      });
      const over =
        <Outcome>(settle: (outcome: Outcome) => void) =>
        (outcome: Outcome): void => {
          cancel();
          settle(outcome);
        };
      work.then(over(resolve), over(reject));
    });
  }

  private failure(): StatusError {
    return timeout(this.message);
  }
}

/**
 * The time of a request that came at `received` (milliseconds since the epoch); `undefined` for one that may stay open. A client
 * may wish for less than the usual time. Throws 400 when it says in words that are no duration how long it will wait.
 * Follows upstream's `WithRequestDeadline`, `WithTimeoutForNonLongRunningRequests` and, for writes, `FinishRequest`.
 */
export function requestTime(clock: Clock, info: RequestInfo, query: URLSearchParams, received: number): RequestTime | undefined {
  if (isLongRunning(info)) return undefined;
  const wished = wishedTimeout(query.get('timeout') ?? '');
  const isWrite = info.isResource && writes.has(info.verb);
  const usual = isWrite ? longestWrite : longest;
  const ms = wished > 0 && wished < usual ? wished : usual;
  const isFinished = isWrite || (info.isResource && info.verb === 'deletecollection');
  const message = isFinished
    ? 'request did not complete within requested timeout - context deadline exceeded'
    : 'request did not complete within the allotted timeout';
  return new RequestTime(clock, received + ms, message);
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
