import type { Engine } from './engine.ts';
import { changesPerRevision, type LogRecord } from './log.ts';
import { type Change, ConflictError, type Entry, type StoreEvent } from './store.ts';

/** A commit that has its revision and waits to become durable. */
interface QueuedCommit {
  readonly revision: number;
  readonly events: readonly StoreEvent[];
  readonly durable: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What a key will be once the commit is durable; no entry: deleted. */
interface PendingKey {
  readonly entry: Entry | undefined;
  readonly commit: QueuedCommit;
}

/** What the queue needs of the store it writes for. */
export interface CommitTarget {
  /** The durable entry. */
  get(key: string): Entry | undefined;
  /** Makes a durable group visible; called in the order of revisions. */
  apply(revision: number, events: readonly StoreEvent[]): void;
  /** Ends the store, and returns what everyone who waits is told. */
  fail(error: unknown): Error;
}

/** A group is one transaction; its size bounds how long one takes. */
const groupBytes = 4 * 1024 * 1024;

/**
 * Checks commits against what is durable or on its way there, gives them revisions, and writes all that have queued up
 * while the one before was being written as one group, so that they share the cost of a sync.
 */
export class CommitQueue {
  readonly #engine: Engine;
  readonly #target: CommitTarget;
  readonly #pending = new Map<string, PendingKey>();
  #queue: QueuedCommit[] = [];
  #newest: QueuedCommit | undefined;
  #assigned: number;
  /** How many commits the newest group has, or had. */
  #grouped = 0;
  #writing: Promise<void> | undefined;

  constructor(engine: Engine, revision: number, target: CommitTarget) {
    this.#engine = engine;
    this.#assigned = revision;
    this.#target = target;
  }

  /** The revision of the commit once it is durable. */
  async commit(changes: readonly Change[]): Promise<number> {
    checkShape(changes);
    for (const { key, expect } of changes) {
      const pending = this.#pending.get(key);
      const now = pending ? pending.entry : this.#target.get(key);
      if (expect !== undefined && expect !== (now?.revision ?? 0)) {
        // An answer must not rest on something that a power cut could still undo; and who reads again must find it.
        await pending?.commit.durable;
        throw new ConflictError(key, now);
      }
    }
    const queued = this.#enqueue(changes);
    if (!queued) {
      // Only deletions of what does not exist: nothing happens, after everything that was asked for before.
      const newest = this.#newest;
      await newest?.durable;
      return newest?.revision ?? this.#assigned;
    }
    await queued.durable;
    return queued.revision;
  }

  /** Resolves when nothing is queued or being written. */
  async idle(): Promise<void> {
    while (this.#writing) {
      await this.#writing;
    }
  }

  #enqueue(changes: readonly Change[]): QueuedCommit | undefined {
    const revision = this.#assigned + 1;
    const events: StoreEvent[] = [];
    for (const { key, value } of changes) {
      const pending = this.#pending.get(key);
      const previous = pending ? pending.entry : this.#target.get(key);
      if (value) {
        const entry: Entry = { key, value, revision, createRevision: previous?.createRevision ?? revision };
        events.push({ type: 'put', key, revision, entry, ...(previous && { previous }) });
      } else if (previous) {
        events.push({ type: 'delete', key, revision, entry: previous, previous });
      }
    }
    if (events.length === 0) {
      return undefined;
    }
    const { promise: durable, resolve, reject } = settlement();
    const queued: QueuedCommit = { revision, events, durable, resolve, reject };
    for (const event of events) {
      this.#pending.set(event.key, { entry: event.type === 'put' ? event.entry : undefined, commit: queued });
    }
    this.#assigned = revision;
    this.#newest = queued;
    this.#queue.push(queued);
    this.#writing ??= this.#writeAll();
    return queued;
  }

  async #writeAll(): Promise<void> {
    const { log, turn } = this.#engine;
    /** What is durable, but not told yet. */
    let done: readonly QueuedCommit[] = [];
    let group: readonly QueuedCommit[] = [];
    const tell = () => {
      this.#finish(done);
      done = [];
    };
    try {
      // Commits made in the same breath share the first group already.
      await turn();
      while (this.#queue.length > 0) {
        // What comes while a checkpoint is on its way to the disk joins the group, too.
        for (let pending = log.settled(); pending; pending = log.settled()) {
          tell();
          await pending;
        }
        group = this.#takeGroup();
        let flushed: void | Promise<void>;
        try {
          log.append(recordsOf(group));
          flushed = log.flush(done.length + group.length);
        } finally {
          // To answer takes as long as to flush: it is done while the next group is on its way to the disk.
          tell();
        }
        await flushed;
        done = group;
        group = [];
        log.tidy();
        if (this.#queue.length === 0) tell();
      }
    } catch (error) {
      // Who was told just now that their commit is durable hears of that before they hear of the failure.
      await turn();
      const failure = this.#target.fail(error);
      for (const commit of [...done, ...group, ...this.#queue]) {
        commit.reject(failure);
      }
      this.#queue = [];
      this.#pending.clear();
    }
    this.#writing = undefined;
  }

  /**
   * Who was answered for the group before is about to come again. So that there is as much to do while this group is being written as
   * afterwards, the two are made alike: with one large and one small group by turns, the thread would be idle half of the time.
   */
  #takeGroup(): QueuedCommit[] {
    const most = Math.ceil((this.#queue.length + this.#grouped) / 2);
    let count = 0;
    let size = 0;
    while (count < most && size < groupBytes) {
      for (const { type, entry } of this.#queue[count++]?.events ?? []) {
        size += type === 'put' ? entry.value.length : 0;
      }
    }
    const group = this.#queue.splice(0, count);
    this.#grouped = group.length;
    return group;
  }

  #finish(group: readonly QueuedCommit[]): void {
    if (group.length === 0) return;
    const events: StoreEvent[] = [];
    let revision = 0;
    for (const commit of group) {
      revision = commit.revision;
      for (const event of commit.events) {
        events.push(event);
        if (this.#pending.get(event.key)?.commit === commit) {
          this.#pending.delete(event.key);
        }
      }
    }
    this.#target.apply(revision, events);
    for (const commit of group) {
      commit.resolve();
    }
  }
}

function* recordsOf(group: readonly QueuedCommit[]): Generator<LogRecord> {
  for (const { revision, events } of group) {
    for (const { type, key, entry, previous } of events) {
      yield {
        key,
        revision,
        createRevision: entry.createRevision,
        previousRevision: previous?.revision ?? 0,
        value: type === 'put' ? entry.value : null,
      };
    }
  }
}

function settlement(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<void>((onDurable, onFailure) => {
    resolve = onDurable;
    reject = onFailure;
  });
  return { promise, resolve, reject };
}

/** Characters a key must not hold: halves of surrogate pairs have no UTF-8, and U+10FFFF ends the range of a prefix. */
const unstorable = /[\p{Surrogate}\u{10ffff}]/u;

function checkShape(changes: readonly Change[]): void {
  if (changes.length > changesPerRevision) {
    throw new RangeError(`a commit has ${changes.length} changes; ${changesPerRevision} is the most`);
  }
  for (const { key } of changes) {
    if (key === '' || unstorable.test(key)) {
      throw new RangeError(`${JSON.stringify(key)} cannot be a key`);
    }
  }
  if (changes.length > 1 && new Set(changes.map(({ key }) => key)).size < changes.length) {
    throw new RangeError('a commit names each key once');
  }
}
