import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type FileStoreOptions, openFileStore } from '../../runtime/host/node/store/file-store.ts';
import type { Store } from '../../runtime/store/store.ts';

/** Path of the SQLite binary of the installed sql.js. */
export const wasmPath = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');

/** Bundles a TypeScript file for Node into `directory`, as a module, like the build does. */
export async function bundle(source: string, directory: string): Promise<string> {
  const outfile = join(directory, 'bundle.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    target: 'node20',
    logLevel: 'silent',
  });
  return outfile;
}

/** A new directory for one test run; call the function to remove it. */
export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'kubeside-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A store on real files. */
export async function openTestFileStore(directory: string, options: Partial<FileStoreOptions> = {}): Promise<Store> {
  return openFileStore({ directory, wasmPath, ...options });
}
