import { Database } from './database.ts';
import { memoryStorage } from './memory-storage.ts';
import { instantiateSqlite, type SqliteBinary, type SqliteModule } from './module.ts';
import type { Storage } from './storage.ts';
import { FileSystem } from './vfs.ts';

/** SQLite on storages of ours. */
export interface Sqlite {
  readonly module: SqliteModule;
  readonly files: FileSystem;
}

/** sql.js has one instance per thread, so there is one of these. */
let loaded: Promise<Sqlite> | undefined;

/** Loads SQLite once per thread and tries its files out. Throws when this build of sql.js does not behave as expected. */
export function loadSqlite(binary: SqliteBinary): Promise<Sqlite> {
  loaded ??= load(binary);
  return loaded;
}

async function load(binary: SqliteBinary): Promise<Sqlite> {
  const module = await instantiateSqlite(binary);
  const sqlite = { module, files: new FileSystem(module) };
  selfTest(sqlite);
  return sqlite;
}

/**
 * Settings every connection starts with. EXCLUSIVE comes first: without it WAL would ask for shared memory. NORMAL leaves it to us to
 * sync the log after a commit, so that the thread need not wait for it; what a checkpoint needs in order SQLite syncs itself.
 */
export const connectionSettings =
  'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;';

/** Writes through the log, and reads back in a second connection what was synced; any surprise means that the build has changed. */
function selfTest({ module, files }: Sqlite): void {
  const below = memoryStorage();
  let logSyncs = 0;
  const storage: Storage = {
    ...below,
    open(name, create) {
      const file = below.open(name, create);
      const sync = () => {
        logSyncs += name.endsWith('-wal') ? 1 : 0;
      };
      return { ...file, sync };
    },
  };
  const folder = files.mount(storage);
  const expect = (holds: boolean, what: string) => {
    if (!holds) {
      throw new Error(`sql.js does not work on files: ${what}`);
    }
  };
  try {
    const value = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);
    const first = new Database(module, `${folder}test`);
    first.execute(connectionSettings);
    expect(first.text('PRAGMA journal_mode') === 'wal', 'there is no write-ahead log');
    first.execute('CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB)');
    first.prepare('INSERT INTO t VALUES(?1, ?2)').run(Number.MAX_SAFE_INTEGER, value);
    expect((below.exists('test-wal') ? below.open('test-wal', false).size() : 0) > value.length, 'the write-ahead log was not written');
    const before = logSyncs;
    first.close();
    expect(logSyncs > before, 'the write-ahead log was not synced before it was moved');
    const second = new Database(module, `${folder}test`);
    second.execute(connectionSettings);
    const read = second.prepare('SELECT id, v FROM t');
    expect(read.step() && read.number(0) === Number.MAX_SAFE_INTEGER, 'a number came back different');
    expect(read.blob(1).length === value.length && read.blob(1).every((byte, index) => byte === value[index]), 'bytes came back different');
    second.close();
  } finally {
    files.unmount(folder);
  }
}
