import { Log } from './log.ts';
import { RevisionedStore, type StoreOptions } from './revisioned-store.ts';
import { memoryStorage } from './sqlite/memory-storage.ts';
import type { SqliteBinary } from './sqlite/module.ts';
import { loadSqlite } from './sqlite/sqlite.ts';
import type { Storage } from './sqlite/storage.ts';
import type { Store } from './store.ts';

/**
 * A store on files in memory or on a storage handed in. Once it is open, all its promises resolve by microtasks
 * alone, so it can serve a cluster whose time is virtual. `binary` is sql.js' `sql-wasm.wasm`.
 */
export async function openMemoryStore(binary: SqliteBinary, options: StoreOptions & { readonly storage?: Storage } = {}): Promise<Store> {
  const sqlite = await loadSqlite(binary);
  const log = new Log(sqlite, options.storage ?? memoryStorage());
  return RevisionedStore.open({ log, turn: async () => {}, release: async () => {} }, options);
}
