import type { Peer } from '../authentication/peer.ts';
import type { User } from '../authentication/user.ts';
import { type Family, Reading } from '../metrics/families.ts';
import type { RequestInfo } from '../request-info.ts';

/** How many requests may be under way at the same time. */
export interface InFlightLimits {
  /** get and list; upstream's `--max-requests-inflight`. */
  readonly readOnly: number;
  /** All that writes; upstream's `--max-mutating-requests-inflight`. */
  readonly mutating: number;
}

export const usualInFlightLimits: InFlightLimits = { readOnly: 400, mutating: 200 };

const longRunningSubresources: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);
const readingVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'head', 'options']);

/** Whether a request may stay open for as long as its client likes: such ones count into no limit. */
export function isLongRunning({ verb, subresource }: RequestInfo): boolean {
  return verb === 'watch' || verb === 'proxy' || longRunningSubresources.has(subresource);
}

/**
 * Sheds what is too much before it costs anything. The administrators and the components of this process always get an answer,
 * so that a cluster can be helped while it is overrun. Follows upstream's `WithMaxInFlightLimit`.
 */
export class InFlight {
  private readonly limits: InFlightLimits;
  private readonly now = { readOnly: 0, mutating: 0 };

  constructor(limits: InFlightLimits) {
    this.limits = limits;
  }

  get family(): Family {
    return new Reading('apiserver_current_inflight_requests', 'Requests under way, by kind, without those that stay open.', () => [
      [{ request_kind: 'readOnly' }, this.now.readOnly],
      [{ request_kind: 'mutating' }, this.now.mutating],
    ]);
  }

  /** Lets a request in; the result is called when it has been answered. `undefined` when there are too many. */
  enter(info: RequestInfo, user: User, peer: Peer): (() => void) | undefined {
    if (isLongRunning(info)) return () => {};
    const kind = readingVerbs.has(info.verb) ? 'readOnly' : 'mutating';
    const isExempt = peer.component !== undefined || user.groups.includes('system:masters');
    if (!isExempt && this.now[kind] >= this.limits[kind]) return undefined;
    this.now[kind]++;
    return () => {
      this.now[kind]--;
    };
  }
}
