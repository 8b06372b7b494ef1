import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { openMemoryStore as openOn } from '../../../store/memory-store.ts';
import type { StoreOptions } from '../../../store/revisioned-store.ts';
import type { Storage } from '../../../store/sqlite/storage.ts';
import type { Store } from '../../../store/store.ts';
import { avoidWasmInliningFault } from './engine-fault.ts';

/**
 * A store in memory, with the SQLite of the installed sql.js; for tests, and wherever nothing needs to be kept.
 * Once it is open its promises resolve by microtasks alone.
 */
export async function openMemoryStore(options: StoreOptions & { readonly storage?: Storage } = {}): Promise<Store> {
  avoidWasmInliningFault();
  const binary = await readFile(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'));
  return openOn(binary, options);
}
