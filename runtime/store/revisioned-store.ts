import { CommitQueue } from './commit-queue.ts';
import type { Engine } from './engine.ts';
import { StoreClosedError, StoreFailedError } from './failures.ts';
import { behind, type KeyRow, type Log, type LoggedChange, type LogRecord } from './log.ts';
import { RecentEvents, type RecentLimits } from './recent-events.ts';
import { SortedEntries } from './sorted-entries.ts';
import {
  type Change,
  CompactedError,
  type Entry,
  FutureRevisionError,
  type ListOptions,
  type ListResult,
  type Store,
  type StoreEvent,
} from './store.ts';
import { pick, type SinkFailure, Watchers } from './watchers.ts';

export interface StoreOptions {
  /** How much history is kept in memory; what is older is read from the log. */
  readonly recent?: RecentLimits;
  /** Called once when the store fails and can only be opened anew. */
  readonly onFailure?: (error: StoreFailedError) => void;
  /** Told of what a watcher has thrown, which goes on being told of changes; left out, it is an exception that nobody has caught. */
  readonly onWatcherFailure?: SinkFailure;
}

const usualRecent: RecentLimits = { events: 10_000, bytes: 16 * 1024 * 1024 };

/** Rows that one step of a compaction looks at; commits queued meanwhile wait for one step at most. */
const sweepRows = 200;

/** The thread has something better to do than to wait for a step's flush. */
const sweepWaiting = 2;

/** How many keys and how many values of an old list are read before others have their turn. */
const listedKeys = 500;
const listedValues = 200;

/** Characters that UTF-8 and UTF-16 order differently. */
const reordered = /[\ud800-\uffff]/;

/**
 * The store's front: the current entries in memory, before a log that makes them durable.
 * Entries and events become visible when their group is durable, in one go, in the order of revisions.
 */
export class RevisionedStore implements Store {
  readonly #engine: Engine;
  readonly #commits: CommitQueue;
  readonly #entries = new Map<string, Entry>();
  readonly #sorted = new SortedEntries();
  readonly #recent: RecentEvents;
  readonly #watchers: Watchers;
  readonly #onFailure: ((error: StoreFailedError) => void) | undefined;
  #revision: number;
  #compacted: number;
  #compaction: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  /** Why nothing can be asked any more. */
  #ended: StoreFailedError | StoreClosedError | undefined;

