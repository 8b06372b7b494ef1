import { expect, test } from 'vitest';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { databaseName } from '../../runtime/store/log.ts';
import { guardedStorage } from '../../runtime/store/sqlite/guarded-storage.ts';
import { memoryStorage } from '../../runtime/store/sqlite/memory-storage.ts';
import type { Storage, StorageFile } from '../../runtime/store/sqlite/storage.ts';
import type { Store } from '../../runtime/store/store.ts';
import { recordingStorage } from './power-cut-storage.ts';
import { seeded } from './random.ts';

interface Flush {
  readonly name: string;
  readonly waiting: number;
  end(error?: Error): void;
}

/** Files whose flushes end when the test says so, and whose syncs fail when it says so. */
function slowStorage(below: Storage = memoryStorage()) {
  const flushes: Flush[] = [];
  const slow = { held: true as boolean | 'database', lost: undefined as Error | undefined };
  const storage: Storage = {
    ...below,
    open(name, create): StorageFile {
      const file = below.open(name, create);
      return {
        ...file,
        sync() {
          // A disk tells an error once.
          const error = slow.lost;
          slow.lost = undefined;
          if (error) throw error;
          file.sync();
        },
        flush(waiting) {
          if (slow.held === 'database' ? name !== databaseName : !slow.held) return file.flush(waiting);
          return new Promise<void>((resolve, reject) => {
            flushes.push({ name, waiting, end: (error) => (error ? reject(error) : resolve(file.flush(waiting))) });
          });
        },
      };
    },
  };
  return { storage, flushes, slow };
}

/** Lets everything happen that waits for nothing but microtasks. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

const put = (store: Store, key: string, bytes = 1) => store.commit([{ key, value: new Uint8Array(bytes) }]);

/** What has become of a promise so far. */
function watched(promise: Promise<unknown>): { readonly state: string } {
  const seen = { state: 'waits' };
  promise.then(
    () => (seen.state = 'done'),
    (error: Error) => (seen.state = `${error.name}: ${(error.cause as Error | undefined)?.message ?? error.message}`),
  );
  return seen;
}

test('what is committed during a flush is the next group, and nothing of either is seen before its own flush', async () => {
  const { storage, flushes } = slowStorage();
  const store = await openMemoryStore({ storage });
  const told: number[] = [];
  await store.watch('', 1, (events) => told.push(...events.map(({ revision }) => revision)));
  const first = watched(put(store, '/a'));
  await settle();
  const later = [watched(put(store, '/a')), watched(put(store, '/b'))];
  const conflict = watched(store.commit([{ key: '/a', value: null, expect: 2 }]));
  const nothing = watched(store.commit([{ key: '/none', value: null }]));
  await settle();
  expect(flushes.map(({ waiting }) => waiting)).toEqual([1]);
  expect(store.get('/a')).toBeUndefined();
  expect(store.revision).toBe(1);
  expect((await store.list('')).entries).toEqual([]);

  flushes[0]?.end();
  await settle();
  expect(first.state).toBe('done');
  expect(flushes.map(({ waiting }) => waiting)).toEqual([1, 3]);
  expect([later[0]?.state, later[1]?.state, conflict.state, nothing.state]).toEqual(['waits', 'waits', 'waits', 'waits']);
  expect(told).toEqual([2]);
  expect(store.get('/a')?.revision).toBe(2);
  expect(store.get('/b')).toBeUndefined();

  flushes[1]?.end();
  await settle();
  expect([later[0]?.state, later[1]?.state, nothing.state]).toEqual(['done', 'done', 'done']);
  expect(conflict.state).toContain('ConflictError');
  expect(told).toEqual([2, 3, 4]);
  await store.close();
});

