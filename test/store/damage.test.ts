import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { DamagedDatabaseError } from '../../runtime/store/failures.ts';
import { databaseName } from '../../runtime/store/log.ts';
import { Database } from '../../runtime/store/sqlite/database.ts';
import { memoryStorage } from '../../runtime/store/sqlite/memory-storage.ts';
import { connectionSettings, loadSqlite } from '../../runtime/store/sqlite/sqlite.ts';
import type { Storage } from '../../runtime/store/sqlite/storage.ts';
import type { Store } from '../../runtime/store/store.ts';
import { wasmPath } from './file-store.ts';
import { seeded } from './random.ts';

const walName = `${databaseName}-wal`;
const pageSize = 4096;

function bytesOf(storage: Storage, name: string): Uint8Array {
  const file = storage.open(name, false);
  const bytes = new Uint8Array(file.size());
  file.read(bytes, 0);
  return bytes;
}

/** The files as they are now, with one of them changed. */
function copyOf(storage: Storage, changed = '', change?: (bytes: Uint8Array) => Uint8Array): Storage {
  const copy = memoryStorage();
  for (const name of [databaseName, walName].filter((each) => storage.exists(each))) {
    const bytes = bytesOf(storage, name);
    copy.open(name, true).write(name === changed && change ? change(bytes) : bytes, 0);
  }
  return copy;
}

function digest(storage: Storage): string {
  const hash = createHash('sha256');
  for (const name of [databaseName, walName]) hash.update(storage.exists(name) ? bytesOf(storage, name) : 'none');
  return hash.digest('hex');
}

const flip =
  (at: number, bit = 0) =>
  (bytes: Uint8Array) => {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    return bytes;
  };

/** Values of one page and of several, each made of its key. */
function valueAt(index: number): Uint8Array {
  return new Uint8Array(index % 7 === 0 ? 20_000 : 500 + ((index * 37) % 3000)).fill(index % 256);
}

async function fill(storage: Storage, keys: number): Promise<Store> {
  const store = await openMemoryStore({ storage });
  for (let index = 0; index < keys; index++) await store.commit([{ key: `/k/${index}`, value: valueAt(index) }]);
  return store;
}

const contents = (store: Store) =>
  store.current('').map(({ key, value, revision }) => `${key} ${revision} ${value.length} ${value[0]} ${value.at(-1)}`);

/** What is read of the files, or the damage that is told; nothing may have been written then. */
async function found(storage: Storage): Promise<string[] | string> {
  const before = digest(storage);
  try {
    const store = await openMemoryStore({ storage });
    const all = contents(store);
    await store.close();
    return all;
  } catch (error) {
    expect(error).toBeInstanceOf(DamagedDatabaseError);
    expect(digest(storage)).toBe(before);
    return (error as Error).message;
  }
}

test('a database that was cut is told, however much is missing', async () => {
  const storage = memoryStorage();
  await (await fill(storage, 300)).close();
  for (const missing of [1, 100, pageSize - 1, pageSize, pageSize + 1, 10 * pageSize]) {
    const cut = copyOf(storage, databaseName, (bytes) => bytes.subarray(0, bytes.length - missing));
    const told = await found(cut);
    const { length } = bytesOf(storage, databaseName);
    expect(told).toBe(`the database cannot be read: store.db is cut off: ${length - missing} of its ${length} bytes are there`);
  }
});

test('a database that was cut while a log lies beside it is told when what is missing is read', async () => {
  const storage = memoryStorage();
  await (await fill(storage, 300)).close();
  const store = await openMemoryStore({ storage });
  await store.commit([{ key: '/k/0', value: new Uint8Array(1) }]);
  for (const missing of [20 * pageSize + 100, 20 * pageSize]) {
    const told = await found(copyOf(storage, databaseName, (bytes) => bytes.subarray(0, bytes.length - missing)));
    expect(told).toMatch(/^the database cannot be read: page \d+ of store\.db is cut off$/);
  }
  await store.close();
});

test('no byte of a database can change without being told, or without having been of no use', async () => {
  const storage = memoryStorage();
  const store = await fill(storage, 300);
  const all = contents(store);
  await store.close();
  expect(await found(copyOf(storage))).toEqual(all);
  const { length } = bytesOf(storage, databaseName);
  const random = seeded(1);
  const places = [
    ...Array.from({ length: 40 }, (_, at) => at + 10),
    ...Array.from({ length: 80 }, () => Math.floor(random.next() * length)),
  ];
  let told = 0;
  for (const at of places) {
    const result = await found(copyOf(storage, databaseName, flip(at, at % 8)));
    if (typeof result === 'string') told++;
    else expect(result, `byte ${at}`).toEqual(all);
  }
  expect(told).toBe(places.length);
});

