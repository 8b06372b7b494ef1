import { RevisionedStore, type StoreOptions } from '../../../store/revisioned-store.ts';
import type { Store } from '../../../store/store.ts';
import { makeDirectory } from '../make-directory.ts';
import { syncParent } from './directory-storage.ts';
import { type DirectoryLock, LockedError, lockDirectory } from './lock.ts';
import { startWorkerEngine } from './worker-engine.ts';

export interface FileStoreOptions extends StoreOptions {
  /** The data directory; made when it is missing. */
  readonly directory: string;
  /** The bundled `runtime/host/node/store/worker.ts`. */
  readonly workerUrl: string | URL;
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
  const { directory, workerUrl, wasmPath } = options;
  const lock = await takeDirectory(directory);
  try {
    const engine = await startWorkerEngine(workerUrl, { directory, wasmPath });
    const close = () => engine.close().finally(() => lock.release());
    return await RevisionedStore.open({ ...engine, close }, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
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
