import { afterEach, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ManifestFile } from '../../server/documents/file.ts';
import type { Environment } from '../../server/environment.ts';
import { WorkspaceIndex } from '../../server/index/workspace-index.ts';
import { Editor, positionIn } from './editor.ts';

const editors: Editor[] = [];

async function startEditor(environment: Partial<Environment> = {}): Promise<Editor> {
  const editor = await Editor.start(environment);
  editors.push(editor);
  return editor;
}

afterEach(async () => {
  for (const editor of editors.splice(0)) {
    expect(editor.logged).toEqual([]);
    await editor.stop();
  }
});

const configMap = (name: string, more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: shop\ndata:\n  a: b${more}\n`;

test('only the edited document is read again', () => {
  const text = Array.from({ length: 50 }, (_, index) => configMap(`c${index}`)).join('---\n');
  const file = new ManifestFile(TextDocument.create('file:///a.yaml', 'yaml', 1, text));
  const index = new WorkspaceIndex();
  index.touch(file);
  const before = file.documents.map(({ manifest }) => ({ manifest, tree: manifest.tree }));
  const facts = before.map((_, at) => index.document(file.uri, at));
  const found = index.declared('ConfigMap', 'shop', 'c49');
  const at = text.indexOf('a: b', text.indexOf('name: c7\n'));
  const range = { start: positionIn(text, at + 4), end: positionIn(text, at + 4) };
  file.update([{ range, text: 'x' }], 2);
  index.touch(file);
  const isRead = file.documents.map(({ manifest }, place) => manifest !== before[place]?.manifest || manifest.tree !== before[place]?.tree);
  expect(isRead.flatMap((read, place) => (read ? [place] : []))).toEqual([7]);
  expect(facts.flatMap((known, place) => (known === index.document(file.uri, place) ? [] : [place]))).toEqual([7]);
  expect(index.declared('ConfigMap', 'shop', 'c49')[0]).toBe(found[0]);
});

test('a document that is broken when its file is opened says what it said on disk, whatever stands before it', () => {
  const index = new WorkspaceIndex();
  index.save('file:///a.yaml', `# only a comment\n---\n${configMap('one')}---\n${configMap('two')}`);
  const broken = `# only a comment\n---\n${configMap('one')}---\n${configMap('two', '\n  "')}`;
  index.touch(new ManifestFile(TextDocument.create('file:///a.yaml', 'yaml', 1, broken)));
  expect(index.declared('ConfigMap', 'shop', 'one')).toHaveLength(1);
  expect(index.declared('ConfigMap', 'shop', 'two')).toHaveLength(1);
});

test('what changes no name asks nobody to look again', () => {
  const index = new WorkspaceIndex();
  const open = (text: string) => index.touch(new ManifestFile(TextDocument.create('file:///a.yaml', 'yaml', 1, text)));
  open(configMap('one'));
  const { generation } = index;
  open(configMap('one', 'c'));
  open(`# a comment\n${configMap('one')}`);
  expect(index.generation).toBe(generation);
  open(configMap('two'));
  expect(index.generation).toBeGreaterThan(generation);
});

test('rules are asked again when a name changes elsewhere, and only then', async () => {
  const editor = await startEditor();
  const pod = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: shop\nspec:\n  containers:\n    - name: a\n      image: nginx:1.27\n      envFrom:\n        - configMapRef:\n            name: settings\n`;
  const uri = await editor.open(`${pod}---\n${configMap('setting')}`);
  const dangling = async () => (await editor.diagnostics(uri)).filter(({ code }) => code === 'dangling-reference').length;
  expect(await dangling()).toBe(1);
  await editor.edit(uri, 'name: setting\n', 'name: settings\n');
  expect(await dangling()).toBe(0);
  await editor.edit(uri, 'a: b', 'a: c');
  expect(await dangling()).toBe(0);
  await editor.edit(uri, '  name: settings\n  namespace', '  name: other\n  namespace');
  expect(await dangling()).toBe(1);
});

test('a name that changes in one file is a reason to check the files that ask for it, and no others', async () => {
  const editor = await startEditor();
  const pod = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: shop\nspec:\n  containers:\n    - name: a\n      image: nginx:1.27\n      envFrom:\n        - configMapRef:\n            name: settings\n`;
  const [maps, pods, others] = ['maps', 'pods', 'others'].map((name) => `file:///workspace/${name}.yaml`) as [string, string, string];
  await editor.open(configMap('settings'), maps);
  await editor.open(pod, pods);
  await editor.open(configMap('apart').replace('shop', 'apart'), others);
  for (const uri of [maps, pods, others])
    expect((await editor.diagnostics(uri)).map(({ code }) => code)).not.toContain('dangling-reference');
  const before = editor.told.get(others);
  for (const [from, to, dangling] of [
    ['name: settings', 'name: setting', true],
    ['name: setting', 'name: settings', false],
  ] as const) {
    await editor.edit(maps, from, to);
    const isDangling = async () => (await editor.diagnostics(pods)).some(({ code }) => code === 'dangling-reference');
    while ((await isDangling()) !== dangling) await editor.symbols(others);
  }
  expect(editor.told.get(others)).toBe(before);
});

test('2,000 files are read in slices, and requests are answered in between', async () => {
  const files = new Map(
    Array.from({ length: 2000 }, (_, index) => [`file:///workspace/${index}.yaml`, configMap(`c${index}`, 'x'.repeat(200))]),
  );
  let pauses = 0;
  let read = 0;
  const atAnswer: number[] = [];
  const editor = await startEditor({
    after(ms, run) {
      if (ms === 0) pauses++;
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    },
    listFiles: async () => [...files.keys()],
    async readFile(uri) {
      read++;
      return files.get(uri);
    },
  });
  while (read < files.size) {
    await editor.request('workspace/symbol', { query: 'ConfigMap/c1' });
    atAnswer.push(read);
  }
  expect(pauses).toBeGreaterThan(10);
  expect(new Set(atAnswer.filter((count) => count > 0 && count < files.size)).size).toBeGreaterThan(2);
  const found = async () => (await editor.request<{ name: string }[]>('workspace/symbol', { query: 'ConfigMap/c1999' })).length;
  while ((await found()) === 0);
  expect(await found()).toBe(1);
});

test('a request that was cancelled is answered as such', async () => {
  const editor = await startEditor();
  const uri = await editor.open(configMap('a'));
  for (const method of ['completion', 'hover', 'documentSymbol', 'foldingRange', 'codeAction', 'inlayHint', 'formatting']) {
    const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    const params = { textDocument: { uri }, position: range.start, range, context: { diagnostics: [] }, options: { tabSize: 2 } };
    await expect(editor.cancelled(`textDocument/${method}`, params), method).rejects.toThrow('cancelled');
  }
});

test('whoever starts it is told when a manifest has been looked at, not of what others write', async () => {
  let told = 0;
  const editor = await startEditor({ told: () => void told++ });
  await editor.problems('services:\n  web:\n    image: nginx\n', 'file:///workspace/compose.yaml');
  expect(told).toBe(0);
  await editor.problems(configMap('c'));
  await expect.poll(() => told).toBe(1);
});
