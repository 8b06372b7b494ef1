import { DamagedDatabaseError, NewerDatabaseError } from './failures.ts';
import { type CheckedPages, checkedPages, pageSize, readHeader } from './sqlite/checked-pages.ts';
import { Database, SqliteError, type Statement } from './sqlite/database.ts';
import { gatheredWrites } from './sqlite/gathered-writes.ts';
import { type GuardedStorage, guardedStorage } from './sqlite/guarded-storage.ts';
import { connectionSettings, type Sqlite } from './sqlite/sqlite.ts';
import type { Storage, StorageFile } from './sqlite/storage.ts';
import { readWal } from './sqlite/wal-check.ts';

/** What the log knows when it is opened. */
export interface LogState {
  /** The newest revision; an empty log begins at 1, as etcd does, because 0 means "any" to clients. */
  readonly revision: number;
  readonly compacted: number;
}

/** One row of the log. */
export interface LogRecord {
  readonly key: string;
  readonly revision: number;
  /** Revision that created the key. */
  readonly createRevision: number;
  /** Revision of the row it replaced; 0 for a new key. */
  readonly previousRevision: number;
  /** Null: the key was deleted. */
  readonly value: Uint8Array | null;
}

/** A key, and the row that holds its value. */
export interface KeyRow {
  readonly key: string;
  readonly id: number;
}

export interface KeyPage {
  readonly found: readonly KeyRow[];
  /** Where the next page begins; undefined after the last one. */
  readonly next: string | undefined;
}

/** A change, and the row that it replaced. */
export interface LoggedChange {
  readonly record: LogRecord;
  readonly replaced: LogRecord | undefined;
}

/** Changes after a revision, and the revision up to which the page is complete. */
export interface HistoryPage {
  readonly changes: readonly LoggedChange[];
  readonly through: number;
}

/** The files' name inside their storage. */
export const databaseName = 'store.db';
const walName = `${databaseName}-wal`;

/** "Kube" in ASCII: the file belongs to this program. */
const applicationId = 0x4b756265;
/** Databases of version 1 have no checksums of their pages; nothing else differs. */
const schemaVersion = 2;
const versionWithoutChecksums = 1;

/** Row ids are `revision * changesPerRevision + index`, so that all changes of a commit share a revision without another index. */
export const changesPerRevision = 1024;

/** So much of SQLite's log makes a checkpoint: copying it takes a few milliseconds. */
const checkpointBytes = 4 * 1024 * 1024;

const pageBytes = 256 * 1024;
const pageRows = 1000;
const nameOfRows = 'id, create_rev, prev_rev, deleted, name, value';

const schema = `
  CREATE TABLE rev(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, create_rev INTEGER NOT NULL, prev_rev INTEGER NOT NULL,
    deleted INTEGER NOT NULL, value BLOB
  );
  CREATE UNIQUE INDEX rev_name ON rev(name, id DESC);
  CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  PRAGMA application_id=${applicationId};
  PRAGMA user_version=${schemaVersion};
`;

/** What a file is found to be; nothing where there is none. */
function look<T>(storage: Storage, name: string, at: (file: StorageFile) => T): T | undefined {
  if (!storage.exists(name)) return undefined;
  const file = storage.open(name, false);
  try {
    return at(file);
  } finally {
    file.close();
  }
}

/**
 * Every revision of every key, in one SQLite table. What a call has changed can be read at once, and is durable when
 * {@link Log.flush} has resolved. Errors of the storage are thrown as the storage threw them.
 */
export class Log {
  readonly state: LogState;
  readonly #storage: GuardedStorage;
  readonly #pages: CheckedPages;
  readonly #unmount: () => void;
  readonly #database: Database;
  readonly #empty: boolean;
  readonly #statements = new Map<string, Statement>();
  /** Rows with ids up to this have been looked at by the compaction. */
  #swept: number;
  #compacted: number;
  /** Where the last whole transaction of SQLite's log ended when it was opened. */
  readonly #walEnd: number;
  /** How much had been written to SQLite's log when it was moved into the database last. */
  #tidied = 0;

