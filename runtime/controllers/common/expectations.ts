import type { Clock } from '../../simulation/clock.ts';

/** After this long the cache is believed again, whatever it has missed, in milliseconds. */
const timeout = 300_000;

interface Expected {
  creations: number;
  readonly deletions: Set<string>;
  readonly since: number;
}

/**
 * What a controller has ordered and its cache has not shown yet. Until it has, the controller must not count its objects,
 * or a slow watch would make it create or delete too many. Upstream's UIDTrackingControllerExpectations.
 */
export class Expectations {
  readonly #clock: Clock;
  readonly #expected = new Map<string, Expected>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the cache shows all that was ordered for this owner, or has had its time. */
  satisfied(owner: string): boolean {
    const expected = this.#expected.get(owner);
    if (expected === undefined) return true;
    return (expected.creations <= 0 && expected.deletions.size === 0) || this.#clock.now() - expected.since > timeout;
  }

  expectCreations(owner: string, count: number): void {
    this.#expected.set(owner, { creations: count, deletions: new Set(), since: this.#clock.now() });
  }

  /** `keys` are what the deletions will be observed by. */
  expectDeletions(owner: string, keys: Iterable<string>): void {
    this.#expected.set(owner, { creations: 0, deletions: new Set(keys), since: this.#clock.now() });
  }

  /** `count` creations were seen, or will never happen. */
  creationObserved(owner: string, count = 1): void {
    const expected = this.#expected.get(owner);
    if (expected !== undefined) expected.creations -= count;
  }

  deletionObserved(owner: string, key: string): void {
    this.#expected.get(owner)?.deletions.delete(key);
  }

  /** The owner is gone. */
  forget(owner: string): void {
    this.#expected.delete(owner);
  }
}
