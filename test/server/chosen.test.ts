import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CompletionItem } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseAllDocuments } from 'yaml';
import { kubernetesYaml } from '../../runtime/api/yaml/dialect.ts';
import { withDefaults } from '../../server/schemas/skeleton.ts';
import { Editor, positionIn } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # the shop
  labels: { app: web }
spec:
  # two of them
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
      - name: a
        image: "nginx:1"
        ports:
          - containerPort: 80
        env: [{ name: A, value: "1" }]
      volumes:
      - name: x
        emptyDir: {}
`;
const inFlow = `{ apiVersion: v1, kind: Pod, metadata: { name: a,
  labels: {app: x} }, spec: { containers: [{ name: a, ports: [{ containerPort: 80 }], command: [sh] }], volumes: [] } }
`;
const inJson = `${JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } }, undefined, 2)}\n`;

/** Every beginning of a line at several columns, as a line of its own. */
function* ownLines(text: string): Generator<[text: string, at: number]> {
  const lines = text.split('\n');
  for (const [index, line] of lines.slice(0, -1).entries()) {
    const column = line.search(/[^\s-]|$/);
    for (const indent of new Set([column, column - 1, column + 2, 0])) {
      if (indent < 0) continue;
      const above = `${lines.slice(0, index + 1).join('\n')}\n${' '.repeat(indent)}`;
      yield [`${above}\n${lines.slice(index + 1).join('\n')}`, above.length];
    }
  }
}

/** Every place behind a sign and every one before a word, with half a word there and without. */
function* withinLines(text: string): Generator<[text: string, at: number]> {
  for (const { index, 0: sign } of text.matchAll(/[{[,:](?=\s|")\s?|(?<=\s)(?=[\w"])/g)) {
    const at = index + sign.length;
    yield [text, at];
    if (/[{,]/.test(sign)) yield [`${text.slice(0, at)}na${/^\s*[}\]]/.test(text.slice(at)) ? '' : ','}${text.slice(at)}`, at + 2];
  }
}

function chosen(text: string, item: CompletionItem): string {
  const edit = item.textEdit;
  if (!edit || !('range' in edit)) throw new Error(`${item.label} has no edit`);
  const own = { range: edit.range, newText: withDefaults(edit.newText) };
  return TextDocument.applyEdits(TextDocument.create('file:///a.yaml', 'yaml', 0, text), [own, ...(item.additionalTextEdits ?? [])]);
}

const wrong = (text: string) =>
  parseAllDocuments(text, { ...kubernetesYaml, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' }).flatMap(({ errors }) =>
    errors.map(({ message }) => message),
  );

test.each([
  ['a block', deployment],
  ['flow style', inFlow],
  ['JSON', inJson],
])('whatever is chosen wherever in %s, YAML can be read as before', async (_what, manifest) => {
  let count = 0;
  const broken: string[] = [];
  for (const [text, at] of [...ownLines(manifest), ...withinLines(manifest)]) {
    const before = wrong(text).length;
    const uri = await editor.open(text);
    for (const item of await editor.completeAt(uri, positionIn(text, at))) {
      count++;
      const after = chosen(text, item);
      if (wrong(after).length > before) broken.push(`${item.label} at ${text.slice(0, at)}│:\n${after}`);
    }
  }
  expect(count).toBeGreaterThan(200);
  expect(broken).toEqual([]);
});