test('who commits again and again comes to be in groups of one size, so that there is always as much to do as to wait for', async () => {
  const { storage, flushes, slow } = slowStorage();
  const store = await openMemoryStore({ storage });
  const going = { on: true };
  const commitOn = async (key: string) => {
    while (going.on) await put(store, key);
  };
  const first = commitOn('/0');
  await settle();
  const others = Array.from({ length: 15 }, (_, index) => commitOn(`/${index + 1}`));
  for (let round = 0; round < 5; round++) {
    await settle();
    flushes.at(-1)?.end();
  }
  await settle();
  // Who waits for a flush are those of its group, and those of the group before, who are answered meanwhile.
  expect(flushes.map(({ waiting }) => waiting)).toEqual([1, 9, 16, 16, 16, 16]);
  going.on = false;
  slow.held = false;
  flushes.at(-1)?.end();
  await Promise.all([first, ...others]);
  await store.close();
});

test('reads of the log do not see what is written and not flushed', async () => {
  const { storage, flushes, slow } = slowStorage();
  slow.held = false;
  const store = await openMemoryStore({ storage, recent: { events: 0, bytes: 0 } });
  await put(store, '/a');
  const at = await put(store, '/a');
  slow.held = true;
  const late = watched(put(store, '/a'));
  await settle();
  expect(flushes).toHaveLength(1);
  const told: number[] = [];
  await store.watch('', 1, (events) => told.push(...events.map(({ revision }) => revision)));
  expect(told).toEqual([2, 3]);
  expect((await store.getAt('/a', at))?.revision).toBe(at);
  expect((await store.list('', { at: 2 })).entries.map(({ revision }) => revision)).toEqual([2]);
  flushes[0]?.end();
  await settle();
  expect(late.state).toBe('done');
  expect(told).toEqual([2, 3, 4]);
  await store.close();
});

test('a compaction waits for the flush of a group: an error of the disk is told to one of two only', async () => {
  const { storage, flushes } = slowStorage();
  const store = await openMemoryStore({ storage });
  const group = [watched(put(store, '/a')), watched(put(store, '/b'))];
  await settle();
  const compaction = watched(store.compact(1).then(() => store.compact(1)));
  await settle();
  expect(flushes).toHaveLength(1);
  flushes[0]?.end(new Error('EIO'));
  await settle();
  expect([group[0]?.state, group[1]?.state, compaction.state]).toEqual(Array(3).fill('StoreFailedError: EIO'));
  expect(flushes).toHaveLength(1);
  await store.close();
});

test('a flush does not succeed when another sync was told of the error meanwhile', async () => {
  const { storage, flushes, slow } = slowStorage();
  const guarded = guardedStorage(storage);
  guarded.release();
  const file = guarded.open('file', true);
  file.write(Uint8Array.of(1), 0);
  const flushed = watched(Promise.resolve(guarded.flush('file', 2)));
  slow.lost = new Error('EIO');
  expect(() => file.sync()).toThrow('EIO');
  flushes[0]?.end();
  await settle();
  expect(flushed.state).toBe('Error: EIO');
  await expect(guarded.flush('file', 1)).rejects.toThrow('EIO');
});

test('a file that is not open cannot be flushed', () => {
  expect(() => guardedStorage(memoryStorage()).flush('file', 1)).toThrow('file is not open');
});

test('closing waits for the flush, and what it flushed is there afterwards', async () => {
  const { storage, flushes, slow } = slowStorage();
  const store = await openMemoryStore({ storage });
  const commit = watched(put(store, '/a'));
  await settle();
  const closed = watched(store.close());
  await settle();
  expect([commit.state, closed.state]).toEqual(['waits', 'waits']);
  flushes[0]?.end();
  await settle();
  expect([commit.state, closed.state]).toEqual(['done', 'done']);
  slow.held = false;
  const again = await openMemoryStore({ storage });
  expect(again.get('/a')?.revision).toBe(2);
  await again.close();
});

test('a flush that fails late fails all who wait, and the next group is not written', async () => {
  const below = recordingStorage();
  const { storage, flushes } = slowStorage(below);
  const store = await openMemoryStore({ storage });
  const first = watched(put(store, '/a'));
  await settle();
  const second = watched(put(store, '/b'));
  const { operations } = below;
  const closed = watched(store.close());
  flushes[0]?.end(new Error('EIO'));
  await settle();
  expect([first.state, second.state]).toEqual(Array(2).fill('StoreFailedError: EIO'));
  expect(closed.state).toBe('done');
  expect(below.operations).toBe(operations);
});

