import { DamagedDatabaseError, NewerDatabaseError } from './failures.ts';
import { packedRecords, RecordWriter } from './records.ts';
import { Database, SqliteError, type Statement, Utf8 } from './sqlite/database.ts';
import { type GuardedStorage, guardedStorage } from './sqlite/guarded-storage.ts';
import { connectionSettings, type Sqlite } from './sqlite/sqlite.ts';
import type { Storage } from './sqlite/storage.ts';

/** What the log knows when it is opened. */
export interface LogState {
  /** The newest revision; an empty log begins at 1, as etcd does, because 0 means "any" to clients. */
  readonly revision: number;
  readonly compacted: number;
}

/** A part of the current rows, packed, and the key to go on after; undefined when that was all. */
export interface LoadPage {
  readonly records: Uint8Array<ArrayBuffer>;
  readonly next: string | undefined;
}

export interface HistoricPage {
  readonly records: Uint8Array<ArrayBuffer>;
  readonly remaining: number;
}

/** Changes after a revision, each followed by the record it replaced, and the revision up to which the page is complete. */
export interface HistoryPage {
  readonly records: Uint8Array<ArrayBuffer>;
  readonly through: number;
}

/** The files' name inside their storage. */
export const databaseName = 'store.db';

/** "Kube" in ASCII: the file belongs to this program. */
const applicationId = 0x4b756265;
const schemaVersion = 1;

/** Row ids are `revision * changesPerRevision + index`, so that all changes of a commit share a revision without another index. */
export const changesPerRevision = 1024;

const pageBytes = 1024 * 1024;
const pageRows = 5000;
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

/**
 * Every revision of every key, in one SQLite table. Synchronous: a call returns when its effect is durable.
 * Errors of the storage are thrown as the storage threw them.
 */
export class Log {
  readonly state: LogState;
  readonly #storage: GuardedStorage;
  readonly #unmount: () => void;
  readonly #database: Database;
  readonly #empty: boolean;
  readonly #statements = new Map<string, Statement>();
  /** Rows with ids up to this have been looked at by the compaction. */
  #swept: number;
  #compacted: number;

