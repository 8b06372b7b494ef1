import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { directoryStorage } from '../../runtime/host/node/store/directory-storage.ts';
import { UnusableDirectoryError } from '../../runtime/host/node/store/file-store.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { DamagedDatabaseError, NewerDatabaseError, StoreFailedError } from '../../runtime/store/failures.ts';
import { memoryStorage } from '../../runtime/store/sqlite/memory-storage.ts';
import type { Storage, StorageFile } from '../../runtime/store/sqlite/storage.ts';
import { openTestFileStore, temporaryDirectory } from './file-store.ts';
import { checkIntegrity, query } from './integrity.ts';
import { recordingStorage } from './power-cut-storage.ts';
import { WriterProcess } from './writer-process.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

function directory(): string {
  const { path, remove } = temporaryDirectory();
  cleanups.push(remove);
  return path;
}

function contents(path: string): Record<string, string> {
  return Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name)).toString('base64')]));
}

/** A database as a killed process leaves it: the newest rows in the write-ahead log only. */
async function leftBehind(writes = 300): Promise<string> {
  const path = directory();
  const writer = await WriterProcess.start('load', path);
  await writer.until((said) => said.length > writes);
  await writer.kill();
  return path;
}

type Fault = 'write' | 'sync' | 'read' | 'truncate';

/** Files that work until they are told not to. */
function faultyStorage(below: Storage): Storage & { fault: Fault | undefined } {
  const guard = <T>(name: Fault, run: () => T): T => {
    if (storage.fault === name) {
      throw new Error(`EIO: i/o error, ${name}`);
    }
    return run();
  };
  const storage: Storage & { fault: Fault | undefined } = {
    ...below,
    fault: undefined,
    open(name, create): StorageFile {
      const file = below.open(name, create);
      return {
        ...file,
        read: (target, offset) => guard('read', () => file.read(target, offset)),
        write: (data, offset) => guard('write', () => file.write(data, offset)),
        truncate: (size) => guard('truncate', () => file.truncate(size)),
        sync: () => guard('sync', () => file.sync()),
        flush: async (waiting) => guard('sync', () => file.flush(waiting)),
      };
    },
  };
  return storage;
}

describe('an i/o error is the end of the store', () => {
  for (const fault of ['write', 'sync'] as const) {
    test(`in a ${fault}`, async () => {
      const below = recordingStorage();
      const storage = faultyStorage(below);
      const failures: Error[] = [];
      const store = await openMemoryStore({ storage, onFailure: (error) => failures.push(error) });
      const seen: number[] = [];
      await store.watch('', 1, (events) => seen.push(...events.map(({ revision }) => revision)));
      const kept = await store.commit([{ key: '/a', value: new Uint8Array(1) }]);
      storage.fault = fault;
      const results = await Promise.allSettled(['/b', '/c'].map((key) => store.commit([{ key, value: new Uint8Array(1), expect: 0 }])));
      for (const result of results) {
        expect(result).toMatchObject({
          status: 'rejected',
          reason: { name: 'StoreFailedError', cause: { message: `EIO: i/o error, ${fault}` } },
        });
      }
      expect(failures).toHaveLength(1);
      expect(failures[0]?.message).toBe(`the store has failed: EIO: i/o error, ${fault}`);
      // The disk may work again; nobody knows what it forgot.
      storage.fault = undefined;
      await expect(store.commit([{ key: '/d', value: new Uint8Array(1) }])).rejects.toBeInstanceOf(StoreFailedError);
      await expect(store.list('')).rejects.toBeInstanceOf(StoreFailedError);
      await expect(store.watch('', 1, () => {})).rejects.toBeInstanceOf(StoreFailedError);
      await expect(store.compact(1)).rejects.toBeInstanceOf(StoreFailedError);
      expect(() => store.get('/a')).toThrow(StoreFailedError);
      expect(seen).toEqual([kept]);
      const { operations } = below;
      await store.close();
      expect(below.operations, 'nothing is written after a failure').toBe(operations);
      expect(failures).toHaveLength(1);

      const again = await openMemoryStore({ storage: below });
      cleanups.push(() => again.close());
      expect(again.get('/a')?.revision).toBe(kept);
      expect(again.get('/d')).toBeUndefined();
    });
  }

  test('in a compaction', async () => {
    const storage = faultyStorage(memoryStorage());
    const store = await openMemoryStore({ storage });
    await store.commit([{ key: '/a', value: new Uint8Array(1) }]);
    storage.fault = 'sync';
    await expect(store.compact(2)).rejects.toBeInstanceOf(StoreFailedError);
    await expect(store.commit([{ key: '/b', value: null }])).rejects.toBeInstanceOf(StoreFailedError);
  });

  test('while it is opened', async () => {
    const storage = faultyStorage(memoryStorage());
    storage.fault = 'sync';
    await expect(openMemoryStore({ storage })).rejects.toThrow('EIO: i/o error, sync');
  });

  test.skipIf(process.platform === 'win32')('on a real file that may not grow any more', async () => {
    const path = directory();
    const writer = await WriterProcess.start('load', path, ['bash', '-c', 'trap "" XFSZ; ulimit -f 600; exec "$0" "$@"']);
    await writer.ended();
    const failed = writer.said.findIndex((line) => line.failed !== undefined);
    expect(writer.said[failed]?.failed).toContain('EFBIG');
    expect(writer.said.slice(failed + 1)).toMatchObject([{ error: 'StoreFailedError' }]);
    const store = await openTestFileStore(path);
    cleanups.push(() => store.close());
    for (const { key, revision } of writer.said) {
      if (key !== undefined) {
        expect(store.get(key)?.revision ?? 0).toBeGreaterThanOrEqual(revision ?? 0);
      }
    }
  });
});