test('a page of zeros, and a page in the place of another, are told', async () => {
  const storage = memoryStorage();
  await (await fill(storage, 300)).close();
  for (const page of [2, 50, 200]) {
    const zeroed = copyOf(storage, databaseName, (bytes) => bytes.fill(0, page * pageSize, (page + 1) * pageSize));
    expect(await found(zeroed)).toBe(
      `the database cannot be read: page ${page + 1} of store.db is not what was written there: its checksum differs`,
    );
    const doubled = copyOf(storage, databaseName, (bytes) => bytes.copyWithin(page * pageSize, (page - 1) * pageSize, page * pageSize));
    expect(await found(doubled)).toMatch(/^the database cannot be read: page \d+ of store\.db is not what was written there/);
  }
});

test('rot of what only old revisions show is told when it is read', async () => {
  const storage = memoryStorage();
  const store = await openMemoryStore({ storage });
  await store.commit([{ key: '/a', value: new Uint8Array(50_000).fill(0x5a) }]);
  await store.commit([{ key: '/a', value: new Uint8Array(1) }]);
  await store.close();
  const rotten = copyOf(storage, databaseName, (bytes) => flip(bytes.lastIndexOf(0x5a))(bytes));
  const failures: Error[] = [];
  const again = await openMemoryStore({ storage: rotten, onFailure: (error) => failures.push(error) });
  expect(again.get('/a')?.value.length).toBe(1);
  await expect(again.getAt('/a', 2)).rejects.toThrow(/page \d+ of store\.db is not what was written there/);
  expect(failures[0]?.cause).toBeInstanceOf(DamagedDatabaseError);
  await again.close();
});

test('a byte of the log that changed is told when something was written after it; the last transaction alone is dropped', async () => {
  const storage = memoryStorage();
  const store = await fill(storage, 60);
  const all = contents(store);
  const wal = bytesOf(storage, walName);
  // The last transaction begins behind the last but one commit: a frame whose second word is not zero.
  const frame = 24 + pageSize;
  const view = new DataView(wal.buffer);
  const commits: number[] = [];
  for (let at = 32; at < wal.length; at += frame) if (view.getUint32(at + 4) !== 0) commits.push(at);
  const lastBegins = (commits.at(-2) ?? 0) + frame;
  const random = seeded(2);
  const places = [
    ...Array.from({ length: 60 }, (_, at) => at),
    ...Array.from({ length: 60 }, () => Math.floor(random.next() * wal.length)),
  ];
  for (const at of places) {
    const result = await found(copyOf(storage, walName, flip(at, at % 8)));
    if (at < lastBegins)
      expect(result, `byte ${at}`).toMatch(
        /^the database cannot be read: store\.db-wal is damaged at byte \d+, and what was written after it would be lost$/,
      );
    else expect(result, `byte ${at}`).toEqual(all.filter((line) => !line.startsWith('/k/59 ')));
  }
  await store.close();
});

test('a log that ends in the middle of a transaction is the work of a crash: what was acknowledged is there', async () => {
  const storage = memoryStorage();
  const store = await fill(storage, 60);
  const all = contents(store);
  const { length } = bytesOf(storage, walName);
  const frame = 24 + pageSize;
  for (const missing of [1, 100, frame - 1]) {
    const torn = copyOf(storage, walName, (bytes) => bytes.subarray(0, length - missing));
    expect(await found(torn)).toEqual(all.filter((line) => !line.startsWith('/k/59 ')));
  }
  await store.close();
});

test('a database of version 1, which has no checksums, is read and written as ever, and what is cut off of it told', async () => {
  const storage = memoryStorage();
  await openMemoryStore().then((store) => store.close());
  const { module, files } = await loadSqlite(readFileSync(wasmPath));
  const folder = files.mount(storage);
  const database = new Database(module, folder + databaseName);
  database.execute(`
    CREATE TABLE rev(id INTEGER PRIMARY KEY, name TEXT NOT NULL, create_rev INTEGER NOT NULL, prev_rev INTEGER NOT NULL, deleted INTEGER NOT NULL, value BLOB);
    CREATE UNIQUE INDEX rev_name ON rev(name, id DESC);
    CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    PRAGMA application_id=${0x4b756265}; PRAGMA user_version=1; ${connectionSettings}
    INSERT INTO rev VALUES(2048, '/old', 2, 0, 0, zeroblob(9000));
  `);
  database.close();
  files.unmount(folder);
  for (const revision of [3, 4]) {
    const store = await openMemoryStore({ storage });
    expect(store.get('/old')).toMatchObject({ revision: 2, value: new Uint8Array(9000) });
    expect(await store.commit([{ key: '/new', value: valueAt(7) }])).toBe(revision);
    await store.close();
  }
  const cut = copyOf(storage, databaseName, (bytes) => bytes.subarray(0, bytes.length - 100));
  expect(await found(cut)).toMatch(/^the database cannot be read: store\.db is cut off/);
});
