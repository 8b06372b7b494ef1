import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import type { ProtocolConnection } from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { type Contender, ServerProcess } from '../bench/language/server-process.ts';
import { temporaryFolder } from '../support/cluster-process.ts';

const folder = temporaryFolder();
const kept = () => readdirSync(folder.path).filter((name) => name.endsWith('.compiled'));
const pathOfKept = () => join(folder.path, kept()[0] ?? '');

const server: Contender = {
  name: 'Kubeside',
  command: [resolve('dist/server.cjs')],
  env: { KUBESIDE_COMPILE_CACHE: folder.path },
  prepare: (client) => void client.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null)),
  configure: async () => undefined,
};

/** Starts the server, has it look at a manifest and ends it when nothing more is to be kept; answers with what it told. */
async function problems(until: () => boolean = () => true): Promise<readonly unknown[]> {
  const started = await ServerProcess.start(server, 'file:///workspace');
  await started.open('file:///workspace/a.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: A\n');
  const told = await started.diagnostics('file:///workspace/a.yaml');
  await expect.poll(until, { timeout: 30_000 }).toBe(true);
  await started.end();
  return told.map(({ message }) => message);
}

beforeEach(async () => {
  if (kept().length === 0) await problems(() => kept().length === 1);
});

afterAll(() => folder.remove());

test('a file that is open is the one on disk, whatever its name is', async () => {
  const workspace = temporaryFolder();
  const path = join(workspace.path, "it's 1+1 (a@b)~é.yaml");
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n';
  writeFileSync(path, text);
  writeFileSync(join(workspace.path, 'other.yaml'), text.replace('one', 'two'));
  let symbols: () => Promise<{ name: string }[]> = async () => [];
  const prepare = (client: ProtocolConnection) => {
    server.prepare(client);
    symbols = () => client.sendRequest('workspace/symbol', { query: '' });
  };
  const started = await ServerProcess.start({ ...server, prepare }, URI.file(workspace.path).toString());
  await started.open(URI.file(path).toString(), text);
  const names = async () => (await symbols()).map(({ name }) => name).sort();
  await expect.poll(names).toContain('ConfigMap/two');
  expect(await names()).toEqual(['ConfigMap/one', 'ConfigMap/two']);
  await started.end();
  workspace.remove();
});

describe('what a start does without', () => {
  const uri = 'file:///workspace/a.yaml';
  const text = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: A\nspec:\n  ';

  it('is there for who asks for it at once, and later', async () => {
    const started = await ServerProcess.start(server, 'file:///workspace');
    await started.open(uri, text);
    const completed = started.complete(uri, { line: 5, character: 2 });
    const hovered = started.hover(uri, { line: 1, character: 1 });
    expect(await completed).toBeGreaterThan(20);
    expect(await hovered).toBe(true);
    expect(await started.complete(uri, { line: 5, character: 2 })).toBe(await completed);
    await started.end();
  });

  it('is read while a file is checked that needs it', async () => {
    const started = await ServerProcess.start(server, 'file:///workspace');
    const schema = 'openAPIV3Schema: {type: object, properties: {a: {type: string, pattern: "("}}}';
    const names = 'names: {plural: as, singular: a, kind: A, listKind: AList}';
    const version = `{name: v1, served: true, storage: true, schema: {${schema}}}`;
    await started.open(
      uri,
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: as.b.c}\nspec: {group: b.c, scope: Namespaced, ${names}, versions: [${version}]}\n`,
    );
    const told = (await started.diagnostics(uri)).map(({ message }) => message);
    expect(told).toContainEqual(expect.stringContaining('error parsing regexp: missing closing )'));
    await started.end();
  });

  it('keeps nothing from being checked when it is missing', async () => {
    const dist = temporaryFolder();
    cpSync(resolve('dist'), dist.path, { recursive: true, filter: (path) => !/media|cli\.js|sql-wasm/.test(path) });
    const late = readdirSync(dist.path, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /(late|completer|descriptions)-[^/]*\.cjs$/.test(path),
    );
    expect(late.length).toBeGreaterThanOrEqual(3);
    for (const path of late) rmSync(join(dist.path, path));
    const started = await ServerProcess.start({ ...server, command: [join(dist.path, 'server.cjs')] }, 'file:///workspace');
    await started.open(uri, text);
    expect(await started.diagnostics(uri)).not.toEqual([]);
    expect(await started.complete(uri, { line: 5, character: 2 })).toBe(0);
    expect(await started.hover(uri, { line: 1, character: 1 })).toBe(false);
    await started.end();
    dist.remove();
  });
});

describe('what is compiled of the language server', () => {
  it('is kept for the next start, which leaves it as it is', async () => {
    const before = statSync(pathOfKept()).mtimeMs;
    expect(await problems()).toEqual([expect.stringContaining('a lowercase RFC 1123 subdomain')]);
    expect(kept()).toHaveLength(1);
    expect(statSync(pathOfKept()).mtimeMs).toBe(before);
  });

  it.each(['', 'not what V8 compiled'])('is compiled again when the file has been spoilt: %o', async (spoilt) => {
    writeFileSync(pathOfKept(), spoilt);
    expect(await problems(() => readFileSync(pathOfKept()).length > 100_000)).toHaveLength(1);
  });

  it('is not read again when it was cut off', async () => {
    writeFileSync(pathOfKept(), readFileSync(pathOfKept()).subarray(0, 100_000));
    expect(await problems(() => readFileSync(pathOfKept()).length > 100_000)).toHaveLength(1);
  });

  it.each([
    ['bytes that are no longer what was written', (file: Buffer) => file.fill(0, file.length >> 1, (file.length >> 1) + 4096)],
    ['another sum', (file: Buffer) => file.fill(0, file.length - 4)],
  ])('is compiled again when the file has %s', async (_, spoil) => {
    const before = readFileSync(pathOfKept());
    const spoilt = spoil(Buffer.from(before));
    writeFileSync(pathOfKept(), spoilt);
    expect(await problems(() => !readFileSync(pathOfKept()).equals(spoilt))).toHaveLength(1);
  });

  it('makes room for that of another version, and touches nothing else in the folder', async () => {
    const name = kept()[0] ?? '';
    writeFileSync(join(folder.path, 'server-OLD.cjs.compiled'), '');
    writeFileSync(join(folder.path, 'notes.txt'), '');
    writeFileSync(join(folder.path, name), '');
    await problems(() => kept().length === 1 && readFileSync(join(folder.path, name)).length > 0);
    expect(readdirSync(folder.path).sort()).toEqual(['notes.txt', name].sort());
  });
});