/** Commits until a checkpoint is on its way to the disk. */
async function checkpoint(store: Store, flushes: readonly Flush[]): Promise<void> {
  for (let round = 0; flushes.length === 0 && round < 200; round++) await put(store, `/large/${round}`, 40_000);
  expect(flushes.map(({ name }) => name)).toEqual([databaseName]);
}

test('while a checkpoint is on its way to the disk nothing is written, and all can be read', async () => {
  const below = recordingStorage();
  const { storage, flushes, slow } = slowStorage(below);
  slow.held = 'database';
  const store = await openMemoryStore({ storage });
  await checkpoint(store, flushes);
  const { revision } = store;
  const { operations } = below;
  const later = [watched(put(store, '/a')), watched(put(store, '/b'))];
  const compaction = watched(store.compact(revision));
  await settle();
  expect([...later, compaction].map(({ state }) => state)).toEqual(['waits', 'waits', 'waits']);
  expect(below.operations).toBe(operations);
  expect(store.get('/large/0')?.value.length).toBe(40_000);
  // What the log still holds is all there, whatever has become of the database meanwhile.
  for (let seed = 0; seed < 5; seed++) {
    const found = await openMemoryStore({ storage: below.afterPowerCut(operations, seeded(seed)) });
    expect(found.revision).toBe(revision);
    await found.close();
  }
  flushes[0]?.end();
  await settle();
  expect([...later, compaction].map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  await store.close();
});

test('a checkpoint that does not reach the disk ends the store before anything rests on it', async () => {
  const below = recordingStorage();
  const { storage, flushes, slow } = slowStorage(below);
  slow.held = 'database';
  const store = await openMemoryStore({ storage });
  await checkpoint(store, flushes);
  const { revision } = store;
  const late = watched(put(store, '/a'));
  await settle();
  const { operations } = below;
  flushes[0]?.end(new Error('EIO'));
  await settle();
  expect(late.state).toBe('StoreFailedError: EIO');
  expect(below.operations).toBe(operations);
  await store.close();
  const again = await openMemoryStore({ storage: below.afterPowerCut(operations, seeded(1)) });
  expect(again.revision).toBe(revision);
  await again.close();
});

test('closing waits for a checkpoint', async () => {
  const { storage, flushes, slow } = slowStorage();
  slow.held = 'database';
  const store = await openMemoryStore({ storage });
  await checkpoint(store, flushes);
  const closed = watched(store.close());
  await settle();
  expect(closed.state).toBe('waits');
  flushes[0]?.end();
  await settle();
  expect(closed.state).toBe('done');
});

test('a write that does not wait for a checkpoint is refused', () => {
  const { storage, flushes } = slowStorage();
  const guarded = guardedStorage(storage);
  guarded.release();
  guarded.defer('file');
  const file = guarded.open('file', true);
  file.write(Uint8Array.of(1), 0);
  file.sync();
  expect(flushes).toHaveLength(1);
  expect(() => guarded.open('other', true).write(Uint8Array.of(1), 0)).toThrow('a write came before what it rests on was durable');
});

test('what a killed process had written and not synced is durable before anyone reads it', async () => {
  const below = recordingStorage();
  const { storage, flushes } = slowStorage(below);
  const killed = await openMemoryStore({ storage });
  void put(killed, '/a', 20_000);
  await settle();
  expect(flushes).toHaveLength(1);
  const store = await openMemoryStore({ storage: below });
  expect(store.get('/a')?.revision).toBe(2);
  for (let seed = 0; seed < 20; seed++) {
    const found = await openMemoryStore({ storage: below.afterPowerCut(below.operations, seeded(seed)) });
    expect(found.get('/a')?.value.length, `seed ${seed}`).toBe(20_000);
    await found.close();
  }
  await store.close();
});
