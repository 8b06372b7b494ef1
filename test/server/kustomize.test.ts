import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver';
import { diskOf, Editor, fixture, positionIn } from './editor.ts';

const folder = 'file:///workspace/shop/';
const uri = `${folder}kustomization.yaml`;
const disk: Record<string, string> = {
  'kustomization.yaml':
    'resources:\n  - web.yaml\npatches:\n  - path: patch.yaml\n  - path: json.yaml\nnamespace: prod\nconfigMapGenerator:\n  - name: settings\n    literals: [a=b]\n',
  'web.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n',
  'patch.yaml': '',
  'json.yaml': '',
  'base/kustomization.yaml': 'resources: []\n',
  'base/app.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: app }\n',
};

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start(diskOf(folder, () => disk));
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
const problems = (text: string, name = 'kustomization.yaml') => editor.problems(text, folder + name);

test('a patch that its kustomization names in a comment only need not be complete either', async () => {
  const patch = (replicas: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: app }\nspec: { replicas: ${replicas} }\n`;
  for (const name of ['base/app_patch.yaml', 'base/patches/app.yaml', 'base/patch-app.yaml']) {
    expect(await problems(patch('2'), name)).toEqual([]);
    expect(await problems(patch('two'), name)).toEqual([expect.stringContaining('spec.replicas: Invalid value: "two"')]);
    await editor.close(folder + name);
  }
  for (const name of ['base/dispatch.yaml', 'other/deeper/app_patch.yaml']) {
    expect(await problems(patch('2'), name)).toEqual([
      expect.stringContaining('Required value'),
      expect.stringContaining('Required value'),
    ]);
    await editor.close(folder + name);
  }
});

describe('a kustomization is known', () => {
  test('its fields and their types', async () => {
    expect(
      await problems(
        `${head}resource: [web.yaml]\nreplicas:\n  - { name: web, count: "3" }\nsortOptions: { order: random }\nimages: nginx\nbuildMetadata: [managedBy]\n`,
      ),
    ).toEqual([
      '3:1-3:9 error unknown field "resource" (did you mean "resources"?)',
      '5:25-5:28 error replicas[0].count: Invalid value: "3": must be of type integer',
      '6:23-6:29 error sortOptions.order: Unsupported value: "random": supported values: "fifo", "legacy"',
      '7:9-7:14 error images: Invalid value: "nginx": must be of type array',
      expect.stringContaining('buildMetadata[0]: Unsupported value: "managedBy"'),
    ]);
  });

  test('every field that upstream documents is allowed, in a Component too', async () => {
    const text = fixture('everything.kustomization.yaml');
    expect(await problems(text)).toEqual([]);
    expect(await problems(text.replace('v1beta1', 'v1alpha1').replace('kind: Kustomization', 'kind: Component'))).toEqual([]);
  });

  test('the wrong version of a kind', async () => {
    expect(await problems('apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\nresources: []\n')).toEqual([
      '1:13-1:39 error no matches for kind "Kustomization" in version "kustomize.config.k8s.io/v1" (did you mean "kustomize.config.k8s.io/v1beta1"?)',
    ]);
  });

  test('completion and hover', async () => {
    const fields = (await editor.complete(`${head}|`)).map(({ label }) => label);
    expect(fields).toEqual(expect.arrayContaining(['resources', 'configMapGenerator', 'replacements']));
    expect(await editor.hover(`${head}name|Prefix: x-\n`)).toContain('What is put before all names');
  });

  test('fields come in the order in which people write them, deprecated ones last', async () => {
    const items = await editor.complete(`${head}|`);
    const sorted = items.toSorted((left, right) => ((left.sortText ?? '') < (right.sortText ?? '') ? -1 : 1));
    expect(sorted.slice(0, 4).map(({ label }) => label)).toEqual(['resources', 'namespace', 'patches', 'images']);
    expect(sorted.at(-1)).toMatchObject({ label: 'vars', tags: [1] });
  });

  test('the case of names does not matter to kustomize', async () => {
    expect(await problems(`${head}ConfigMapGenerator:\n  - Name: a\n    LITERALS: [a=b]\n`)).toEqual([]);
  });

  test('it may leave out what it is', async () => {
    expect(await problems('resource: []\nbases: [base]\n')).toEqual([
      '1:1-1:9 error unknown field "resource" (did you mean "resources"?)',
      "2:1-2:6 warning 'bases' is deprecated. Please use 'resources' instead.",
    ]);
    expect((await editor.complete('resources: []\nconfigMapGenerator:\n  - na|\n')).map(({ label }) => label)).toContain('name');
  });

  test('it is no object to apply', async () => {
    expect(await editor.documents(await editor.open(head, uri))).toEqual([]);
  });
});

test('deprecated fields are told with what stands for them now', async () => {
  const text = `${head}bases:\n  - base\npatchesStrategicMerge:\n  - patch.yaml\nvars: []\n`;
  expect(await problems(text)).toEqual([
    "3:1-3:6 warning 'bases' is deprecated. Please use 'resources' instead.",
    "5:1-5:22 warning 'patchesStrategicMerge' is deprecated. Please use 'patches' instead.",
    "7:1-7:5 warning 'vars' is deprecated. Please use 'replacements' instead.",
  ]);
  expect(await editor.fixes(uri)).toEqual([
    'Change to resources 3:1-3:6 resources',
    "Change to 'patches' 5:1-6:15 patches:\n  - path: patch.yaml",
  ]);
});

describe('paths', () => {
  test('what is not there is told', async () => {
    expect(
      await problems(
        `${head}resources:\n  - web.yaml\n  - wep.yaml\n  - base\n  - ../other\n  - https://github.com/x/y//z?ref=1\n  - github.com/x/y/z\npatches:\n  - path: p.yaml\n  - path: v1.2/x/p.yaml\n`,
      ),
    ).toEqual([
      '5:5-5:13 warning No such file: wep.yaml',
      '7:5-7:13 warning No kustomization in this folder: ../other',
      '11:11-11:17 warning No such file: p.yaml',
      '12:11-12:24 warning No such file: v1.2/x/p.yaml',
    ]);
  });

  test('what is there is completed', async () => {
    const text = `${head}resources:\n  - web.yaml\n  - \n`;
    const opened = await editor.open(text, uri);
    const labels = (await editor.completeAt(opened, { line: 4, character: 4 })).map(({ label }) => label);
    expect(labels).toEqual(['base', 'base/app.yaml', 'json.yaml', 'patch.yaml']);
  });

  test('folders with a kustomization elsewhere are completed', async () => {
    const overlay = `${folder}overlays/prod/kustomization.yaml`;
    const opened = await editor.open('resources:\n  - \npatches:\n  - path: \n', overlay);
    const labels = async (line: number, character: number) =>
      (await editor.completeAt(opened, { line, character })).map(({ label }) => label);
    expect(await labels(1, 4)).toEqual(['../../base']);
    expect(await labels(3, 10)).toEqual([]);
    await editor.close(opened);
  });

  test.each([
    'helmCharts:\n  - name: a\n    valuesFile: |\n',
    'helmCharts:\n  - name: a\n    additionalValuesFiles:\n      - |\n    includeCRDs: true\n',
    'helmChartInflationGenerator:\n  - chartName: a\n    values: |\n',
    'openapi:\n  path: |\n',
    'configMapGenerator:\n  - name: a\n    files:\n      - |\n',
    'configurations:\n  - |\n',
    'crds: # note\n  - |\n',
  ])('files alone are completed in %j', async (marked) => {
    const at = marked.indexOf('|');
    const opened = await editor.open(head + marked.replace('|', ''), uri);
    const items = await editor.completeAt(opened, positionIn(head + marked, head.length + at));
    expect(items.map(({ label }) => label)).toEqual(['base/app.yaml', 'json.yaml', 'patch.yaml', 'web.yaml']);
  });

  test('paths are completed where they are wanted alone', async () => {
    for (const marked of [
      'helmCharts:\n  - name: |\n',
      'helmCharts:\n  - name: a\n    apiVersions:\n      - |\n',
      'helmGlobals:\n  chartHome: |\n',
    ]) {
      const opened = await editor.open(head + marked.replace('|', ''), uri);
      const items = await editor.completeAt(opened, positionIn(head + marked, head.length + marked.indexOf('|')));
      expect(items.map(({ label }) => label)).not.toContain('web.yaml');
    }
  });

  test('kinds are completed in the order of what is written, and where objects are left out', async () => {
    const order = await editor.open(`${head}sortOptions:\n  order: legacy\n  legacySortOptions:\n    orderFirst:\n      - \n`, uri);
    const labels = async (line: number, character: number) =>
      (await editor.completeAt(order, { line, character })).map(({ label }) => label);
    expect(await labels(6, 8)).toEqual(expect.arrayContaining(['Namespace', 'Deployment']));
    await editor.open(`${head}replacements:\n  - targets:\n      - reject:\n          - kind: \n`, uri);
    expect(await labels(5, 18)).toContain('ConfigMap');
  });

  test('kinds, names and images of the workspace are completed', async () => {
    const objects = await editor.open(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { template: { spec: { containers: [{ name: a, image: "registry:5000/shop:1.2" }] } } }\n',
      `${folder}shop.yaml`,
    );
    const text = `${head}patches:\n  - target: { kind:  }\n  - target:\n      kind: ConfigMap\n      name: \nimages:\n  - name: \nreplicas:\n  - name: \n`;
    const opened = await editor.open(text, uri);
    const labels = async (line: number, character: number) =>
      (await editor.completeAt(opened, { line, character })).map(({ label }) => label);
    expect((await labels(3, 20)).sort()).toEqual(['ConfigMap', 'Deployment']);
    expect((await labels(6, 12)).sort()).toEqual(['app', 'web']);
    expect(await labels(8, 10)).toEqual(['registry:5000/shop']);
    expect(await labels(10, 10)).toEqual(['shop']);
    await editor.close(objects);
  });

  test('a manifest is added to its kustomization', async () => {
    const opened = await editor.open('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: app }\n', `${folder}base/app.yaml`);
    await editor.close(uri);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const ask = (textDocument: { uri: string }) =>
      editor.request<CodeAction[]>('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } });
    expect(await ask({ uri: opened })).toEqual([]);
    const web = await editor.open('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: new }\n', `${folder}new.yaml`);
    expect((await ask({ uri: web })).map(({ title, edit }) => [title, edit?.changes?.[uri]])).toEqual([
      [
        'Add new.yaml to the resources of kustomization.yaml',
        [{ range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, newText: '  - new.yaml\n' }],
      ],
    ]);
  });
});

