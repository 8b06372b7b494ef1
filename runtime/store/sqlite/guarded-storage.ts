import type { Storage, StorageFile } from './storage.ts';

/** A storage that changes nothing until it is released. */
export interface GuardedStorage extends Storage {
  /** Lets writes through from now on. */
  release(): void;
  /**
   * Makes what was written to an open file durable, for so many who wait; until it is, nothing may be written to any file. Throws when it is not
   * open: nothing would be synced.
   */
  flush(name: string, waiting: number): void | Promise<void>;
  /** Takes away what an open file has behind so many bytes. */
  cut(name: string, size: number): void;
  /** Syncs a file in place, if it is open. */
  sync(name: string): void;
  /**
   * From now on syncs of this file need not hold up the thread: they have begun when they return, and until they have ended nothing may be written
   * to any file. For what SQLite does last in a checkpoint: before its next write it must be durable, and before that it does not matter.
   */
  defer(name: string): void;
  /** Ends {@link GuardedStorage.defer}. */
  syncInPlace(): void;
  /** Resolves when a flush or deferred sync has ended; nothing when there is none, and writing is allowed. */
  settled(): Promise<void> | undefined;
  /** How many bytes have been written to a file. */
  written(name: string): number;
  /** The first error the storage below threw. Nothing is done any more after one: what a failed sync left behind is unknown. */
  readonly failure: unknown;
}

/** A checkpoint is worth another thread. */
const manyWaiting = 2;

/**
 * Wraps a storage so that a database can be opened and read to its end before the first byte is written: a database that
 * turns out to be newer or damaged is left as it was found. A file that would be created is made at its first write.
 */
export function guardedStorage(below: Storage): GuardedStorage {
  const openFiles = new Map<string, StorageFile>();
  let released = false;
  let failure: unknown;
  let deferred: string | undefined;
  let settling: Promise<void> | undefined;
  const written = new Map<string, number>();

  /** Runs one call to the storage below and keeps its first error, which SQLite would reduce to a number. */
  function watched<T>(call: () => T): T {
    if (failure !== undefined) {
      throw failure;
    }
    try {
      return call();
    } catch (error) {
      failure ??= error;
      throw error;
    }
  }
  function writable(): void {
    if (!released) {
      // Not a failure of the storage: SQLite tries to tidy up its log when a database is closed.
      throw new Error('the database is not open for writing yet');
    }
    if (settling !== undefined) {
      failure ??= new Error('a write came before what it rests on was durable');
      throw failure;
    }
  }
  function settle(flushed: void | Promise<void>): void {
    const ended = flushed?.finally(() => {
      if (settling === ended) settling = undefined;
    });
    // Who does not wait for it is told by the failure that the flush has left.
    ended?.catch(() => {});
    settling = ended;
  }

  return {
    get failure() {
      return failure;
    },
    release() {
      released = true;
    },
    exists(name) {
      return watched(() => below.exists(name));
    },
    delete(name) {
      writable();
      watched(() => below.delete(name));
    },
    flush(name, waiting) {
      const file = openFiles.get(name);
      if (!file) {
        throw new Error(`${name} is not open`);
      }
      const flushed = file.flush(waiting);
      settle(flushed);
      return flushed;
    },
    cut(name, size) {
      const file = openFiles.get(name);
      if (file && file.size() > size) file.truncate(size);
    },
    sync(name) {
      openFiles.get(name)?.sync();
    },
    defer(name) {
      deferred = name;
    },
    syncInPlace() {
      deferred = undefined;
    },
    settled() {
      return settling;
    },
    written(name) {
      return written.get(name) ?? 0;
    },
    open(name, create) {
      const late = create && !released && !watched(() => below.exists(name));
      /** The flush that is on its way. */
      let flushing: Promise<void> | undefined;
      let file: StorageFile | undefined = late ? undefined : watched(() => below.open(name, create));
      function made(): StorageFile {
        writable();
        file ??= watched(() => below.open(name, true));
        return file;
      }
      const guarded: StorageFile = {
        read(target, offset) {
          return watched(() => file?.read(target, offset) ?? 0);
        },
        write(data, offset) {
          const target = made();
          watched(() => target.write(data, offset));
          written.set(name, (written.get(name) ?? 0) + data.length);
        },
        truncate(size) {
          const target = made();
          watched(() => target.truncate(size));
        },
        sync() {
          if (name === deferred) settle(guarded.flush(manyWaiting));
          else watched(() => file?.sync());
        },
        flush(waiting) {
          // An error of the disk is told to one sync only. Of two at once, the other would take what was lost for durable.
          if (flushing) {
            return flushing.then(() => guarded.flush(waiting));
          }
          const flushed = watched(() => file?.flush(waiting));
          flushing = flushed?.then(
            // A sync that was done meanwhile may have been told of the error.
            () => watched(() => (flushing = undefined)),
            (error: unknown) => {
              failure ??= error;
              throw error;
            },
          );
          return flushing;
        },
        size() {
          return watched(() => file?.size() ?? 0);
        },
        close() {
          openFiles.delete(name);
          file?.close();
        },
      };
      openFiles.set(name, guarded);
      return guarded;
    },
  };
}
