import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { RecentEvents } from '../../runtime/store/recent-events.ts';
import type { StoreEvent } from '../../runtime/store/store.ts';

const event = (revision: number, bytes: number): StoreEvent => {
  const entry = { key: 'k', revision, createRevision: 1, value: new Uint8Array(bytes) };
  return { type: 'put', key: 'k', revision, entry };
};

test('what is forgotten is let go of', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const recent = new RecentEvents(0, { events: 10_000, bytes: 100_000 });
  const values: WeakRef<Uint8Array>[] = [];
  for (let revision = 1; revision <= 200; revision++) {
    const pushed = event(revision, 10_000);
    values.push(new WeakRef(pushed.entry.value));
    recent.push([pushed]);
  }
  expect(recent.after(recent.since).map(({ revision }) => revision)).toEqual([192, 193, 194, 195, 196, 197, 198, 199, 200]);
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(values.filter((value) => value.deref() !== undefined).length).toBeLessThan(25);
});