  private constructor(engine: Engine, options: StoreOptions) {
    this.#engine = engine;
    this.#revision = engine.log.state.revision;
    this.#compacted = engine.log.state.compacted;
    this.#recent = new RecentEvents(this.#revision, options.recent ?? usualRecent);
    this.#watchers = new Watchers(options.onWatcherFailure);
    this.#onFailure = options.onFailure;
    this.#commits = new CommitQueue(engine, this.#revision, {
      get: (key) => this.#entries.get(key),
      apply: (revision, events) => this.#apply(revision, events),
      fail: (error) => this.#fail(error),
    });
  }

  /** Loads the current entries and starts the log. When that fails, the log is closed and its files are as they were. */
  static async open(engine: Engine, options: StoreOptions = {}): Promise<RevisionedStore> {
    const store = new RevisionedStore(engine, options);
    try {
      engine.log.load((record) => store.#put(entryOf(record)));
      engine.log.start();
    } catch (error) {
      // What went wrong first is what counts.
      await closeLog(engine).catch(() => {});
      throw error;
    }
    return store;
  }

  get revision(): number {
    return this.#revision;
  }

  get compacted(): number {
    return this.#compacted;
  }

  get(key: string): Entry | undefined {
    this.#checkUsable();
    return this.#entries.get(key);
  }

  async getAt(key: string, revision: number): Promise<Entry | undefined> {
    this.#checkReadable(revision);
    if (revision >= this.#recent.since) {
      const next = this.#recent.after(revision).find((event) => event.key === key);
      return next ? next.previous : this.#entries.get(key);
    }
    const record = this.#read(() => this.#engine.log.get(key, revision));
    return record && entryOf(record);
  }

  current(prefix: string): readonly Entry[] {
    this.#checkUsable();
    return this.#sorted.list(prefix).entries;
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    const { limit, after } = options;
    const at = options.at ?? this.#revision;
    this.#checkReadable(at);
    if (at < this.#recent.since) {
      return this.#listLog(prefix, at, after, limit);
    }
    const changed = firstChanges(pick(this.#recent.after(at), prefix));
    if (changed.size === 0) {
      return { ...this.#sorted.list(prefix, after, limit), revision: at };
    }
    const all = this.#sorted.list(prefix, after).entries.filter(({ key }) => !changed.has(key));
    for (const { previous } of changed.values()) {
      if (previous && (after === undefined || previous.key > after)) {
        all.push(previous);
      }
    }
    all.sort((a, b) => (a.key < b.key ? -1 : 1));
    const entries = limit === undefined ? all : all.slice(0, limit);
    return { entries, revision: at, remaining: all.length - entries.length };
  }

  /** Reads a list from the log, in steps: others have their turn in between, and the revision may be compacted. */
  async #listLog(prefix: string, at: number, after: string | undefined, limit: number | undefined): Promise<ListResult> {
    const { log, turn } = this.#engine;
    const step = async <T>(read: () => T): Promise<T> => {
      const result = this.#read(read);
      await turn();
      this.#checkReadable(at);
      return result;
    };
    const found: KeyRow[] = [];
    let from: string | undefined = after?.startsWith(prefix) && !reordered.test(after) ? behind(after) : prefix;
    while (from !== undefined) {
      const start: string = from;
      const page = await step(() => log.keys(prefix, at, start, listedKeys));
      for (const row of page.found) if (after === undefined || row.key > after) found.push(row);
      from = page.next;
    }
    // SQLite compares UTF-8 bytes, which is another order beyond the basic plane.
    found.sort((a, b) => (a.key < b.key ? -1 : 1));
    const taken = limit === undefined ? found : found.slice(0, limit);
    const entries: Entry[] = [];
    for (let index = 0; index < taken.length; index += listedValues) {
      const rows = taken.slice(index, index + listedValues);
      for (const record of await step(() => log.records(rows))) entries.push(entryOf(record));
    }
    return { entries, revision: at, remaining: found.length - taken.length };
  }

  async commit(changes: readonly Change[]): Promise<number> {
    this.#checkUsable();
    return await this.#commits.commit(changes);
  }

  async watch(prefix: string, from: number, sink: (events: readonly StoreEvent[]) => void): Promise<() => void> {
    this.#checkReadable(from);
    let seen = from;
    while (seen < this.#recent.since) {
      const { changes, through } = this.#read(() => this.#engine.log.history(prefix, seen, this.#revision));
      seen = through;
      if (changes.length > 0) {
        this.#watchers.tell(sink, changes.flatMap(eventsOf));
      }
      await this.#engine.turn();
      this.#checkReadable(seen);
    }
    // From here to the registration nothing is awaited, so nothing is missed and nothing comes twice.
    const missed = pick(this.#recent.after(seen), prefix);
    const stop = this.#watchers.add(prefix, sink);
    if (missed.length > 0) {
      this.#watchers.tell(sink, missed);
    }
    return stop;
  }

  async compact(revision: number): Promise<void> {
    this.#checkUsable();
    if (revision > this.#revision) {
      throw new FutureRevisionError(revision, this.#revision);
    }
    if (revision > this.#compacted) {
      // Refused from now on; the log may remove rows any time.
      this.#compacted = revision;
    }
    const before = this.#compaction;
    const own = before.catch(() => {}).then(() => this.#compactLog(revision));
    this.#compaction = own;
    await own;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const failed = this.#ended !== undefined;
    this.#ended ??= new StoreClosedError();
    this.#watchers.clear();
    await this.#commits.idle();
    await this.#compaction.catch(() => {});
    // A failure has been told already, or ends the closing.
    await this.#engine.log.settled()?.catch(() => {});
    const closed = closeLog(this.#engine);
    // After a failure closing is only an attempt.
    await (failed ? closed.catch(() => {}) : closed);
  }

  #put(entry: Entry): void {
    this.#entries.set(entry.key, entry);
    this.#sorted.set(entry);
  }

  #apply(revision: number, events: readonly StoreEvent[]): void {
    this.#revision = revision;
    for (const event of events) {
      if (event.type === 'put') {
        this.#put(event.entry);
      } else {
        this.#entries.delete(event.key);
        this.#sorted.delete(event.key);
      }
    }
    this.#recent.push(events);
    this.#watchers.deliver(events);
  }

  async #compactLog(revision: number): Promise<void> {
    const { log, turn } = this.#engine;
    try {
      await settled(log);
      log.compact(revision);
      await log.flush(1);
      // When the store ends in between, the rest is swept by the next compaction.
      for (let more = true; more && !this.#ended; ) {
        await settled(log);
        more = log.sweep(sweepRows);
        await log.flush(sweepWaiting);
        log.tidy();
        await turn();
      }
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** The first failure of the log ends the store: its state is known only after opening it anew. */
  #read<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Ends the store, and returns what everyone is told. */
  #fail(error: unknown): StoreFailedError {
    if (this.#ended instanceof StoreFailedError) {
      return this.#ended;
    }
    const failure = new StoreFailedError(error);
    if (!this.#ended) {
      this.#ended = failure;
      this.#watchers.clear();
      this.#onFailure?.(failure);
    }
    return failure;
  }

  #checkUsable(): void {
    if (this.#ended) {
      throw this.#ended;
    }
  }

  #checkReadable(revision: number): void {
    this.#checkUsable();
    if (revision > this.#revision) {
      throw new FutureRevisionError(revision, this.#revision);
    }
    if (revision < this.#compacted) {
      throw new CompactedError(this.#compacted);
    }
  }
}

function entryOf({ key, revision, createRevision, value }: LogRecord): Entry {
  return { key, revision, createRevision, value: value ?? new Uint8Array(0) };
}

/** The first event of each key; what stood before it is what the key was. */
function firstChanges(events: readonly StoreEvent[]): Map<string, StoreEvent> {
  const first = new Map<string, StoreEvent>();
  for (const event of events) {
    if (!first.has(event.key)) {
      first.set(event.key, event);
    }
  }
  return first;
}

/** The event of a change; none where something was deleted that had not been there. */
function eventsOf({ record, replaced }: LoggedChange): StoreEvent[] {
  const { key, revision } = record;
  const previous = replaced && entryOf(replaced);
  if (record.value) return [{ type: 'put', key, revision, entry: entryOf(record), ...(previous && { previous }) }];
  return previous ? [{ type: 'delete', key, revision, entry: previous, previous }] : [];
}

/** When the log may be written: others may have begun something meanwhile. */
async function settled(log: Log): Promise<void> {
  for (let pending = log.settled(); pending; pending = log.settled()) await pending;
}

async function closeLog({ log, release }: Engine): Promise<void> {
  try {
    log.close();
  } finally {
    await release();
  }
}
