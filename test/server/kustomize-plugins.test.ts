import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DocumentLink } from 'vscode-languageserver';
import { diskOf, Editor } from './editor.ts';

const folder = 'file:///workspace/';
const kustomization = `resources: [web.yaml, ./v1.2]
components: [tls]
generators: [generator.yaml, plugins]
transformers: [transformer.yaml]
validators: [validator.yaml]
configurations: [names.yaml]
openapi: { path: schema.json }
helmCharts:
  - { name: minecraft, repo: https://example.org, valuesFile: values.yaml, additionalValuesFiles: [more.yaml] }
replacements: [{ path: replacement.yaml }]
patches: [{ target: { kind: Secret, name: made-by-a-chart }, patch: "- { op: remove, path: /data/a }" }]
`;
const plugin = (kind: string, apiVersion = 'builtin') => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n`;
const files: Record<string, string> = {
  'kustomization.yaml': kustomization,
  'web.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n',
  'v1.2/kustomization.yaml': 'resources: []\n',
  'tls/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n',
  'plugins/kustomization.yaml': 'resources: [secrets.yaml]\n',
  'plugins/secrets.yaml': plugin('ksops', 'viaduct.ai/v1'),
  'generator.yaml': plugin('HelmChartInflationGenerator'),
  'transformer.yaml': `${plugin('LabelTransformer')}---\n${plugin('ValueAnnotator', 'transformers.example.co/v1')}`,
  'validator.yaml': plugin('Checker', 'example.com/v1'),
  'names.yaml': 'nameReference:\n- kind: Deployment\n  fieldSpecs: [{ kind: Rollout, path: spec/ref/name }]\n',
  'replacement.yaml': 'source: { kind: ConfigMap, name: web }\ntargets: [{ select: { kind: Service }, fieldPaths: [spec.selector.app] }]\n',
  'values.yaml': 'image: x\n',
  'more.yaml': 'kind: x\n',
};

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start(diskOf(folder, () => files));
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

test.each(Object.keys(files))('nothing is wrong with what a kustomization names: %s', async (name) => {
  expect(await editor.problems(files[name] ?? '', folder + name)).toEqual([]);
});

test('elsewhere a kind that nobody defines is told of', async () => {
  expect(await editor.problems(plugin('Checker', 'example.com/v1'), `${folder}other/checker.yaml`)).toEqual([
    expect.stringContaining('no matches for kind "Checker"'),
  ]);
});

test('every file and folder that it names is a link', async () => {
  const uri = await editor.open(kustomization, `${folder}kustomization.yaml`);
  const links = await editor.request<DocumentLink[]>('textDocument/documentLink', { textDocument: { uri } });
  expect(links.map(({ target = '' }) => target.slice(folder.length)).sort()).toEqual([
    'generator.yaml',
    'more.yaml',
    'names.yaml',
    'plugins/kustomization.yaml',
    'replacement.yaml',
    'schema.json',
    'tls/kustomization.yaml',
    'transformer.yaml',
    'v1.2/kustomization.yaml',
    'validator.yaml',
    'values.yaml',
    'web.yaml',
  ]);
});
