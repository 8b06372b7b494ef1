import type { Cancel, Clock } from '../simulation/clock.ts';
import { ConflictError, type Store } from './store.ts';

/** How often is looked for what has expired, in milliseconds; how much later than its lifetime an entry may go. */
const interval = 5 * 60_000;

/**
 * Deletes the entries with a prefix that nobody has written for `lifetime` milliseconds, as leases of etcd do. The store knows no times,
 * only revisions: which one was the newest is written down now and then, and what is there at the start counts as written then.
 */
export function keepExpiring(store: Store, clock: Clock, prefix: string, lifetime: number, failed: (error: unknown) => void): Cancel {
  const newest = [{ at: clock.now(), revision: store.revision }];
  return clock.every(interval, () => {
    const now = clock.now();
    let expired = 0;
    for (let [oldest] = newest; oldest !== undefined && now - oldest.at >= lifetime; [oldest] = newest) {
      expired = oldest.revision;
      newest.shift();
    }
    newest.push({ at: now, revision: store.revision });
    if (expired > 0) deleteWrittenUpTo(store, prefix, expired).catch(failed);
  });
}

async function deleteWrittenUpTo(store: Store, prefix: string, last: number): Promise<void> {
  const old = store.current(prefix).filter(({ revision }) => revision <= last);
  await Promise.all(old.map(({ key, revision }) => store.commit([{ key, value: null, expect: revision }]).catch(unlessWritten)));
}

/** Whoever has written it meanwhile has given it new life. */
function unlessWritten(error: unknown): void {
  if (!(error instanceof ConflictError)) throw error;
}
