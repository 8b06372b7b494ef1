import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { StoreClosedError } from '../../runtime/store/failures.ts';
import type { StoreOptions } from '../../runtime/store/revisioned-store.ts';
import { memoryStorage } from '../../runtime/store/sqlite/memory-storage.ts';
import { CompactedError, ConflictError, FutureRevisionError, type Store, type StoreEvent } from '../../runtime/store/store.ts';
import { openTestFileStore, temporaryDirectory } from './file-store.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const bytes = (text: string) => encoder.encode(text);
const text = (value: Uint8Array | undefined) => value && decoder.decode(value);

/** A place a store can be opened on again and again. */
interface Place {
  open(options?: StoreOptions): Promise<Store>;
  remove(): void;
}

const makers: Record<string, () => Place> = {
  'in memory': () => {
    const storage = memoryStorage();
    return { open: (options) => openMemoryStore({ ...options, storage }), remove: () => {} };
  },
  'on files': () => {
    const { path, remove } = temporaryDirectory();
    return { open: (options) => openTestFileStore(path, options), remove };
  },
};

/** With no history in memory, everything old comes from the log. */
const histories: Record<string, StoreOptions> = {
  'history in memory': {},
  'history in the log': { recent: { events: 0, bytes: 0 } },
};

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

/** A short form of an event for comparisons. */
function brief(event: StoreEvent): string {
  const before = event.previous ? ` was ${text(event.previous.value)}@${event.previous.revision}` : '';
  return `${event.revision} ${event.type} ${event.key} ${text(event.entry.value)}@${event.entry.revision}${before}`;
}

function collect(): { batches: string[][]; all: string[]; sink: (events: readonly StoreEvent[]) => void } {
  const batches: string[][] = [];
  const all: string[] = [];
  const sink = (events: readonly StoreEvent[]) => {
    batches.push(events.map(brief));
    all.push(...events.map(brief));
  };
  return { batches, all, sink };
}

async function put(store: Store, key: string, value: string, expect?: number): Promise<number> {
  return store.commit([{ key, value: bytes(value), ...(expect !== undefined && { expect }) }]);
}

async function remove(store: Store, key: string, expect?: number): Promise<number> {
  return store.commit([{ key, value: null, ...(expect !== undefined && { expect }) }]);
}

