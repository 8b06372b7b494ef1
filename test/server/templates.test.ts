import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hover, Location } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ManifestFile } from '../../server/documents/file.ts';
import { WorkspaceIndex } from '../../server/index/workspace-index.ts';
import { Editor, fixture, positionIn, show } from './editor.ts';

const valuesUri = 'file:///workspace/chart/values.yaml';
const uri = 'file:///workspace/chart/templates/web.yaml';
const values = 'image:\n  repository: nginx\n  tag: "1"\nreplicas: 2\n';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start({
    listFiles: async () => [valuesUri],
    readFile: async (asked) => (asked === valuesUri ? values : undefined),
  });
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const chart = fixture('web.chart.yaml');
const template = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n${spec}`;
const hints = async (text: string) => (await editor.diagnostics(await editor.open(text, uri))).map(({ message }) => message);

describe('Helm templates are not drowned in errors', () => {
  test('a chart of all that people write has none, nor hints', async () => {
    expect(await hints(chart)).toEqual([]);
  });

  test('nor has any beginning of it, while it is typed', async () => {
    for (let length = 0; length < chart.length; length += 41) {
      const begun = chart.slice(0, length);
      const elsewhere = (await editor.problems(begun, uri)).filter((problem) => Number.parseInt(problem, 10) < begun.split('\n').length);
      expect([begun, elsewhere]).toEqual([begun, []]);
    }
  });

  test('what is written in full is still checked, at its place', async () => {
    const text = template(
      '  {{- if .Values.host }}\n  hostNetwork: "yes"\n  {{- end }}\n  container:\n    - name: {{ .a }}\n  restartPolicy: always\n',
    );
    expect(await editor.problems(text, uri)).toEqual([
      '7:16-7:21 error spec.hostNetwork: Invalid value: "yes": must be of type boolean',
      '9:3-9:12 error unknown field "spec.container" (did you mean "containers"?)',
      '11:18-11:24 error spec.restartPolicy: Unsupported value: "always": supported values: "Always", "Never", "OnFailure"',
    ]);
  });

  test.each([
    ['branches for several versions of an API', 'apiVersion: {{ if .x }}v1{{ else }}v2{{ end }}\nkind: Pod\nspec: { nonsense: 1 }\n'],
    [
      'branches with an apiVersion each',
      '{{ if .x }}\napiVersion: v1\n{{ else }}\napiVersion: v2\n{{ end }}\nkind: Pod\nspec: { nonsense: 1 }\n',
    ],
    ['a kind that is chosen', 'apiVersion: v1\nkind: {{ .Values.kind }}\nspec: { nonsense: 1 }\n'],
    ['a whole document from a helper', '{{- include "common.service" . -}}\n'],
    ['helpers', '{{- define "x" -}}\napp: {{ .Chart.Name }}\n{{- end }}\n'],
    ['helpers above a manifest', `{{- define "x" -}}\napp: {{ .Chart.Name }}\n{{- end }}\n${template('  hostname: a\n')}`],
    ['quotes in quotes', template('  hostname: "{{ default "a" .Values.host }}"\n')],
    ['text around an action', template('  hostname: a{{ .Values.b }}c\n')],
    ['keys from actions', template('  nodeSelector:\n    {{ .Values.key }}: {{ .Values.value }}\n')],
    ['one field in one line of conditions', template('  {{ if .Values.x }}hostname: a{{ end }}\n')],
  ])('%s', async (_what, text) => {
    expect(await editor.problems(text, uri)).toEqual([]);
  });

  test('a manifest with braces in its texts is no template', async () => {
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  t: "{{ $labels.x }}"\n  u: |\n    {{ range .Alerts }}\n  v: 1\n';
    expect(await editor.problems(text)).toEqual([expect.stringMatching(/^8:6-8:7 error data\[v\]: Invalid value: 1/)]);
    expect(await editor.documents(await editor.open(text))).toHaveLength(1);
  });
});

test('completion and hover work between the actions', async () => {
  const text = template('  {{- with .Values.x }}\n  hostn|\n  {{- end }}\n  containers:\n    - name: {{ .a }}\n      image: x\n');
  expect((await editor.complete(text)).map(({ label }) => label)).toContain('hostname');
  expect(await editor.hover(template('  {{- if .Values.x }}\n  host|name: {{ .Values.y }}\n  {{- end }}\n'))).toContain(
    '**hostname** `string`',
  );
  const dynamic = 'apiVersion: {{ include "x" . }}\nkind: Deployment\nspec:\n  repli|cas: {{ .Values.replicas }}\n';
  expect(await editor.hover(dynamic)).toContain('**replicas** `integer`');
});

test('the outline shows what is not known as such, and no document is called an object', async () => {
  const opened = await editor.open(chart, uri);
  expect((await editor.symbols(opened)).map(({ name }) => name)).toEqual(['Deployment/{{…}}', 'Service/{{…}}']);
  expect(await editor.documents(opened)).toEqual([]);
});

test('.Values is completed and followed into values.yaml', async () => {
  const text = template('  hostname: {{ .Values.image. }}\n');
  const opened = await editor.open(text, uri);
  const at = (needle: string) => positionIn(text, text.indexOf(needle) + needle.length);
  expect((await editor.completeAt(opened, at('image.'))).map(({ label, detail }) => `${label} ${detail}`)).toEqual([
    'repository "nginx"',
    'tag "1"',
  ]);
  expect((await editor.completeAt(opened, at('.Values.'))).map(({ label }) => label)).toEqual(['image', 'replicas']);
  const complete = await editor.open(template('  hostname: {{ .Values.image.tag | default "x" }}\n'), uri);
  const definition = async (needle: string) =>
    (await editor.ask<Location[]>('textDocument/definition', complete, needle)).map((place) => `${place.uri} ${show(place.range)}`);
  expect(await definition('tag |')).toEqual([`${valuesUri} 3:3-3:6`]);
  expect(await definition('image.tag')).toEqual([`${valuesUri} 1:1-1:6`]);
  const hover = async (needle: string) => {
    const found = await editor.ask<Hover>('textDocument/hover', complete, needle);
    return typeof found.contents === 'object' && 'value' in found.contents ? found.contents.value : '';
  };
  expect(await hover('tag |')).toBe(`**.Values.image.tag** · [values.yaml:3](${valuesUri}#L3)\n\n\`\`\`yaml\n"1"\n\`\`\``);
  expect(await hover('default "x"')).toContain('**hostname**');
});

test('an object of a broken template is called by no expression', async () => {
  const broken = (name: string) =>
    new ManifestFile(
      TextDocument.create('file:///chart/a.yaml', 'yaml', 1, `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec: [\n`),
    );
  const index = new WorkspaceIndex();
  index.touch(broken('{{ .Release.Name }}'));
  expect(index.all()).toEqual([]);
  index.touch(broken('web'));
  expect(index.all().map(({ what }) => what.name)).toEqual(['web']);
});
