import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import { apiVersionOf } from '../../runtime/api/kinds/kind.ts';
import { Editor, positionIn } from './editor.ts';

const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  portz: []\n';
const mistake = '6:3-6:8 error unknown field "spec.portz" (did you mean "ports"?)';

let editor: Editor;

beforeEach(async () => {
  editor = await Editor.start();
});

afterEach(async () => {
  // Whatever was sent, the server still looks at manifests, and no handler failed on the way.
  expect(await editor.problems(service, 'file:///workspace/after.yaml')).toEqual([mistake]);
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

/** Asks everything an editor asks of a file, at each of some places; the answers are not looked at, that they come is enough. */
async function askEverything(uri: string, positions: readonly { line: number; character: number }[]): Promise<void> {
  const textDocument = { uri };
  const all = { start: { line: 0, character: 0 }, end: { line: 10_000_000, character: 0 } };
  const asked: Promise<unknown>[] = [
    editor.diagnostics(uri),
    editor.symbols(uri),
    editor.folds(uri),
    editor.documents(uri),
    editor.request('textDocument/semanticTokens/full', { textDocument }),
    editor.request('textDocument/documentLink', { textDocument }),
    editor.request('textDocument/inlayHint', { textDocument, range: all }),
    editor.request('textDocument/codeAction', { textDocument, range: all, context: { diagnostics: [] } }),
    editor.request('textDocument/formatting', { textDocument, options: { tabSize: 2, insertSpaces: true } }),
    editor.request('textDocument/selectionRange', { textDocument, positions }),
  ];
  for (const position of positions) {
    asked.push(editor.completeAt(uri, position), editor.hoverAt(uri, position));
    for (const method of ['definition', 'documentHighlight'])
      asked.push(editor.request(`textDocument/${method}`, { textDocument, position }));
    asked.push(editor.request('textDocument/references', { textDocument, position, context: { includeDeclaration: true } }));
    asked.push(editor.request('kubeside/reveal', { uri, position }));
    asked.push(editor.request('kubeside/explain', { uri, position }));
  }
  await Promise.all(asked);
}

const start = { line: 0, character: 0 };

describe('texts that nobody should write', () => {
  const bytes = Array.from({ length: 4096 }, (_, index) => String.fromCharCode((index * 7919) % 256)).join('');
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghij'].map((line, index) =>
    index === 0
      ? line
      : `${line}: &${line} [${Array(9)
          .fill(`*${'abcdefghij'[index - 1]}`)
          .join(', ')}]`,
  );
  const texts: Readonly<Record<string, string>> = {
    'a program': `\u007fELF\u0002\u0001\u0001\u0000${bytes}`,
    'a manifest with a program behind it': `${service}---\n${bytes}`,
    'nothing but null characters': '\0'.repeat(100_000),
    'replacement characters of a file in another encoding': `apiVersion: v1\nkind: \ufffd\ufffdPod\nmetadata:\n  name: \ufffd\n`,
    'lone surrogates': `apiVersion: v1\nkind: Pod\nmetadata:\n  name: "\ud800"\n  labels: {\udc00: \ud83d}\n`,
    'a byte order mark and carriage returns': `\ufeff${service.replaceAll('\n', '\r\n')}`,
    'carriage returns alone': service.replaceAll('\n', '\r'),
    'aliases that explode': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n${bomb.join('\n')}\ndata: *j\n`,
    'an alias that bites its tail': 'apiVersion: v1\nkind: Pod\nmetadata: &m\n  name: a\n  labels: *m\nspec: &s\n  <<: *s\n',
    'very deep flow': `apiVersion: v1\nkind: Pod\nspec: ${'['.repeat(20_000)}`,
    'very deep blocks': `apiVersion: v1\nkind: Pod\n${Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')}\n`,
    'one very long line': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: ${'x'.repeat(400_000)}\n`,
    'lines that fit no column': `apiVersion: v1\nkind: Pod\n${'a:\n  b: 1\n c: 2\n'.repeat(12_000)}`,
    'many mistakes': `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n${Array.from({ length: 5000 }, (_, index) => `  f${index}: 1`).join('\n')}\n`,
  };
  test.each(Object.entries(texts))('%s', { timeout: 60_000 }, async (_, text) => {
    const uri = await editor.open(text, 'file:///workspace/hostile.yaml');
    const places = [0, 1, 0.25, 0.5, 0.75].map((part) => positionIn(text, Math.floor(text.length * part)));
    await askEverything(uri, places);
  });

  test('20 MB of YAML', { timeout: 60_000 }, async () => {
    const text = service.repeat(Math.ceil((20 * 1024 * 1024) / service.length));
    const uri = await editor.open(text);
    expect((await editor.diagnostics(uri)).map(({ code }) => code)).toEqual(['too-long']);
    await askEverything(uri, [start, { line: 1_000_000, character: 3 }]);
  });

  test('a stream of 100,000 documents', { timeout: 120_000 }, async () => {
    const uri = await editor.open('---\na: 1\n'.repeat(100_000));
    await askEverything(uri, [start, { line: 150_000, character: 1 }]);
    const outline = await editor.symbols(uri);
    expect([outline.length, outline.at(-1)?.name]).toEqual([10_001, '90000 more documents']);
    // Whoever does not want it any more keeps nobody waiting.
    const params = { textDocument: { uri } };
    await expect(editor.cancelled('textDocument/documentSymbol', params)).rejects.toThrow('cancelled');
    const outdated = editor.request('textDocument/documentSymbol', params);
    await editor.edit(uri, 'a: 1', 'b: 2');
    await expect(outdated).rejects.toThrow('the file was edited');
    await editor.diagnostics(uri);
  });
});

test('positions that are none', async () => {
  const uri = await editor.open('apiVersion: v1\nkind: Pod\nmetadata:\n  name: "😀"\n');
  const wrong = [-1, 0, 2 ** 31 - 1, 4, 10].flatMap((line) => [-1, 10, 2 ** 31 - 1].map((character) => ({ line, character })));
  await askEverything(uri, [...wrong, { line: 3, character: 10 }]);
  for (const { line, character } of wrong.slice(0, 3)) {
    const params = {
      textDocument: { uri, version: 1000 },
      contentChanges: [{ range: { start: { line, character }, end: start }, text: 'x' }],
    };
    await editor.tell('textDocument/didChange', params);
  }
  await askEverything(await editor.open(service, uri), [start]);
});

test('files that are not open, and documents that are not there', async () => {
  const uri = 'file:///workspace/never.yaml';
  await editor.tell('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text: 'a' }] });
  await editor.tell('textDocument/didClose', { textDocument: { uri } });
  expect(await editor.completeAt(uri, start)).toEqual([]);
  expect(await editor.hoverAt(uri, start)).toBeNull();
  expect(await editor.documents(uri)).toEqual([]);
  const open = await editor.open(service);
  expect(await editor.locate(open, 7, 'spec')).toBe('nowhere');
  expect(await editor.locate(open, -1, '].[[')).toBe('nowhere');
});

describe('definitions of custom resources that are broken', () => {
  const definition = (schema: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  names: { kind: Thing, plural: things }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: ${schema} } }]
`;
  const thing = 'apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: a\nspec:\n  a:\n    a:\n      b: 1\n';
  const schemas = {
    'no schema': 'null',
    'a schema that is a text': 'nonsense',
    'properties that are a list': '{ type: object, properties: [spec] }',
    'a type that is none': '{ type: [object], properties: { spec: { type: 7 } } }',
    'a reference to itself': '{ type: object, properties: { spec: { $ref: "#/properties/spec" } } }',
    'references in a circle':
      '{ type: object, properties: { spec: { $ref: "#/definitions/a" } }, definitions: { a: { $ref: "#/definitions/a" } } }',
    'an anchor in a circle': '&s { type: object, properties: { spec: *s } }',
    'a pattern that is none': '{ type: object, properties: { spec: { type: object, properties: { a: { type: string, pattern: "(" } } } } }',
    'items that are null': '{ type: object, properties: { spec: { type: array, items: null } } }',
    'alternatives of nothing': '{ type: object, anyOf: null, oneOf: [], allOf: [null], properties: { spec: { not: 3 } } }',
  };
  test.each(Object.entries(schemas))('%s', async (_, schema) => {
    await editor.open(definition(schema), 'file:///workspace/crd.yaml');
    await askEverything(await editor.open(thing, 'file:///workspace/thing.yaml'), [
      start,
      { line: 5, character: 2 },
      { line: 7, character: 6 },
    ]);
  });

  test('half a definition of a connected cluster', async () => {
    await editor.tell('kubeside/cluster', { name: 'kind', gitVersion: 'nonsense' });
    const nameless = { kind: 'CustomResourceDefinition', apiVersion: 'apiextensions.k8s.io/v1', spec: { versions: [null, 3, {}] } };
    await editor.tell('kubeside/clusterDefinitions', { definitions: [null, 7, 'text', [], {}, nameless] });
    await askEverything(await editor.open(thing), [start, { line: 5, character: 2 }]);
  });
});

test('objects of every kind with nothing in them, and with the wrong things', { timeout: 60_000 }, async () => {
  const bodies = ['', 'spec: {}\n', 'spec: null\ndata: null\nrules: null\n', 'spec: []\nmetadata: 3\n'];
  for (const body of bodies) {
    const heads = kinds.map(
      (kind) => `apiVersion: ${apiVersionOf(kind)}\nkind: ${kind.kind}\n${body.includes('metadata') ? '' : 'metadata:\n  name: a\n'}`,
    );
    await askEverything(await editor.open(heads.map((head) => head + body).join('---\n')), [start]);
  }
});

test('files that change while they are read', async () => {
  const texts = ['apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\n', undefined, 'apiVersion: v1\nkind: ConfigM', service];
  let asked = 0;
  await editor.stop();
  editor = await Editor.start({
    listFiles: async () => ['file:///workspace/a.yaml', 'file:///workspace/gone.yaml'],
    readFile: async (uri) => (uri.endsWith('gone.yaml') ? undefined : texts[asked++ % texts.length]),
  });
  for (let times = 0; times < 2 * texts.length; times++) await editor.fileChanged('file:///workspace/a.yaml', times % 3 === 2 ? 3 : 2);
  await editor.open(service, 'file:///workspace/a.yaml');
  await editor.fileChanged('file:///workspace/a.yaml', 3);
  await editor.close('file:///workspace/a.yaml');
  expect(await editor.request('workspace/symbol', { query: '' })).toBeInstanceOf(Array);
});

test('a cluster that disconnects in mid-request', async () => {
  const uri = await editor.open('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n');
  await editor.tell('kubeside/cluster', { name: 'kind', gitVersion: 'v1.36.0' });
  let asked = 0;
  editor.onRequest('kubeside/liveState', async () => {
    asked++;
    await editor.tell('kubeside/cluster', null);
    return new Promise(() => undefined);
  });
  const hover = await editor.hoverAt(uri, { line: 3, character: 9 });
  expect(asked).toBe(1);
  expect(JSON.stringify(hover)).toContain('Name must be unique within a namespace');
});

test('a cluster that cannot say how an object is', async () => {
  await editor.stop();
  // Nobody's patience ends here: the answer is the cluster's.
  editor = await Editor.start({
    after(ms, run) {
      if (ms < 500) setImmediate(run);
      return () => undefined;
    },
  });
  const uri = await editor.open('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n');
  await editor.tell('kubeside/cluster', { name: 'kind', gitVersion: 'v1.36.0' });
  editor.onRequest('kubeside/liveState', () => {
    throw new Error('connection refused');
  });
  expect(JSON.stringify(await editor.hoverAt(uri, { line: 3, character: 9 }))).toContain('Name must be unique within a namespace');
});

/** One file in so many is typed, and of it the first so many characters; `TYPED_FILES=1 TYPED_LENGTH=Infinity` types all of the corpus. */
const typedStride = Number(process.env.TYPED_FILES ?? 60);
const typedLength = Number(process.env.TYPED_LENGTH ?? 250);

test('files of the corpus, typed character by character', { timeout: 24 * 3_600_000 }, async () => {
  const folder = join(import.meta.dirname, '../corpus/manifests');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name));
  let typed = 0;
  for (const name of files.filter((_, index) => index % typedStride === 0)) {
    const text = readFileSync(join(folder, name), 'utf8').slice(0, typedLength);
    const uri = await editor.open('', `file:///workspace/${typed}.yaml`);
    for (let length = 0; length < text.length; length++) {
      await editor.append(uri, text.slice(0, length), text.charAt(length));
      const end = positionIn(text, length + 1);
      await Promise.all([editor.diagnostics(uri), editor.completeAt(uri, end), editor.hoverAt(uri, end)]);
      typed++;
    }
    await editor.close(uri);
  }
  expect(typed).toBeGreaterThan(500);
});