  /**
   * Opens the database and checks that it can be used, but changes nothing before {@link Log.start}.
   * Throws {@link NewerDatabaseError} and {@link DamagedDatabaseError}.
   */
  constructor(sqlite: Sqlite, storage: Storage) {
    this.#storage = guardedStorage(storage);
    const folder = sqlite.files.mount(this.#storage);
    this.#unmount = () => sqlite.files.unmount(folder);
    if (storage.exists(`${databaseName}-journal`)) {
      // Only the making of a database uses a rollback journal: it was cut short, and has to be undone before anything can be read.
      this.#storage.release();
    }
    try {
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

  /** The current rows after a key, in an order of the log's own; an undefined key begins. Reads every current row, so damage shows. */
  load(after: string | undefined): LoadPage {
    return this.#guard(() => {
      const writer = new RecordWriter(64 * 1024);
      if (this.#empty) {
        return { records: writer.finish(), next: undefined };
      }
      const newest = this.#statement('SELECT max(id), name FROM rev WHERE name > ?1 GROUP BY name');
      const read = this.#statement(`SELECT ${nameOfRows} FROM rev WHERE id = ?1 AND deleted = 0`);
      newest.bind(after ?? '');
      while (newest.step()) {
        if (read.bind(newest.number(0)).step()) {
          addRow(writer, read);
          read.reset();
        }
        if (writer.size >= pageBytes) {
          const next = newest.text(1);
          newest.reset();
          return { records: writer.finish(), next };
        }
      }
      return { records: writer.finish(), next: undefined };
    });
  }

  /** Ends the reading of what was there: from now on the log writes. A new log is made. */
  start(): void {
    this.#guard(() => {
      this.#storage.release();
      this.#database.execute(
        `${connectionSettings} PRAGMA cache_size=-8000; PRAGMA wal_autocheckpoint=1000; PRAGMA journal_size_limit=16777216;`,
      );
      if (this.#empty) {
        this.#transaction(() => this.#database.execute(schema));
      }
    });
  }

  /** Writes packed records, all of them in one transaction. */
  append(bytes: Uint8Array): void {
    this.#guard(() => {
      const insert = this.#statement(`INSERT INTO rev(${nameOfRows}) VALUES(?1, ?2, ?3, ?4, ?5, ?6)`);
      this.#transaction(() => {
        let revision = 0;
        let index = 0;
        for (const record of packedRecords(bytes)) {
          index = record.revision === revision ? index + 1 : 0;
          revision = record.revision;
          insert.run(
            revision * changesPerRevision + index,
            record.createRevision,
            record.previousRevision,
            record.value ? 0 : 1,
            new Utf8(record.key),
            record.value,
          );
        }
      });
    });
  }

  /** The entries with a prefix as of a revision, in the order of keys. */
  list(prefix: string, at: number, after: string | undefined, limit: number | undefined): HistoricPage {
    return this.#guard(() => {
      const found: { key: string; id: number }[] = [];
      const [from, to] = range(prefix);
      const newest = this.#statement('SELECT name, max(id), deleted FROM rev WHERE name >= ?1 AND name < ?2 AND id < ?3 GROUP BY name');
      newest.bind(from, to, endOf(at));
      while (newest.step()) {
        const key = newest.text(0);
        if (newest.number(2) === 0 && (after === undefined || key > after)) {
          found.push({ key, id: newest.number(1) });
        }
      }
      // SQLite compares UTF-8 bytes, which is another order beyond the basic plane.
      found.sort((a, b) => (a.key < b.key ? -1 : 1));
      const taken = limit === undefined ? found : found.slice(0, limit);
      const writer = new RecordWriter(64 * 1024);
      const read = this.#statement(`SELECT ${nameOfRows} FROM rev WHERE id = ?1`);
      for (const { id } of taken) {
        if (read.bind(id).step()) {
          addRow(writer, read);
          read.reset();
        }
      }
      return { records: writer.finish(), remaining: found.length - taken.length };
    });
  }

  /** The record of a key as of a revision: one, or none. */
  get(key: string, at: number): Uint8Array<ArrayBuffer> {
    return this.#guard(() => {
      const writer = new RecordWriter();
      this.#addNewest(writer, key, endOf(at));
      return writer.finish();
    });
  }

  /**
   * What happened to keys with a prefix after one revision, up to another. A page ends with a whole revision.
   * A change that replaced or removed something is followed by the record of that.
   */
  history(prefix: string, after: number, upTo: number): HistoryPage {
    return this.#guard(() => {
      const writer = new RecordWriter(64 * 1024);
      const [from, to] = range(prefix);
      const changes = this.#statement(`SELECT ${nameOfRows}, name >= ?3 AND name < ?4 FROM rev WHERE id >= ?1 AND id < ?2 ORDER BY id`);
      changes.bind(endOf(after), endOf(upTo), from, to);
      let rows = 0;
      let through = after;
      while (changes.step()) {
        const id = changes.number(0);
        const revision = revisionOf(id);
        if (revision !== through && (writer.size >= pageBytes || rows >= pageRows)) {
          changes.reset();
          return { records: writer.finish(), through };
        }
        rows++;
        through = revision;
        if (changes.number(6) !== 0) {
          addRow(writer, changes);
          const previous = changes.number(2);
          if (previous !== 0 && !this.#addNewest(writer, changes.text(4), id)) {
            throw new DamagedDatabaseError(`what revision ${revision} replaced is missing`);
          }
        }
      }
      return { records: writer.finish(), through: upTo };
    });
  }

  /** Makes it durable that revisions before this one can no longer be read; {@link Log.sweep} then removes rows. */
  compact(revision: number): void {
    this.#guard(() => {
      this.#remember('compacted', revision);
      this.#compacted = revision;
    });
  }

  /** Removes some of what the compaction made unreadable, looking at so many rows; false when nothing is left to do. */
  sweep(rows: number): boolean {
    return this.#guard(() => {
      const end = endOf(this.#compacted);
      const old: { id: number; key: Utf8; previous: number; deleted: boolean }[] = [];
      const look = this.#statement('SELECT id, name, prev_rev, deleted FROM rev WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3');
      look.bind(this.#swept, end, rows);
      while (look.step()) {
        old.push({ id: look.number(0), key: new Utf8(look.textBytes(1).slice()), previous: look.number(2), deleted: look.number(3) !== 0 });
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
    return false;
  }

  /** Adds the newest row of a key with a smaller id, unless it is a deletion; says whether it did. */
  #addNewest(writer: RecordWriter, key: string, beforeId: number): boolean {
    const read = this.#statement(`SELECT ${nameOfRows} FROM rev WHERE name = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1`);
    if (!read.bind(key, beforeId).step()) {
      return false;
    }
    const exists = read.number(3) === 0;
    if (exists) {
      addRow(writer, read);
    }
    read.reset();
    return exists;
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
    return error instanceof SqliteError && error.damaged ? new DamagedDatabaseError(error.message) : error;
  }
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

function addRow(writer: RecordWriter, row: Statement): void {
  writer.add({
    revision: revisionOf(row.number(0)),
    createRevision: row.number(1),
    previousRevision: row.number(2),
    key: row.textBytes(4),
    value: row.number(3) === 0 ? row.blob(5) : null,
  });
}
