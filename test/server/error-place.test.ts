import { afterAll, beforeAll, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

/** What errors are told at: the text that is marked, and the message up to its second colon. */
async function marked(text: string): Promise<string[]> {
  const document = TextDocument.create('', 'yaml', 0, text);
  const diagnostics = await editor.diagnostics(await editor.open(text));
  return diagnostics
    .filter(({ severity }) => severity === 1)
    .map(({ range, message }) => `${document.getText(range)} | ${String(message).split(':').slice(0, 3).join(':').slice(0, 90)}`);
}

const pod = (metadata: string, spec = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n${metadata}spec:\n  containers:\n  - name: web\n    image: nginx:1.29\n${spec}`;

test.each([
  ['the value of a label', pod('  labels: { app: web, tier: a b }\n'), ['a b | metadata.labels: Invalid value: "a b"']],
  ['the name of an annotation', pod('  annotations:\n    a: b\n    a b: c\n'), ['a b | metadata.annotations: Invalid value: "a b"']],
  [
    'the values of two labels that are wrong alike',
    pod('  labels:\n    app: "-"\n    tier: "-" # too\n'),
    ['"-" | metadata.labels: Invalid value: "-"', '"-" | metadata.labels: Invalid value: "-"'],
  ],
  [
    'the value in a selector',
    'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec:\n  selector:\n    app: a b\n  ports: [{ port: 80 }]\n',
    ['a b | spec.selector: Invalid value: "a b"'],
  ],
  [
    'the request that is above its limit',
    pod('', '    resources:\n      requests: { cpu: "1", memory: 1Gi }\n      limits: { cpu: 500m, memory: 1Gi }\n'),
    ['"1" | spec.containers[0].resources.requests: Invalid value: "1"'],
  ],
  [
    'the same, written otherwise than it is shown',
    pod('', '    resources:\n      requests: { memory: 2048Mi }\n      limits: { memory: 1Gi }\n'),
    ['2048Mi | spec.containers[0].resources.requests: Invalid value: "2Gi"'],
  ],
  [
    'the address that becomes the first of several',
    'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { clusterIP: none, selector: { app: web }, ports: [{ port: 80 }] }\n',
    ['none | spec.clusterIPs[0]: Invalid value: "none"'],
  ],
  [
    'the range that becomes the first of several',
    'apiVersion: v1\nkind: Node\nmetadata: { name: a }\nspec: { podCIDR: 10.0.0.1/33 }\n',
    ['10.0.0.1/33 | spec.podCIDRs[0]: Invalid value: "10.0.0.1/33"'],
  ],
])('an error stands at %s', async (_, text, expected) => {
  expect(await marked(text)).toEqual(expected);
});

test('a limit of a resource that is none is not told of the request that it becomes, too', async () => {
  const told = await marked(pod('', '    resources:\n      limits: { foo: 1 }\n'));
  expect(told.every((line) => line.startsWith('1 | spec.containers[0].resources.limits[foo]'))).toBe(true);
  expect(told).toHaveLength(2);
});

test('a name that is no text is shown in brackets as its value is', async () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  on: b\n';
  expect(await editor.problems(text)).toEqual([
    '5:3-5:5 warning data[true]: YAML reads on as true, and so the name is "true": put it in quotes, "on"',
  ]);
});
