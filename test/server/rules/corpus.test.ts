import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Editor } from '../editor.ts';

const corpus = new URL('../../corpus/manifests/', import.meta.url);
const severities = ['', 'error', 'warning', 'information', 'hint'];

/** What the rules tell of manifests that people use, each file in the workspace of its folder: as it is by default. */
test('manifests that people use are left in peace, but for what is wrong with them', async () => {
  const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  const text = (name: string) => readFileSync(new URL(name, corpus), 'utf8');
  const uriOf = (name: string) => `file:///workspace/${name}`;
  const editor = await Editor.start({
    listFiles: async () => files.map(uriOf),
    readFile: async (uri) => text(uri.slice(uriOf('').length)),
  });
  const told: string[] = [];
  for (const name of files) {
    const uri = await editor.open(text(name), uriOf(name));
    for (const { range, severity, code, message, data } of await editor.diagnostics(uri)) {
      const isRule = typeof data === 'object' && data !== null && 'rule' in data;
      if (isRule) told.push(`${name}:${range.start.line + 1} ${severities[severity ?? 0]} ${code}: ${message}`);
    }
    await editor.close(uri);
  }
  expect(editor.logged).toEqual([]);
  await editor.stop();
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot('../fixtures/corpus-findings.txt');
}, 120_000);