  /**
   * Opens the database and checks that it can be used, but changes nothing before {@link Log.start}.
   * Throws {@link NewerDatabaseError} and {@link DamagedDatabaseError}.
   */
  constructor(sqlite: Sqlite, storage: Storage) {
    const below = gatheredWrites(storage);
    this.#storage = guardedStorage(below);
    this.#pages = checkedPages(this.#storage, databaseName);
    const isBeingMade = storage.exists(`${databaseName}-journal`);
    this.#walEnd = isBeingMade ? 0 : checkFiles(storage);
    const folder = sqlite.files.mount(this.#pages);
    this.#unmount = () => sqlite.files.unmount(folder);
    try {
      if (isBeingMade) {
        // Only the making of a database uses a rollback journal: it was cut short, and has to be undone before anything can be read.
        this.#storage.release();
        const unfinished = new Database(sqlite.module, folder + databaseName);
        unfinished.text('PRAGMA user_version');
        unfinished.close();
      }
      this.#database = new Database(sqlite.module, folder + databaseName);
    } catch (error) {
      this.#unmount();
      throw this.#explain(error);
    }
    try {
      this.#empty = this.#check();
      if (this.#empty) {
        this.#swept = 0;
        this.#compacted = 0;
        this.state = { revision: 1, compacted: 0 };
        return;
      }
      const newest = this.#number('SELECT coalesce(max(id), 0) FROM rev');
      this.#swept = this.#number(`SELECT coalesce(max(value), 0) FROM meta WHERE name = 'swept'`);
      this.#compacted = this.#number(`SELECT coalesce(max(value), 0) FROM meta WHERE name = 'compacted'`);
      // The newest row may have been a deletion that was compacted away: its revision counts nevertheless.
      this.state = { revision: Math.max(1, revisionOf(newest), this.#compacted), compacted: this.#compacted };
    } catch (error) {
      const explained = this.#explain(error);
      this.#release();
      throw explained;
    }
  }

  /** Tells every current row, in an order of the log's own. All of them are read, so damage shows. */
  load(found: (record: LogRecord) => void): void {
    this.#guard(() => {
      if (this.#empty) {
        return;
      }
      const newest = this.#statement('SELECT max(id) FROM rev GROUP BY name');
      const read = this.#statement(`SELECT ${nameOfRows} FROM rev WHERE id = ?1`);
      while (newest.step()) {
        const id = newest.number(0);
        if (!read.bind(id).step()) throw new DamagedDatabaseError(`the row ${id} of ${databaseName} is missing`);
        if (read.number(3) === 0) found(recordIn(read));
        read.reset();
      }
    });
  }

  /** Ends the reading of what was there: from now on the log writes. A new log is made. */
  start(): void {
    this.#guard(() => {
      this.#storage.release();
      // What a crash left of its last transaction must not be found behind those to come.
      this.#storage.cut(walName, this.#walEnd);
      this.#database.execute(
        `${connectionSettings} PRAGMA cache_size=-8000; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=16777216;`,
      );
      if (this.#empty) {
        this.#transaction(() => this.#database.execute(schema));
      }
      // A process that was killed leaves commits that were written and not synced: they have been read, and must not be lost any more.
      this.#storage.sync(walName);
      this.#storage.defer(databaseName);
    });
  }

  /** What has to be waited for before anything is written again; nothing when there is nothing. Rejects when the disk has failed. */
  settled(): Promise<void> | undefined {
    return this.#storage.settled()?.catch((error: unknown) => {
      throw this.#explain(error);
    });
  }

  /**
   * Moves what was written from SQLite's log into the database when it has come to be enough; afterwards {@link Log.settled} has to be waited for.
   * It holds up the thread for the copying alone, so it is best called when the log has just been flushed.
   */
  tidy(): void {
    const written = this.#storage.written(walName);
    if (written - this.#tidied < checkpointBytes || this.#storage.settled() !== undefined) return;
    this.#guard(() => this.#database.execute('PRAGMA wal_checkpoint(PASSIVE)'));
    this.#tidied = written;
  }

  /** Writes records in the order of their revisions, all of them in one transaction. */
  append(records: Iterable<LogRecord>): void {
    this.#guard(() => {
      const insert = this.#statement(`INSERT INTO rev(${nameOfRows}) VALUES(?1, ?2, ?3, ?4, ?5, ?6)`);
      this.#transaction(() => {
        let revision = 0;
        let index = 0;
        for (const record of records) {
          index = record.revision === revision ? index + 1 : 0;
          revision = record.revision;
          insert.run(
            revision * changesPerRevision + index,
            record.createRevision,
            record.previousRevision,
            record.value ? 0 : 1,
            record.key,
            record.value,
          );
        }
      });
    });
  }

  /**
   * Makes all that was written durable, for so many who wait; until it is, {@link Log.settled} has to be waited for. SQLite itself syncs its log only before
   * it moves it into the database.
   */
  flush(waiting: number): void | Promise<void> {
    const flushed = this.#guard(() => this.#storage.flush(walName, waiting));
    return flushed?.catch((error: unknown) => {
      throw this.#explain(error);
    });
  }

  /** Which keys with a prefix there were as of a revision, so many at a time, in an order of the log's own. `from` is the `next` of the page before. */
  keys(prefix: string, at: number, from: string, count: number): KeyPage {
    return this.#guard(() => {
      const found: KeyRow[] = [];
      let next: string | undefined;
      let looked = 0;
      const newest = this.#statement('SELECT name, max(id) FROM rev WHERE name >= ?1 AND name < ?2 AND id < ?3 GROUP BY name LIMIT ?4');
      // Rows are large: only the newest of a key is looked at, where the index alone does not tell.
      const isDeleted = this.#statement('SELECT deleted FROM rev WHERE id = ?1');
      newest.bind(from, range(prefix)[1], endOf(at), count);
      while (newest.step()) {
        const key = newest.text(0);
        const id = newest.number(1);
        if (isDeleted.bind(id).step()) {
          if (isDeleted.number(0) === 0) found.push({ key, id });
          isDeleted.reset();
        }
        looked++;
        if (looked === count) next = behind(key);
      }
      return { found, next };
    });
  }

  /** The records of some rows that {@link Log.keys} has found. */
  records(rows: readonly KeyRow[]): LogRecord[] {
    return this.#guard(() => {
      const read = this.#statement(`SELECT ${nameOfRows} FROM rev WHERE id = ?1`);
      return rows.flatMap(({ id }) => {
        if (!read.bind(id).step()) return [];
        const record = recordIn(read);
        read.reset();
        return [record];
      });
    });
  }

  /** The record of a key as of a revision; undefined when there was none. */
  get(key: string, at: number): LogRecord | undefined {
    return this.#guard(() => this.#newest(key, endOf(at)));
  }

  /** What happened to keys with a prefix after one revision, up to another. A page ends with a whole revision. */
  history(prefix: string, after: number, upTo: number): HistoryPage {
    return this.#guard(() => {
      const changes: LoggedChange[] = [];
      const [from, to] = range(prefix);
      const rows = this.#statement(`SELECT ${nameOfRows}, name >= ?3 AND name < ?4 FROM rev WHERE id >= ?1 AND id < ?2 ORDER BY id`);
      rows.bind(endOf(after), endOf(upTo), from, to);
      let count = 0;
      let size = 0;
      let through = after;
      while (rows.step()) {
        const id = rows.number(0);
        const revision = revisionOf(id);
        if (revision !== through && (size >= pageBytes || count >= pageRows)) {
          rows.reset();
          return { changes, through };
        }
        count++;
        through = revision;
        if (rows.number(6) !== 0) {
          const record = recordIn(rows);
          const replaced = record.previousRevision === 0 ? undefined : this.#newest(record.key, id);
          if (record.previousRevision !== 0 && !replaced) {
            throw new DamagedDatabaseError(`what revision ${revision} replaced is missing`);
          }
          changes.push({ record, replaced });
          size += (record.value?.length ?? 0) + (replaced?.value?.length ?? 0);
        }
      }
      return { changes, through: upTo };
    });
  }

  /** From the next flush on it is durable that revisions before this one can no longer be read; {@link Log.sweep} then removes rows. */
  compact(revision: number): void {
    this.#guard(() => {
      this.#remember('compacted', revision);
      this.#compacted = revision;
    });
  }

  /** Removes some of what the compaction made unreadable, looking at so many rows; false when nothing is left to do. To be flushed, as all that is written. */
  sweep(rows: number): boolean {
    return this.#guard(() => {
      const end = endOf(this.#compacted);
      const old: { id: number; key: string; previous: number; deleted: boolean }[] = [];
      const look = this.#statement('SELECT id, name, prev_rev, deleted FROM rev WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3');
      look.bind(this.#swept, end, rows);
      while (look.step()) {
        old.push({ id: look.number(0), key: look.text(1), previous: look.number(2), deleted: look.number(3) !== 0 });
      }
      const last = old.at(-1);
      const swept = last && old.length === rows ? last.id + 1 : end;
      const removeReplaced = this.#statement('DELETE FROM rev WHERE name = ?1 AND id >= ?2 AND id < ?3');
      const remove = this.#statement('DELETE FROM rev WHERE id = ?1');
      this.#transaction(() => {
        for (const { id, key, previous, deleted } of old) {
          if (previous !== 0) {
            removeReplaced.run(key, previous * changesPerRevision, endOf(previous));
          }
          if (deleted) {
            remove.run(id);
          }
        }
        this.#remember('swept', swept);
      });
      this.#swept = swept;
      return swept < end;
    });
  }

  /** Checkpoints and closes; the log is of no use afterwards. */
  close(): void {
    this.#guard(() => this.#release());
  }

  /** Whether the storage holds no database yet. */
  #check(): boolean {
    this.#database.execute('PRAGMA locking_mode=EXCLUSIVE');
    const version = this.#number('PRAGMA user_version');
    const application = this.#number('PRAGMA application_id');
    const tables = this.#number('SELECT count(*) FROM sqlite_master');
    if (tables === 0 && version === 0 && application === 0) {
      return true;
    }
    if (application !== applicationId) {
      throw new DamagedDatabaseError(`${databaseName} was not made by Kubeside`);
    }
    if (version > schemaVersion) {
      throw new NewerDatabaseError(version, schemaVersion);
    }
    if (this.#pages.checked !== version > versionWithoutChecksums) {
      throw new DamagedDatabaseError(`the header of ${databaseName} is not what was written there`);
    }
    return false;
  }

  /** The newest row of a key with a smaller id, unless it is a deletion. */
  #newest(key: string, beforeId: number): LogRecord | undefined {
    const read = this.#statement(`SELECT ${nameOfRows} FROM rev WHERE name = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1`);
    if (!read.bind(key, beforeId).step()) {
      return undefined;
    }
    const found = recordIn(read);
    read.reset();
    return found.value === null ? undefined : found;
  }

  #remember(name: string, value: number): void {
    this.#statement('INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value').run(name, value);
  }

  #transaction(run: () => void): void {
    this.#statement('BEGIN IMMEDIATE').run();
    run();
    this.#statement('COMMIT').run();
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #number(sql: string): number {
    return Number(this.#database.text(sql) ?? 0);
  }

  #release(): void {
    this.#storage.syncInPlace();
    try {
      this.#database.close();
    } finally {
      this.#unmount();
    }
  }

  #guard<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** The storage's own error says more than SQLite's number for it. */
  #explain(error: unknown): unknown {
    if (this.#storage.failure !== undefined) {
      return this.#storage.failure;
    }
    if (this.#pages.damage) {
      return this.#pages.damage;
    }
    return error instanceof SqliteError && error.damaged ? new DamagedDatabaseError(`${databaseName}: ${error.message}`) : error;
  }
}

