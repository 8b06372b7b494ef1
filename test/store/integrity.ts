import { readFileSync } from 'node:fs';
import { databaseName } from '../../runtime/store/log.ts';
import { checkedPages } from '../../runtime/store/sqlite/checked-pages.ts';
import { Database } from '../../runtime/store/sqlite/database.ts';
import { connectionSettings, loadSqlite } from '../../runtime/store/sqlite/sqlite.ts';
import type { Storage } from '../../runtime/store/sqlite/storage.ts';
import { wasmPath } from './file-store.ts';

/** Runs SQL on the database of a storage that no store has open, and returns the first value. */
export async function query(storage: Storage, sql: string): Promise<string | undefined> {
  const { module, files } = await loadSqlite(readFileSync(wasmPath));
  const folder = files.mount(checkedPages(storage, databaseName));
  const database = new Database(module, folder + databaseName);
  try {
    database.execute(connectionSettings);
    return database.text(sql);
  } finally {
    database.close();
    files.unmount(folder);
  }
}

/** SQLite's own check of every page and index: "ok", or what is wrong. */
export function checkIntegrity(storage: Storage): Promise<string | undefined> {
  return query(storage, 'PRAGMA integrity_check');
}
