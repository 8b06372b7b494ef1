import { readFile } from 'node:fs/promises';
import { Log } from '../../../store/log.ts';
import { RevisionedStore, type StoreOptions } from '../../../store/revisioned-store.ts';
import { loadSqlite } from '../../../store/sqlite/sqlite.ts';
import type { Store } from '../../../store/store.ts';
import { makeDirectory } from '../make-directory.ts';
import { directoryStorage, syncParent } from './directory-storage.ts';
import { avoidWasmInliningFault } from './engine-fault.ts';
import { type DirectoryLock, LockedError, lockDirectory } from './lock.ts';

export interface FileStoreOptions extends StoreOptions {
  /** The data directory; made when it is missing. */
  readonly directory: string;
  /** Path of sql.js' `sql-wasm.wasm`. */
  readonly wasmPath: string;
}

/** The data directory cannot be made or written to. */
export class UnusableDirectoryError extends Error {
  override readonly name = 'UnusableDirectoryError';
  constructor(directory: string, cause: unknown) {
    super(`the data directory ${directory} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/**
 * Opens the store of a data directory, for this process alone. Throws {@link LockedError}, {@link UnusableDirectoryError},
 * `NewerDatabaseError` and `DamagedDatabaseError`; the database's files are then as they were.
 */
export async function openFileStore(options: FileStoreOptions): Promise<Store> {
  const { directory, wasmPath } = options;
  const lock = await takeDirectory(directory);
  try {
    avoidWasmInliningFault();
    const sqlite = await loadSqlite(await readFile(wasmPath));
    const log = new Log(sqlite, directoryStorage(directory));
    return await RevisionedStore.open({ log, turn: nextTurn, release: () => lock.release() }, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** When all sockets that have something to say were heard. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function takeDirectory(directory: string): Promise<DirectoryLock> {
  try {
    const made = makeDirectory(directory, 0o700);
    if (made !== undefined) {
      syncParent(made);
    }
    return await lockDirectory(directory);
  } catch (error) {
    throw error instanceof LockedError ? error : new UnusableDirectoryError(directory, error);
  }
}