/** Where SQLite's log ends. Throws when what SQLite would read is not all that was written: it would take the rest for everything. */
function checkFiles(storage: Storage): number {
  const size = look(storage, databaseName, (file) => file.size()) ?? 0;
  const walSize = look(storage, walName, (file) => file.size()) ?? 0;
  if (size === 0 && walSize > 0) {
    // SQLite would delete the log, which is not its to do before anything is read.
    throw new DamagedDatabaseError(`${databaseName} is missing or empty, and its log ${walName} is not`);
  }
  const header = look(storage, databaseName, readHeader);
  if (header?.applicationId === applicationId && header.userVersion > schemaVersion) {
    // Before its pages are looked at: they may be others than we know.
    throw new NewerDatabaseError(header.userVersion, schemaVersion);
  }
  const { end = 0, damagedAt } = look(storage, walName, (file) => readWal(file, pageSize)) ?? {};
  if (damagedAt !== undefined) {
    throw new DamagedDatabaseError(`${walName} is damaged at byte ${damagedAt}, and what was written after it would be lost`);
  }
  if (header && end === 0 && size < header.size) {
    // With a log, this may be a checkpoint that was cut short and is repeated; a page that is in neither is found when it is read.
    throw new DamagedDatabaseError(`${databaseName} is cut off: ${size} of its ${header.size} bytes are there`);
  }
  return end;
}

function revisionOf(id: number): number {
  return Math.floor(id / changesPerRevision);
}

/** The first id after all of the revision's. */
function endOf(revision: number): number {
  return (revision + 1) * changesPerRevision;
}

/** From (inclusive) and to (exclusive); keys have no U+10FFFF, which is no character. */
function range(prefix: string): [from: string, to: string] {
  return [prefix, `${prefix}\u{10ffff}`];
}

/** The first text behind another, for SQLite, which compares UTF-8 bytes. */
export function behind(text: string): string {
  return `${text}\0`;
}

/** The row a statement stands at, in bytes of its own. */
function recordIn(row: Statement): LogRecord {
  return {
    revision: revisionOf(row.number(0)),
    createRevision: row.number(1),
    previousRevision: row.number(2),
    key: row.text(4),
    value: row.number(3) === 0 ? row.blob(5).slice() : null,
  };
}
