import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ManifestFile } from '../../server/documents/file.ts';

const count = 400;
const document = (index: number) => `a: ${index}\nb: |\n  ${'x'.repeat(500)}\n`;
const open = () =>
  new ManifestFile(
    TextDocument.create('file:///a.yaml', 'yaml', 1, Array.from({ length: count }, (_, index) => document(index)).join('---\n')),
  );

/** Inserts a text before the end of a document. */
function write(file: ManifestFile, index: number, text: string): void {
  const end = file.positionAt((file.documents[index]?.end ?? 0) - 1);
  file.update([{ range: { start: end, end }, text }], file.version + 1);
}

test.each([
  ['a letter', 'y'],
  ['a line', '\nc: d'],
  ['a document', '\n---\ne: f'],
])('%s in one document leaves the others what they were', (_what, text) => {
  const file = open();
  const before = file.documents.map(({ manifest }) => manifest);
  write(file, 200, text);
  const more = file.documents.length - count;
  expect(file.documents.slice(0, 200).map(({ manifest }) => manifest)).toEqual(before.slice(0, 200));
  expect(file.documents.slice(201 + more).every(({ manifest }, at) => manifest === before[201 + at])).toBe(true);
  expect(before).not.toContain(file.documents[200 + more]?.manifest);
  for (const [index, placed] of file.documents.entries()) {
    expect(placed.index).toBe(index);
    expect(file.text.slice(placed.start, placed.end)).toBe(placed.manifest.source);
  }
});

test('documents that change places stay what they were, and one that is taken out is gone', () => {
  const file = open();
  const [first, second, third] = file.documents.map(({ manifest }) => manifest);
  const [, one, two, three] = file.documents.map(({ start }) => file.positionAt(start));
  if (!one || !two || !three) throw new Error('there are no documents');
  const moved = file.text.slice(file.offsetAt(one), file.offsetAt(two));
  file.update([{ range: { start: one, end: two }, text: '' }], 2);
  expect(file.documents.slice(0, 2).map(({ manifest }) => manifest)).toEqual([first, third]);
  expect(file.documents).toHaveLength(count - 1);
  const after = file.positionAt(file.documents[2]?.start ?? 0);
  file.update([{ range: { start: after, end: after }, text: moved }], 3);
  expect(file.documents.slice(0, 3).map(({ manifest }) => manifest.source)).toEqual([first, third, second].map((each) => each?.source));
});

/** Bytes in use, when everything is gone that nobody holds. */
async function used(): Promise<number> {
  // What is held weakly stays until the end of the turn.
  await new Promise((resolve) => void setImmediate(resolve));
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return process.memoryUsage().heapUsed;
}

test('of a document that was looked into only its text is kept for good', async () => {
  const files = Array.from({ length: 10 }, open);
  const before = await used();
  for (const file of files) for (const { manifest } of file.documents) expect(manifest.tree.sound).toBe(true);
  // 4,000 trees of some 4 KB.
  expect((await used()) - before).toBeLessThan(4 * 1024 * 1024);
  expect(files).toHaveLength(10);
});

test('a document that was edited does not keep the text of the whole file as it was then', async () => {
  const file = open();
  const before = await used();
  for (let index = 0; index < count; index++) write(file, index, 'y');
  // The file has 200 KB: 400 of them would be 80 MB.
  expect((await used()) - before).toBeLessThan(20 * 1024 * 1024);
  expect(file.documents).toHaveLength(count);
});
