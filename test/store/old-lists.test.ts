import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { CompactedError, type Store } from '../../runtime/store/store.ts';
import { seeded } from './random.ts';

let store: Store;
let at: number;
/** The keys of the revision, in their order. */
let keys: string[];

const prefix = '/k/';
const put = (key: string) => ({ key, value: new Uint8Array(1) });

beforeEach(async () => {
  // Nothing is remembered: every list of an old revision comes from the log.
  store = await openMemoryStore({ recent: { events: 0, bytes: 0 } });
  const random = seeded(1);
  const made = Array.from({ length: 1500 }, (_, index) => `${prefix}${['a', 'é', '\ufffd', '\u{1f600}'][index % 4]}${random.next()}`);
  await store.commit([put('/j'), put('/k'), put('/l')]);
  for (let from = 0; from < made.length; from += 500) await store.commit(made.slice(from, from + 500).map(put));
  const gone = made.filter((_, index) => index % 5 === 0);
  at = await store.commit(gone.map((key) => ({ key, value: null })));
  keys = made.filter((_, index) => index % 5 !== 0).sort();
  await store.commit([...made.slice(0, 600).map(put), put(`${prefix}later`)]);
  await store.commit(keys.slice(300, 600).map((key) => ({ key, value: null })));
});
afterEach(() => store.close());

test('a list of an old revision is whole, however it is cut into pages', async () => {
  const all = await store.list(prefix, { at });
  expect(all.entries.map(({ key }) => key)).toEqual(keys);
  expect(all.remaining).toBe(0);
  expect(all.entries.every(({ revision }) => revision < at)).toBe(true);
  for (const limit of [1, 77, 700]) {
    const found: string[] = [];
    for (let after: string | undefined; found.length < keys.length; after = found.at(-1)) {
      const page = await store.list(prefix, { at, limit, ...(after !== undefined && { after }) });
      found.push(...page.entries.map(({ key }) => key));
      expect(page.remaining).toBe(keys.length - found.length);
      // One by one it would take long, and shows nothing more.
      if (limit === 1 && found.length === 5) break;
    }
    expect(found).toEqual(limit === 1 ? keys.slice(0, 5) : keys);
  }
});

test('what it begins behind need not be a key, nor have its prefix', async () => {
  const behind = async (after: string) => (await store.list(prefix, { at, after, limit: 1 })).entries[0]?.key;
  expect(await behind('/a')).toBe(keys[0]);
  expect(await behind(`${prefix}a`)).toBe(keys[0]);
  expect(await behind(`${prefix}\ue000`)).toBe(keys.find((key) => key > `${prefix}\ue000`));
  expect(await behind('/z')).toBeUndefined();
});

test('others have their turn meanwhile: a compaction and the end of the store are told', async () => {
  const compacted = store.list(prefix, { at });
  await store.compact(at + 1);
  await expect(compacted).rejects.toBeInstanceOf(CompactedError);
  const closed = store.list(prefix, { at: at + 1 });
  await Promise.all([store.close(), expect(closed).rejects.toThrow('closed')]);
});