describe('patches are not called incomplete, but checked', () => {
  beforeEach(() => editor.close(uri));

  const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n';

  test('in a file that a kustomization names', async () => {
    const patch = `${deployment}spec:\n  replicas: two\n  template:\n    spec:\n      $setElementOrder/containers: [{ name: a }]\n      containers:\n        - name: a\n          imag: x\n        - name: b\n          $patch: delete\n`;
    expect(await problems(patch, 'patch.yaml')).toEqual([
      '6:13-6:16 error spec.replicas: Invalid value: "two": must be of type integer',
      '12:11-12:15 error unknown field "spec.template.spec.containers[0].imag" (did you mean "image"?)',
    ]);
    expect(await problems(deployment, 'elsewhere.yaml')).not.toEqual([]);
  });

  test('in a JSON patch', async () => {
    const patch =
      '- op: replace\n  path: spec.replicas\n  value: 3\n- op: ad\n  path: /a\n- op: remove\n- op: move\n  path: /b\n  vale: 1\n- op: test\n  path: ""\n  value: null\n';
    expect(await problems(patch, 'json.yaml')).toEqual([
      '2:9-2:22 error [0].path: Invalid value: "spec.replicas": a JSON pointer begins with "/"',
      '4:7-4:9 error [1].op: Unsupported value: "ad": supported values: "add", "replace", "test", "remove", "move", "copy"',
      '6:3-6:5 error [2].path: Required value',
      '9:3-9:7 error [3].vale: unknown field "vale" (did you mean "value"?)',
      '7:3-7:5 error [3].from: Required value',
    ]);
  });

  test('where they stand in the kustomization', async () => {
    const text = `${head}patches:\n  - target: { kind: Deployment }\n    patch: |-\n      - op: replase\n        path: /spec/replicas\n        value: 3\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: web }\n      spec: { replica: 3 }\n`;
    expect(await problems(text)).toEqual([
      '13:15-13:22 error unknown field "spec.replica" (did you mean "replicas"?)',
      expect.stringContaining('6:13-6:20 error [0].op: Unsupported value: "replase"'),
    ]);
  });
});

test('names that a kustomization generates are there for manifests without a namespace, too', async () => {
  await editor.close(uri);
  const pod = (name: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n    - { name: a, image: "nginx:1", envFrom: [{ configMapRef: { name: ${name} } }] }\n`;
  const dangling = async (name: string) => (await problems(pod(name), 'pod.yaml')).filter((line) => line.includes('declares ConfigMap'));
  expect(await dangling('settings')).toEqual([]);
  expect(await dangling('setings')).toEqual([expect.stringContaining('did you mean "settings"?')]);
});
