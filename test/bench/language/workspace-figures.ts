import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../../support/cluster-process.ts';
import type { Figures } from './figures.ts';
import { manifestOf } from './manifests.ts';
import { type Contender, ServerProcess } from './server-process.ts';

const files = 2000;
/** All names are of one length: none has the letters of another one in it. */
const firstIndex = 10_000;
/** How often the server is asked whether it is done, in milliseconds: seldom enough that the answers are no work to speak of. */
const pause = 100;

/**
 * From spawning a server in a folder of many files to the answers that name the last file of every folder in it, and the longest that one of these
 * requests had to wait meanwhile.
 */
export async function indexing(contender: Contender): Promise<Figures> {
  const folder = temporaryFolder();
  const names = writeFiles(folder.path);
  const began = performance.now();
  const server = await ServerProcess.start(contender, pathToFileURL(folder.path).href);
  let longest = 0;
  for (const name of names) {
    for (let there = false; !there; ) {
      const asked = performance.now();
      const query = `Deployment/${name}`;
      const symbols = await server.request<{ name: string }[]>('workspace/symbol', { query });
      there = symbols.some((symbol) => symbol.name === query);
      longest = Math.max(longest, performance.now() - asked);
      if (!there) await sleep(pause);
    }
  }
  const figures = new Map([
    ['2,000 files indexed', performance.now() - began],
    ['CPU until 2,000 files are indexed', server.cpu()],
    ['longest wait while 2,000 files are indexed', longest],
    ['memory with 2,000 files indexed', server.memory()],
  ]);
  await server.end();
  folder.remove();
  return figures;
}

/** Opens many files of which every one is checked, and edits one of them. */
export async function openFiles(contender: Contender): Promise<Figures> {
  const server = await ServerProcess.start(contender, 'file:///workspace');
  const uris = Array.from({ length: files }, (_, index) => `file:///workspace/web-${firstIndex + index}.yaml`);
  for (const [index, uri] of uris.entries()) {
    await server.open(uri, manifestOf(1, firstIndex + index));
    await server.diagnostics(uri);
  }
  const figures = new Map([
    ['CPU of opening 2,000 files', server.cpu()],
    ['memory with 2,000 open files', server.memory()],
  ]);
  await server.end();
  return figures;
}

/** A document in which every field is unknown and may be another one misspelt. */
export async function unknownFields(contender: Contender): Promise<Figures> {
  const server = await ServerProcess.start(contender, 'file:///workspace');
  const uri = 'file:///workspace/unknown.yaml';
  const fields = Array.from({ length: 5000 }, (_, index) => `  terminationGraceSeconds${index}: 1\n`);
  const began = performance.now();
  await server.open(uri, `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n${fields.join('')}`);
  await server.diagnostics(uri);
  const figures = new Map([['diagnostics of 5,000 unknown fields', performance.now() - began]]);
  await server.end();
  return figures;
}

/** Writes the files into folders, and says what the last one of each is called. */
function writeFiles(path: string): string[] {
  const folders = new Set<string>();
  for (let index = 0; index < files; index++) {
    const directory = join(path, `app-${index % 50}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `web-${firstIndex + index}.yaml`), manifestOf(1, firstIndex + index));
    folders.add(directory);
  }
  return [...folders].map((directory) => basename(readdirSync(directory).at(-1) ?? '', '.yaml'));
}
