/** One key at one revision. `value` is shared by every reader and must never be written to. */
export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
  /** Revision of the commit that wrote this value. */
  readonly revision: number;
  /** Revision of the commit that created the key. */
  readonly createRevision: number;
}

/** One write of a commit. */
export interface Change {
  readonly key: string;
  /** The new bytes; `null` deletes the key. */
  readonly value: Uint8Array | null;
  /** The revision the key must have now; 0: it must not exist; left out: any. */
  readonly expect?: number;
}

/** What a watcher is told, in the order of revisions. */
export interface StoreEvent {
  readonly type: 'put' | 'delete';
  readonly key: string;
  readonly revision: number;
  /** The entry as written; for a delete, the entry that was removed. */
  readonly entry: Entry;
  /** The entry before, when there was one. */
  readonly previous?: Entry;
}

export interface ListOptions {
  /** Read the state as of this revision; the newest durable one when left out. */
  readonly at?: number;
  /** At most this many entries. */
  readonly limit?: number;
  /** Start after this key (exclusive). */
  readonly after?: string;
}

export interface ListResult {
  /** In the order of keys (by UTF-16 code unit). */
  readonly entries: readonly Entry[];
  /** The revision the list is of. */
  readonly revision: number;
  /** How many entries with the prefix come after the last one given. */
  readonly remaining: number;
}

/**
 * A revisioned key-value store: one writer, one global revision, every revision kept until it is compacted.
 * A commit is answered after it is durable and readers and watchers see it only then.
 */
export interface Store {
  /** The newest durable revision. An empty store begins at 1, since 0 means "any" to clients. */
  readonly revision: number;
  /** The oldest revision that can still be listed or watched from. */
  readonly compacted: number;
  /** The newest durable value. */
  get(key: string): Entry | undefined;
  /** The value as of a revision. Throws {@link CompactedError} and {@link FutureRevisionError}. */
  getAt(key: string, revision: number): Promise<Entry | undefined>;
  /** Throws {@link CompactedError} and {@link FutureRevisionError}. */
  list(prefix: string, options?: ListOptions): Promise<ListResult>;
  /** All of the newest entries with the prefix in key order, without waiting. */
  current(prefix: string): readonly Entry[];
  /**
   * Writes all changes in one revision, or none: throws {@link ConflictError} naming the first key whose revision differs, once
   * what it differs by is durable. Deleting what does not exist changes nothing and takes no revision. A commit names a key once.
   */
  commit(changes: readonly Change[]): Promise<number>;
  /**
   * Tells `sink` of every change after revision `from`, in order and without gaps, batch by batch (a batch never splits a revision),
   * until the returned function is called; what happened before now is told before the promise resolves. Throws {@link CompactedError} when `from` is too old and {@link FutureRevisionError} when it has not happened yet.
   */
  watch(prefix: string, from: number, sink: (events: readonly StoreEvent[]) => void): Promise<() => void>;
  /** Forgets what was overwritten or deleted at or before the revision. */
  compact(revision: number): Promise<void>;
  /** Waits for what is under way and releases files and lock. */
  close(): Promise<void>;
}

/** A change expected another revision than the key has. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly key: string;
  /** What stands there now; undefined when the key does not exist. */
  readonly current: Entry | undefined;
  constructor(key: string, current: Entry | undefined) {
    super(`${key} is at revision ${current?.revision ?? 0}`);
    this.key = key;
    this.current = current;
  }
}

/** The revision asked for has been compacted away. */
export class CompactedError extends Error {
  override readonly name = 'CompactedError';
  readonly compacted: number;
  constructor(compacted: number) {
    super(`required revision has been compacted; the oldest is ${compacted}`);
    this.compacted = compacted;
  }
}

/** The revision asked for is newer than the newest one. */
export class FutureRevisionError extends Error {
  override readonly name = 'FutureRevisionError';
  readonly revision: number;
  constructor(requested: number, revision: number) {
    super(`required revision ${requested} is in the future; the newest is ${revision}`);
    this.revision = revision;
  }
}
