import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { asVSCodeWrites } from './documents/uris.ts';
import { loadDefinitions, loadDescriptions } from './schemas/generated.ts';
import { startServer } from './server.ts';

/** The language server as a process: over stdio, a socket or an IPC channel, as the command line says (`--stdio`, `--node-ipc` …). */

/** Files beyond this size or number are not looked through for definitions. */
const sizeLimit = 8 * 1024 * 1024;
const fileLimit = 5000;
const passedOver = new Set(['node_modules', 'dist', 'out', 'vendor']);

/** As long after the first problems the rest is loaded, in milliseconds: what an editor asks at once is answered by then. */
const leisure = 150;

// Node loads the promises of its own only when they are asked for, which takes a while at every start.
const open = promisify(fs.open);
const fstat = promisify(fs.fstat);
const read = promisify(fs.read);
const close = promisify(fs.close);
const readdir = promisify(fs.readdir);

let tellFirst: () => void;

/** Fulfilled once the problems of a first manifest were told: until then runs what every start runs. */
export const firstTold = new Promise<void>((resolve) => {
  tellFirst = resolve;
});

const session = startServer(createConnection(ProposedFeatures.all), {
  told: () => tellFirst(),
  after(ms, run) {
    if (ms === 0) {
      const turn = setImmediate(run);
      return () => clearImmediate(turn);
    }
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  now: () => Date.now(),
  definitions: loadDefinitions,
  descriptions: loadDescriptions,
  async listFiles(folders) {
    const found: string[] = [];
    for (const folder of folders) if (folder.startsWith('file:')) await collect(fileURLToPath(folder), found);
    return found;
  },
  async readFile(uri) {
    if (!uri.startsWith('file:')) return undefined;
    try {
      return await textOf(fileURLToPath(uri));
    } catch {
      // Gone, or not ours to read: there is nothing in it for us.
      return undefined;
    }
  },
});

firstTold.then(() => void setTimeout(() => void session.prepareRest(), leisure).unref());

async function textOf(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await fstat(file);
    if (size > sizeLimit) return undefined;
    const { buffer, bytesRead } = await read(file, Buffer.allocUnsafe(size), 0, size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await close(file);
  }
}

async function collect(folder: string, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (found.length >= fileLimit) return;
    if (entry.name.startsWith('.') || passedOver.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, found);
    else if (entry.isFile() && /\.ya?ml$/.test(entry.name)) found.push(asVSCodeWrites(pathToFileURL(path).href));
  }
}