for (const [makerName, make] of Object.entries(makers)) {
  for (const [historyName, options] of Object.entries(histories)) {
    describe(`${makerName}, ${historyName}`, () => {
      function place(): Place {
        const made = make();
        cleanups.push(() => made.remove());
        return made;
      }
      async function open(at: Place = place()): Promise<Store> {
        const store = await at.open(options);
        cleanups.push(() => store.close());
        return store;
      }
      async function keys(store: Store, prefix: string, at?: number): Promise<string[]> {
        const list = await store.list(prefix, at === undefined ? {} : { at });
        return list.entries.map((entry) => `${entry.key}=${text(entry.value)}@${entry.revision}`);
      }

      test('creates once', async () => {
        const store = await open();
        expect(store.revision).toBe(1);
        const revision = await put(store, '/a', 'one', 0);
        expect(revision).toBe(2);
        expect(store.get('/a')).toEqual({ key: '/a', value: bytes('one'), revision, createRevision: revision });
        const again = await put(store, '/a', 'two', 0).catch((error) => error);
        expect(again).toBeInstanceOf(ConflictError);
        expect(again).toMatchObject({ key: '/a', current: { revision } });
        expect(store.revision).toBe(revision);
      });

      test('updates by compare and swap, and of two that race one wins', async () => {
        const store = await open();
        const created = await put(store, '/a', 'one');
        const race = await Promise.allSettled([put(store, '/a', 'two', created), put(store, '/a', 'three', created)]);
        expect(race[0]).toEqual({ status: 'fulfilled', value: 3 });
        expect(race[1]).toMatchObject({ status: 'rejected', reason: { name: 'ConflictError', current: { revision: 3 } } });
        // The loser was answered when what beat it could be read.
        expect(store.get('/a')).toMatchObject({ value: bytes('two'), revision: 3, createRevision: 2 });
        await expect(put(store, '/missing', 'x', 7)).rejects.toMatchObject({ name: 'ConflictError', current: undefined });
      });

      test('shows a commit only when it is durable', async () => {
        const store = await open();
        const { all, sink } = collect();
        await store.watch('', 1, sink);
        const commit = put(store, '/a', 'one');
        expect(store.get('/a')).toBeUndefined();
        expect(store.revision).toBe(1);
        expect(all).toEqual([]);
        await commit;
        expect(store.get('/a')).toBeDefined();
        expect(all).toEqual(['2 put /a one@2']);
      });

      test('deletes on condition, and a deletion of nothing is nothing', async () => {
        const store = await open();
        const created = await put(store, '/a', 'one');
        await expect(remove(store, '/a', created + 5)).rejects.toBeInstanceOf(ConflictError);
        const removed = await remove(store, '/a', created);
        expect(store.get('/a')).toBeUndefined();
        expect(await remove(store, '/a')).toBe(removed);
        expect(store.revision).toBe(removed);
        // A key that comes again is a new key.
        const again = await put(store, '/a', 'two', 0);
        expect(store.get('/a')?.createRevision).toBe(again);
      });

      test('writes all changes of a commit in one revision, or none', async () => {
        const store = await open();
        await put(store, '/a', 'one');
        const { batches, sink } = collect();
        await store.watch('', store.revision, sink);
        await expect(
          store.commit([
            { key: '/b', value: bytes('b') },
            { key: '/a', value: bytes('a'), expect: 99 },
          ]),
        ).rejects.toMatchObject({ key: '/a' });
        expect(store.get('/b')).toBeUndefined();
        const revision = await store.commit([
          { key: '/b', value: bytes('b') },
          { key: '/a', value: null },
          { key: '/c', value: new Uint8Array(0) },
        ]);
        expect(revision).toBe(3);
        expect(batches).toEqual([['3 put /b b@3', '3 delete /a one@2 was one@2', '3 put /c @3']]);
        expect(await keys(store, '/')).toEqual(['/b=b@3', '/c=@3']);
        expect(await keys(store, '/', 2)).toEqual(['/a=one@2']);
      });

      test('refuses keys and commits it cannot hold', async () => {
        const store = await open();
        await expect(put(store, '', 'x')).rejects.toThrow('cannot be a key');
        await expect(put(store, '/\ud800', 'x')).rejects.toThrow('cannot be a key');
        await expect(
          store.commit([
            { key: '/a', value: bytes('1') },
            { key: '/a', value: bytes('2') },
          ]),
        ).rejects.toThrow('each key once');
        expect(store.revision).toBe(1);
      });

      test('lists the state of any revision, and gets a key as of it', async () => {
        const store = await open();
        await put(store, '/p/a', 'a1'); // 2
        await put(store, '/p/b', 'b1'); // 3
        await put(store, '/p/a', 'a2'); // 4
        await remove(store, '/p/b'); // 5
        await put(store, '/q/c', 'c1'); // 6
        await put(store, '/p/b', 'b2'); // 7
        expect(await keys(store, '/p/', 1)).toEqual([]);
        expect(await keys(store, '/p/', 3)).toEqual(['/p/a=a1@2', '/p/b=b1@3']);
        expect(await keys(store, '/p/', 4)).toEqual(['/p/a=a2@4', '/p/b=b1@3']);
        expect(await keys(store, '/p/', 5)).toEqual(['/p/a=a2@4']);
        expect(await keys(store, '/p/')).toEqual(['/p/a=a2@4', '/p/b=b2@7']);
        expect(await keys(store, '/p')).toEqual(['/p/a=a2@4', '/p/b=b2@7']);
        expect(store.current('/q/').map(({ key }) => key)).toEqual(['/q/c']);
        expect(text((await store.getAt('/p/a', 3))?.value)).toBe('a1');
        expect(await store.getAt('/p/b', 5)).toBeUndefined();
        expect(await store.getAt('/p/b', 7)).toEqual({ key: '/p/b', value: bytes('b2'), revision: 7, createRevision: 7 });
        await expect(store.list('/p/', { at: 8 })).rejects.toBeInstanceOf(FutureRevisionError);
        await expect(store.getAt('/p/a', 8)).rejects.toBeInstanceOf(FutureRevisionError);
        await expect(store.watch('/p/', 8, () => {})).rejects.toBeInstanceOf(FutureRevisionError);
      });

      test('pages at one revision while others write', async () => {
        const store = await open();
        // In UTF-16 the second comes after the third, in UTF-8 before it.
        const names = ['/p/a', '/p/\u{1f600}', '/p/\uff5e', '/p/b', '/p/bb', '/p/c'];
        for (const key of names) {
          await put(store, key, 'old');
        }
        const at = store.revision;
        const sorted = [...names].sort();
        const seen: string[] = [];
        let after: string | undefined;
        for (let page = 0; page < 3; page++) {
          const list = await store.list('/p/', { at, limit: 2, ...(after && { after }) });
          expect(list.revision).toBe(at);
          expect(list.remaining).toBe(4 - page * 2);
          expect(list.entries.every((entry) => text(entry.value) === 'old')).toBe(true);
          seen.push(...list.entries.map(({ key }) => key));
          after = seen.at(-1);
          await remove(store, '/p/bb');
          await put(store, '/p/a', 'new');
          await put(store, `/p/b${page}`, 'new');
        }
        expect(seen).toEqual(sorted);
        const now = await store.list('/p/', { limit: 3 });
        expect(now.entries.map(({ key }) => key)).toEqual(['/p/a', '/p/b', '/p/b0']);
        expect(now.remaining).toBe(5);
      });

      test('tells a watcher of its prefix, in order, with what was before', async () => {
        const store = await open();
        await put(store, '/p/a', 'a1'); // 2
        const { all, sink } = collect();
        const stop = await store.watch('/p/', 1, sink);
        await put(store, '/q/x', 'x'); // 3
        await put(store, '/p/a', 'a2'); // 4
        await remove(store, '/p/a'); // 5
        await put(store, '/p/a', 'a3'); // 6
        expect(all).toEqual(['2 put /p/a a1@2', '4 put /p/a a2@4 was a1@2', '5 delete /p/a a2@4 was a2@4', '6 put /p/a a3@6']);
        stop();
        await put(store, '/p/a', 'a4');
        expect(all).toHaveLength(4);
        // The same, told afterwards.
        const later = collect();
        await store.watch('/p/', 1, later.sink);
        expect(later.all.slice(0, 4)).toEqual(all);
        const middle = collect();
        await store.watch('/p/', 4, middle.sink);
        expect(middle.all.slice(0, 2)).toEqual(all.slice(2));
      });

      test('watchers that start while others write miss nothing, see nothing twice, and never half a commit', async () => {
        const store = await open();
        const watchers: { from: number; revisions: number[]; batches: number[][] }[] = [];
        const writing = (async () => {
          for (let round = 0; round < 40; round++) {
            await Promise.all(
              Array.from({ length: 8 }, (_, index) =>
                store.commit([
                  { key: `/p/${index}`, value: bytes(`${round}`) },
                  { key: `/p/${index}/twin`, value: bytes(`${round}`) },
                ]),
              ),
            );
          }
        })();
        let last = 0;
        while (last < 300) {
          last = store.revision;
          const from = Math.max(1, Math.floor(last / 2));
          const watcher = { from, revisions: [] as number[], batches: [] as number[][] };
          watchers.push(watcher);
          await store.watch('/p/', from, (events) => {
            watcher.batches.push(events.map(({ revision }) => revision));
            watcher.revisions.push(...events.map(({ revision }) => revision));
          });
          await put(store, '/other', 'x');
        }
        await writing;
        const full: number[] = [];
        await store.watch('/p/', 1, (events) => full.push(...events.map(({ revision }) => revision)));
        expect(full).toHaveLength(640);
        expect(watchers.length).toBeGreaterThan(2);
        for (const { from, revisions, batches } of watchers) {
          expect(revisions).toEqual(full.filter((revision) => revision > from));
          expect(batches.every((batch) => batch.length % 2 === 0)).toBe(true);
        }
      });

      test('compacts: old revisions are refused, newer ones still right', async () => {
        const at = place();
        const store = await open(at);
        for (let round = 0; round < 300; round++) {
          await put(store, '/p/a', `a${round}`); // 2, 5, 8 …
          await put(store, '/p/b', `b${round}`);
          await remove(store, '/p/b');
        }
        await put(store, '/p/kept', 'kept');
        const middle = 602; // a200 was just written
        const before = collect();
        await store.watch('/p/', middle, before.sink);
        await store.compact(middle);
        expect(store.compacted).toBe(middle);
        await expect(store.list('/p/', { at: middle - 1 })).rejects.toMatchObject({ name: 'CompactedError', compacted: middle });
        await expect(store.getAt('/p/a', 5)).rejects.toBeInstanceOf(CompactedError);
        await expect(store.watch('/p/', middle - 1, () => {})).rejects.toBeInstanceOf(CompactedError);
        await expect(store.compact(9999)).rejects.toBeInstanceOf(FutureRevisionError);
        const after = collect();
        await store.watch('/p/', middle, after.sink);
        expect(after.all).toEqual(before.all);
        expect(after.all[0]).toBe('603 put /p/b b200@603');
        expect(after.all[2]).toBe('605 put /p/a a201@605 was a200@602');
        expect(await keys(store, '/p/', middle)).toEqual(['/p/a=a200@602']);
        await store.compact(5);
        expect(store.compacted).toBe(middle);

        // The last revisions of all are compacted away; the count goes on from there nevertheless.
        await remove(store, '/p/kept');
        const newest = await remove(store, '/p/a');
        await store.compact(newest);
        await store.close();
        const again = await open(at);
        expect(again.revision).toBe(newest);
        expect(again.compacted).toBe(newest);
        expect(again.current('')).toEqual([]);
        expect(await put(again, '/p/a', 'x', 0)).toBe(newest + 1);
      });

      test('commits go on during a compaction', async () => {
        const store = await open();
        for (let round = 0; round < 50; round++) {
          await Promise.all(Array.from({ length: 40 }, (_, index) => put(store, `/p/${index}`, `${round}`)));
        }
        const compaction = store.compact(store.revision);
        const commits = Promise.all(Array.from({ length: 40 }, (_, index) => put(store, `/p/${index}`, 'new')));
        await Promise.all([compaction, commits]);
        expect(new Set(store.current('/p/').map(({ value }) => text(value)))).toEqual(new Set(['new']));
        expect((await keys(store, '/p/', store.compacted)).length).toBe(40);
      });

      test('is found again after closing, values of all sizes', async () => {
        const at = place();
        const store = await open(at);
        const sizes = [0, 1, 100, 4000, 5000, 70_000, 1_500_000];
        for (const size of sizes) {
          await store.commit([{ key: `/size/${size}`, value: Uint8Array.from({ length: size }, (_, index) => (index * 31 + size) % 256) }]);
        }
        await put(store, '/gone', 'x');
        await remove(store, '/gone');
        const entries = store.current('');
        const values = new Map(entries.map(({ key, value }) => [key, value]));
        const { revision } = store;
        await store.close();
        await expect(put(store, '/a', 'x')).rejects.toBeInstanceOf(StoreClosedError);
        expect(() => store.get('/a')).toThrow(StoreClosedError);

        const again = await open(at);
        expect(again.revision).toBe(revision);
        expect(again.current('').map(({ key, revision: at }) => `${key}@${at}`)).toEqual(
          entries.map(({ key, revision: at }) => `${key}@${at}`),
        );
        expect(again.current('').every(({ key, value }) => Buffer.compare(value, values.get(key) ?? bytes('missing')) === 0)).toBe(true);
        expect(await keys(again, '/gone', revision - 1)).toEqual([`/gone=x@${revision - 1}`]);
        const { all, sink } = collect();
        await again.watch('/gone', 1, sink);
        expect(all).toEqual([
          `${revision - 1} put /gone x@${revision - 1}`,
          `${revision} delete /gone x@${revision - 1} was x@${revision - 1}`,
        ]);
      });

      test('closing waits for what is under way', async () => {
        const at = place();
        const store = await open(at);
        const commits = Promise.all(Array.from({ length: 20 }, (_, index) => put(store, `/p/${index}`, 'x')));
        await store.close();
        await commits;
        expect((await open(at)).current('/p/')).toHaveLength(20);
      });

      test('a sink that throws is told of where somebody listens, harms nobody else, and is told of what comes later', async () => {
        const failures: unknown[] = [];
        const store = await place().open({ ...options, onWatcherFailure: (error) => failures.push(error) });
        cleanups.push(() => store.close());
        await put(store, '/a', 'x');
        const broken: string[] = [];
        const healthy: string[] = [];
        await store.watch('', 1, (events) => {
          broken.push(...events.map(({ key }) => key));
          if (broken.length < 3) throw new Error(`a bug at ${broken.at(-1)}`);
        });
        await store.watch('', 1, (events) => healthy.push(...events.map(({ key }) => key)));
        await put(store, '/b', 'x');
        await put(store, '/c', 'x');
        expect(healthy).toEqual(['/a', '/b', '/c']);
        expect(broken).toEqual(['/a', '/b', '/c']);
        expect(failures.map(String)).toEqual(['Error: a bug at /a', 'Error: a bug at /b']);
      });

      test('a sink that throws harms nobody else', async () => {
        const store = await open();
        const surfaced: unknown[] = [];
        const listeners = process.listeners('uncaughtException');
        process.removeAllListeners('uncaughtException');
        process.on('uncaughtException', (error) => surfaced.push(error));
        try {
          await store.watch('', 1, () => {
            throw new Error('a bug');
          });
          const { all, sink } = collect();
          await store.watch('', 1, sink);
          await put(store, '/a', 'x');
          await put(store, '/a', 'y');
          expect(all).toHaveLength(2);
          await new Promise((resolve) => setImmediate(resolve));
          expect(surfaced).toHaveLength(2);
        } finally {
          process.removeAllListeners('uncaughtException');
          for (const listener of listeners) {
            process.on('uncaughtException', listener);
          }
        }
      });
    });
  }
}

test('the memory store answers by microtasks alone', async () => {
  const store = await openMemoryStore({ recent: { events: 0, bytes: 0 } });
  cleanups.push(() => store.close());
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  process.nextTick(() => {
    turned = true;
  });
  await put(store, '/a', 'x');
  await put(store, '/a', 'y');
  await store.list('/', { at: 2 });
  await store.watch('/', 1, () => {});
  await store.compact(3);
  expect(turned).toBe(false);
});

afterAll(() => {
  expect(cleanups).toEqual([]);
});
