import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodeAction, Location, Range, SelectionRange, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Editor } from './editor.ts';

/** Manifests as few write them; what is asked of them at every place is answered within the text, and changes keep them right. */

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app: web\nspec:\n  containers:\n    - name: a\n      image: nginx:1.29\n';
const unusual: Readonly<Record<string, string>> = {
  'flow style':
    '{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {containers: [{name: web, image: \'nginx:1\', env: [{name: B, valueFrom: {configMapKeyRef: {name: cfg, key: k}}}], resources: {limits: {cpu: 1500m}}}]}}\n---\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cfg"},"data":{"k":"v"}}\n',
  'anchors and merge keys':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels: &labels\n    app: web\nspec:\n  selector:\n    matchLabels: *labels\n  template:\n    metadata:\n      labels:\n        <<: *labels\n        tier: front\n    spec:\n      containers:\n        - &base\n          name: web\n          image: nginx:1.29\n        - <<: *base\n          name: side\n',
  'comments everywhere':
    '# a\napiVersion: v1 # b\n# c\nkind: ConfigMap # d\nmetadata: # e\n  # f\n  name: cfg # g\ndata: # h\n  # i\n  a: b # j\n  c: | # k\n    # text\n  d: >- # l\n    one\n    two\n# m\n--- # n\n# o\n',
  'line ends of Windows': pod.replaceAll('\n', '\r\n'),
  'a byte order mark': `\ufeff${pod}`,
  tabs: 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: web\nspec:\n  containers:\n  -\tname: a\n\t  image:\tnginx:1\n',
  directives: `%YAML 1.1\n%TAG ! tag:example.com,2000:\n--- # one\n${pod}...\n%YAML 1.1\n---\n${pod.replace('name: web', 'name: two')}...\n`,
  'texts of many lines':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "we\\u0062"\ndata:\n  a: "one\n    two\n\n    three"\n  b: \'it\'\'s\n    here\'\n  c: plain\n    text\n  ? long-key\n  : value\n  d: |2-\n      indented\n     x\n  e: >+\n    keep\n\n\n  "quoted": !!str 1\n  h: ""\n',
  'lists of lists': `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - ${pod.trimEnd().replaceAll('\n', '\n    ')}\n  - apiVersion: v1\n    kind: Service\n    metadata: { name: web }\n    spec: { selector: { app: web }, ports: [{ port: 80 }] }\n`,
  'very long lines': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: big }\ndata:\n  x: ${'x'.repeat(20_000)}\n`,
  'Chinese and signs of two units':
    '# 中文\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  annotations: { note: "商店😀", b: 😀 }\ndata:\n  a: 值😀 # 注释😀\n  b: 😀😀\n',
};

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

/** The places that are asked about: all of a short text. */
function* placesOf(text: string): Iterable<number> {
  for (let at = 0; at <= text.length; at += text.length > 5000 ? 499 : 2) if (text.slice(at - 1, at + 1) !== '\r\n') yield at;
}

describe.each(Object.entries(unusual))('%s', (name, text) => {
  const uri = `file:///workspace/${name.replaceAll(' ', '-')}.yaml`;
  const document = TextDocument.create(uri, 'yaml', 1, text);
  const isInside = ({ start, end }: Range) =>
    [start, end].every((position) => {
      const back = document.positionAt(document.offsetAt(position));
      return back.line === position.line && back.character === position.character;
    }) && document.offsetAt(start) <= document.offsetAt(end);
  const holds = (range: Range, at: number) => isInside(range) && document.offsetAt(range.start) <= at && at <= document.offsetAt(range.end);

  test('is answered within the text wherever it is asked', { timeout: 60_000 }, async () => {
    await editor.open(text, uri);
    const textDocument = { uri };
    for (const at of placesOf(text)) {
      const position = document.positionAt(at);
      const place = { textDocument, position };
      const completions = await editor.completeAt(uri, position);
      for (const { textEdit } of completions) if (textEdit && 'range' in textEdit) expect(holds(textEdit.range, at), `${at}`).toBe(true);
      const hover = await editor.hoverAt(uri, position);
      if (hover?.range) expect(holds(hover.range, at), `${at}`).toBe(true);
      const [selection] = await editor.request<SelectionRange[]>('textDocument/selectionRange', { textDocument, positions: [position] });
      for (let each = selection; each; each = each.parent) expect(holds(each.range, at), `${at}`).toBe(true);
      const references = await editor.request<Location[] | null>('textDocument/references', {
        ...place,
        context: { includeDeclaration: true },
      });
      for (const { range } of (references ?? []).filter((found) => found.uri === uri)) expect(isInside(range), `${at}`).toBe(true);
    }
  });

  test('keeps its meaning and its line ends whatever is done to it', { timeout: 60_000 }, async () => {
    const errorsIn = async (changed: string) =>
      (await editor.diagnostics(await editor.open(changed, uri))).filter(({ severity }) => severity === 1).map(({ message }) => message);
    const before = await errorsIn(text);
    const diagnostics = await editor.diagnostics(await editor.open(text, uri));
    const changes = new Map<string, readonly TextEdit[]>();
    for (const at of placesOf(text)) {
      const position = document.positionAt(at);
      const params = { textDocument: { uri }, range: { start: position, end: position }, context: { diagnostics } };
      for (const { title, edit } of await editor.request<CodeAction[]>('textDocument/codeAction', params))
        changes.set(`${title} ${JSON.stringify(edit?.changes?.[uri])}`, edit?.changes?.[uri] ?? []);
      const renamed = editor.request<WorkspaceEdit | null>('textDocument/rename', { textDocument: { uri }, position, newName: 'renamed' });
      const edits = (await renamed.catch(() => null))?.changes?.[uri] ?? [];
      if (edits.length > 0) changes.set(JSON.stringify(edits), edits);
    }
    for (const [title, edits] of changes) {
      // One tab less leaves the others where they are wrong.
      if (title.startsWith('Indent with spaces')) continue;
      const changed = TextDocument.applyEdits(document, [...edits]);
      expect(
        (await errorsIn(changed)).filter((message) => !before.includes(message)),
        title,
      ).toEqual([]);
      if (text.includes('\r\n')) expect(/[^\r]\n/.test(changed), title).toBe(false);
    }
  });
});

test('all tabs are taken out by their fixes, one behind a dash as well', async () => {
  const text = unusual.tabs ?? '';
  const uri = await editor.open(text, 'file:///tabs/all.yaml');
  const context = { diagnostics: await editor.diagnostics(uri) };
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const actions = await editor.request<CodeAction[]>('textDocument/codeAction', { textDocument: { uri }, range, context });
  const edits = actions.filter(({ title }) => title === 'Indent with spaces').flatMap(({ edit }) => edit?.changes?.[uri] ?? []);
  const after = TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 1, text), edits);
  expect(await editor.problems(after, uri)).toEqual([]);
});

test('objects of lists in lists are known by name, and what is wrong in them is told', async () => {
  const text = unusual['lists of lists'] ?? '';
  const uri = await editor.open(text.replace('app: web }', 'app: wbe }'), 'file:///lists/all.yaml');
  expect((await editor.diagnostics(uri)).map(({ code }) => code)).toEqual(['selects-nothing']);
  expect(await editor.hover(text.replace('image: nginx', 'im|age: nginx'))).toContain('docker.io/library/nginx:1.29');
});