describe('a database that cannot be used is left as it is', () => {
  async function refused(path: string): Promise<Error> {
    const before = contents(path);
    const error = await openTestFileStore(path).then(
      () => new Error('it was opened'),
      (reason: Error) => reason,
    );
    const after = contents(path);
    // Left by the killed process, or our own for a moment.
    delete before['store.holder.json'];
    delete after['store.holder.json'];
    expect(after).toEqual(before);
    return error;
  }

  test('written by a newer version', async () => {
    const path = await leftBehind();
    await query(directoryStorage(path), 'PRAGMA user_version=7');
    const error = await refused(path);
    expect(error).toBeInstanceOf(NewerDatabaseError);
    expect(error).toMatchObject({ found: 7, supported: 2 });
    expect(error.message).toBe(
      'the database has schema version 7, and this version of Kubeside knows 2 at most: update Kubeside to open it',
    );
  });

  test('of another program', async () => {
    const path = directory();
    await query(directoryStorage(path), 'CREATE TABLE photos(id)');
    expect((await refused(path)).message).toBe('the database cannot be read: store.db was not made by Kubeside');
  });

  test('not a database at all', async () => {
    const path = directory();
    writeFileSync(join(path, 'store.db'), 'a letter to my grandmother, '.repeat(1000));
    const error = await refused(path);
    expect(error).toBeInstanceOf(DamagedDatabaseError);
    expect(error.message).toBe('the database cannot be read: store.db: file is not a database');
  });

  test('damaged in the middle, with a write-ahead log beside it', async () => {
    // So much that what is written later does not touch every page: damage of pages that the log has anew is none.
    const path = await leftBehind(3000);
    // Everything into the database file, and then new rows in the log, as before the damage.
    expect(await checkIntegrity(directoryStorage(path))).toBe('ok');
    const writer = await WriterProcess.start('load', path);
    await writer.until((said) => said.length > 100);
    await writer.kill();
    expect(readFileSync(join(path, 'store.db-wal')).length).toBeGreaterThan(0);
    const file = readFileSync(join(path, 'store.db'));
    file.fill(0xa5, 4096, Math.floor(file.length / 4096) * 4096);
    writeFileSync(join(path, 'store.db'), file);
    expect(await refused(path)).toBeInstanceOf(DamagedDatabaseError);
  });

  test.each([
    ['emptied', (path: string) => writeFileSync(path, '')],
    ['deleted', (path: string) => rmSync(path)],
  ])('%s, with its write-ahead log left', async (_, lose) => {
    const path = await leftBehind(3);
    lose(join(path, 'store.db'));
    const log = readFileSync(join(path, 'store.db-wal'));
    expect(log.length).toBeGreaterThan(0);
    const { message } = await refused(path);
    expect(message).toBe('the database cannot be read: store.db is missing or empty, and its log store.db-wal is not');
    expect(readFileSync(join(path, 'store.db-wal'))).toEqual(log);
  });

  test('a directory that cannot be made', async () => {
    const path = directory();
    writeFileSync(join(path, 'file'), 'not a folder');
    const error = await openTestFileStore(join(path, 'file')).catch((reason) => reason);
    expect(error).toBeInstanceOf(UnusableDirectoryError);
    expect(error.message).toContain('EEXIST');
  });

  test.skipIf(process.getuid?.() !== 0)('a directory that may not be written', async () => {
    const path = directory();
    mkdirSync(join(path, 'data'), { mode: 0o755 });
    const euid = process.geteuid?.() ?? 0;
    process.seteuid?.(65534);
    try {
      const error = await openTestFileStore(join(path, 'data')).catch((reason) => reason);
      expect(error).toBeInstanceOf(UnusableDirectoryError);
      expect(error.message).toContain('EACCES');
    } finally {
      process.seteuid?.(euid);
    }
    expect(readdirSync(join(path, 'data'))).toEqual([]);
  });
});
