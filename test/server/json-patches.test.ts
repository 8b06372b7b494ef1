import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CodeAction, CompletionItem, Hover, MarkupContent, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { diskOf, Editor, positionIn, show } from './editor.ts';

const folder = 'file:///workspace/shop/';
const uri = `${folder}kustomization.yaml`;
const deployment = (name: string, spec = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n${spec}  template:\n    spec:\n      containers:\n        - name: ${name}\n          image: nginx\n          ports: [{ containerPort: 80 }]\n`;
const widgets = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Widget, plural: widgets, singular: widget }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                size: { type: integer }
                free: { type: object, x-kubernetes-preserve-unknown-fields: true }
`;
const files: Readonly<Record<string, string>> = {
  'web.yaml': deployment('web', '  replicas: 1\n'),
  'database.yaml': 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: database }\nspec: { serviceName: database }\n',
  'widgets.yaml': widgets,
  'json.yaml': '',
  'patch.json': '[{"op": "add", "path": "/spec/replica", "value": 3}]',
  'base/kustomization.yaml': 'namePrefix: my-\nresources: [app.yaml]\n',
  'base/app.yaml': deployment('app'),
};

let disk: Record<string, string>;
let editor: Editor;
beforeAll(async () => {
  disk = { ...files };
  editor = await Editor.start(diskOf(folder, () => disk));
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});
beforeEach(() => editor.close(uri));

const indent = (text: string) => text.replace(/^(?=.)/gm, '      ');
/** A kustomization that patches by a block of text. */
const patching = (target: string, patch: string, more = 'resources: [web.yaml, database.yaml]\n') =>
  `${more}patches:\n  - target: ${target}\n    patch: |-\n${indent(patch)}`;
const problems = (text: string, name = 'kustomization.yaml') => editor.problems(text, folder + name);
const messages = async (text: string, name?: string) => (await problems(text, name)).map((line) => line.replace(/^\S+ /, ''));
const onWeb = (patch: string) => messages(patching('{ kind: Deployment, name: web }', patch));

describe('a JSON patch that is fine stays unmarked', () => {
  test.each([
    ['a field that is there', '- { op: replace, path: /spec/replicas, value: 3 }\n'],
    ['an item of a list', '- { op: replace, path: /spec/template/spec/containers/0/image, value: "nginx:1" }\n'],
    ['a new item of a list', '- { op: add, path: /spec/template/spec/containers/-, value: { name: a, image: b } }\n'],
    ['an item counted from the end', '- { op: remove, path: /spec/template/spec/containers/-1 }\n'],
    ['a label with a slash', '- { op: add, path: /metadata/labels, value: {} }\n- { op: add, path: /metadata/labels/a.b~1c, value: d }\n'],
    ['an annotation, as kustomize has some at that time', '- { op: add, path: /metadata/annotations/a.b~1c, value: d }\n'],
    ['a quantity', '- { op: add, path: /spec/template/spec/containers/0/resources, value: { limits: { cpu: 1 } } }\n'],
    ['a move', '- { op: move, from: /spec/replicas, path: /spec/minReadySeconds }\n'],
    ['a value to be taken away', '- { op: replace, path: /spec/replicas, value: null }\n'],
    ['JSON', '[{"op": "replace", "path": "/spec/replicas", "value": 3}]\n'],
    ['a test', '- { op: test, path: /spec/replicas, value: 1 }\n'],
  ])('%s', async (_, patch) => {
    expect(await onWeb(patch)).toEqual([]);
  });

  test('for a kind that nobody knows', async () => {
    expect(await messages(patching('{ kind: Gadget }', '- { op: add, path: /spec/anything, value: 1 }\n', ''))).toEqual([]);
    expect(await messages(patching('{ name: web.* , labelSelector: a=b }', '- { op: add, path: /spec/anything, value: 1 }\n', ''))).toEqual(
      [],
    );
  });

  test('for objects of one kind among those that the target may mean', async () => {
    const patch = '- { op: add, path: /spec/strategy, value: { type: Recreate } }\n';
    expect(await messages(patching('{ kind: Deployment|StatefulSet }', patch, ''))).toEqual([]);
  });

  test('for either version of a kind', async () => {
    const patch = '- { op: add, path: /spec/targetCPUUtilizationPercentage, value: 50 }\n- { op: add, path: /spec/metrics, value: [] }\n';
    expect(await messages(patching('{ kind: HorizontalPodAutoscaler }', patch, ''))).toEqual([]);
    expect(await messages(patching('{ kind: HorizontalPodAutoscaler, version: v2 }', patch, ''))).toEqual([
      'error unknown field "spec.targetCPUUtilizationPercentage"',
    ]);
  });
});

describe('what is no JSON pointer is told', () => {
  test.each([
    [
      'without its slash',
      '- { op: remove, path: spec/replicas }\n',
      ['error [0].path: Invalid value: "spec/replicas": a JSON pointer begins with "/"'],
    ],
    [
      'a tilde that escapes nothing',
      '- { op: add, path: /metadata/annotations/~a, value: b }\n',
      ['error [0].path: Invalid value: "/metadata/annotations/~a": "~" is written as "~0" in a JSON pointer, and "/" in a name as "~1"'],
    ],
    ['no text', '- { op: remove, path: 3 }\n', ['error [0].path: Invalid value: 3: must be of type string']],
    [
      'from, too',
      '- { op: move, path: /spec/paused, from: spec }\n',
      ['error [0].from: Invalid value: "spec": a JSON pointer begins with "/"'],
    ],
  ])('%s', async (_, patch, expected) => {
    expect(await onWeb(patch)).toEqual(expected);
  });
});

describe('a path that leads nowhere is marked where it goes wrong', () => {
  const target = '{ kind: Deployment, name: web }';

  test('a field that is misspelt', async () => {
    expect(await problems(patching(target, '- op: replace\n  path: /spec/replica\n  value: 3\n'))).toEqual([
      '6:21-6:28 error unknown field "spec.replica" (did you mean "replicas"?)',
    ]);
    expect(await editor.fixes(uri)).toEqual(['Change to replicas 6:21-6:28 replicas']);
  });

  test('on the way', async () => {
    const patch = '- op: add\n  path: "/spec/template/spec/container/0/image"\n  value: nginx\n';
    expect(await problems(patching(target, patch))).toEqual([
      '6:36-6:45 error unknown field "spec.template.spec.container" (did you mean "containers"?)',
    ]);
  });

  test.each([
    ['below a number', '/spec/replicas/x', 'error unknown field "spec.replicas.x"'],
    ['below a label', '/metadata/labels/a/b', 'error unknown field "metadata.labels.a.b"'],
    [
      'an item by its name',
      '/spec/template/spec/containers/web/image',
      `error spec.template.spec.containers: Invalid value: "web": value was not a proper array index: 'web'`,
    ],
  ])('%s', async (_, path, expected) => {
    expect(await onWeb(`- { op: add, path: ${path}, value: a }\n`)).toEqual([expected]);
  });

  test('an item behind the last one cannot be replaced', async () => {
    expect(await onWeb('- { op: replace, path: /spec/template/spec/containers/-, value: { name: a } }\n')).toEqual([
      'error spec.template.spec.containers: Invalid value: "-": "-" is the place behind the last item, where one can only be added',
    ]);
  });

  test('where something comes from', async () => {
    expect(await problems(patching(target, '- op: copy\n  from: /spec/replica\n  path: /spec/minReadySeconds\n'))).toEqual([
      '6:21-6:28 error unknown field "spec.replica" (did you mean "replicas"?)',
    ]);
  });

  test('in a kind that the workspace defines', async () => {
    const patch =
      '- { op: add, path: /spec/sise, value: 1 }\n- { op: add, path: /spec/free/any/thing, value: 1 }\n- { op: add, path: /spec/size, value: big }\n';
    expect(await messages(patching('{ group: example.com, version: v1, kind: Widget }', patch, ''))).toEqual([
      'error unknown field "spec.sise" (did you mean "size"?)',
      'error spec.size: Invalid value: "big": must be of type integer',
    ]);
  });

  test('in one of several kinds that are patched', async () => {
    const patch = '- { op: add, path: /spec/strategy, value: { type: Recreate } }\n';
    expect(await messages(patching('{ kind: Deployment|StatefulSet }', patch))).toEqual([
      'error StatefulSet: unknown field "spec.strategy"',
    ]);
  });

  test('of the one object that the target names', async () => {
    expect(await messages(patching('{ name: database }', '- { op: add, path: /spec/strategy, value: {} }\n'))).toEqual([
      'error unknown field "spec.strategy"',
    ]);
  });

  test('in the chosen version of Kubernetes', async () => {
    const patch = '- { op: add, path: /spec/template/spec/hostnameOverride, value: a }\n';
    await editor.choose('1.30');
    expect(await onWeb(patch)).toEqual(['error unknown field "spec.template.spec.hostnameOverride": added in Kubernetes 1.34']);
    await editor.choose('');
    expect(await onWeb(patch)).toEqual([]);
  });

  test.each([
    ['in single quotes', `'[{"op": "add", "path": "/spec/replica", "value": 3}]'`, '4:43-4:50'],
    ['in double quotes, with escapes', '"[{\\"op\\": \\"add\\", \\"path\\": \\"/spec/replica\\", \\"value\\": 3}]"', '4:12-4:76'],
  ])('%s', async (_, patch, range) => {
    expect(await problems(`resources: [web.yaml]\npatches:\n  - target: { kind: Deployment }\n    patch: ${patch}\n`)).toEqual([
      `${range} error unknown field "spec.replica" (did you mean "replicas"?)`,
    ]);
  });
});

describe('a value that does not fit its field is told', () => {
  test.each([
    ['of another type', '/spec/replicas', '"3"', 'spec.replicas: Invalid value: "3": must be of type integer'],
    [
      'a list',
      '/spec/template/spec/containers',
      '{ name: a }',
      'spec.template.spec.containers: Invalid value: "object": must be of type array',
    ],
    [
      'deep inside',
      '/spec/template/spec/containers/-',
      '{ name: a, imag: b }',
      'unknown field "spec.template.spec.containers[-].imag" (did you mean "image"?)',
    ],
    ['of a label', '/metadata/labels', '{ a: 1 }', 'metadata.labels[a]: Invalid value: 1: must be of type string: put it in quotes, "1"'],
    [
      'no value of an enumeration',
      '/spec/strategy',
      '{ type: Recreat }',
      'spec.strategy.type: Unsupported value: "Recreat": supported values: "Recreate", "RollingUpdate"',
    ],
  ])('%s', async (_, path, value, expected) => {
    expect(await onWeb(`- { op: add, path: ${path}, value: ${value} }\n`)).toEqual([`error ${expected}`]);
  });

  test('right where it stands', async () => {
    expect(await problems(patching('{ kind: Deployment }', '- op: replace\n  path: /spec/replicas\n  value: two\n'))).toEqual([
      '7:16-7:19 error spec.replicas: Invalid value: "two": must be of type integer',
    ]);
  });
});

describe('what kustomize cannot apply to the objects of the workspace is told', () => {
  const cannot = (reason: string, object = 'Deployment/web') => [`warning kustomize cannot apply this to ${object}: ${reason}`];

  test.each([
    [
      'an entry of a map that is not there',
      '{ op: add, path: /metadata/labels/a, value: b }',
      'add operation does not apply: doc is missing path: "/metadata/labels/a": missing value',
    ],
    [
      'a field of something that is not there',
      '{ op: replace, path: /spec/strategy/type, value: Recreate }',
      'replace operation does not apply: doc is missing path: /spec/strategy/type: missing value',
    ],
    [
      'something to remove that is not there',
      '{ op: remove, path: /spec/paused }',
      "error in remove for path: '/spec/paused': Unable to remove nonexistent key: paused: missing value",
    ],
    [
      'an item that is not there',
      '{ op: replace, path: /spec/template/spec/containers/2/image, value: a }',
      'replace operation does not apply: doc is missing path: /spec/template/spec/containers/2/image: missing value',
    ],
    ['a test that fails', '{ op: test, path: /spec/replicas, value: 3 }', 'testing value /spec/replicas failed: test failed'],
    [
      'a copy of nothing',
      '{ op: copy, from: /spec/strategy/type, path: /spec/replicas }',
      'copy operation does not apply: doc is missing from path: /spec/strategy/type: missing value',
    ],
  ])('%s', async (_, operation, reason) => {
    expect(await onWeb(`- ${operation}\n`)).toEqual(cannot(reason));
  });

  test.each([
    [
      'in a block',
      '- op: add\n  path: /metadata/labels/a\n  value: b\n',
      '- op: add\n  path: /metadata/labels\n  value: {}\n- op: add\n  path: /metadata/labels/a\n  value: b\n',
    ],
    [
      'in flow style',
      '- { op: copy, from: /metadata/name, path: /metadata/labels/a }\n',
      '- {op: add, path: /metadata/labels, value: {}}\n- { op: copy, from: /metadata/name, path: /metadata/labels/a }\n',
    ],
    [
      'in JSON',
      '[{"op": "add", "path": "/metadata/labels/a", "value": "b"}]\n',
      '[{"op": "add", "path": "/metadata/labels", "value": {}}, {"op": "add", "path": "/metadata/labels/a", "value": "b"}]\n',
    ],
    [
      'several of them, a list among them',
      '- op: add\n  path: /spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/-\n  value: { topologyKey: a }\n',
      `- op: add
  path: /spec/template/spec/affinity
  value: {}
- op: add
  path: /spec/template/spec/affinity/podAffinity
  value: {}
- op: add
  path: /spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution
  value: []
- op: add
  path: /spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/-
  value: { topologyKey: a }
`,
    ],
  ])('and what is missing is added before: %s', async (_, patch, expected) => {
    const text = patching('{ kind: Deployment }', patch);
    expect(await messages(text)).toHaveLength(1);
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const context = { diagnostics: await editor.diagnostics(uri), only: ['quickfix'] };
    const [action] = await editor.request<CodeAction[]>('textDocument/codeAction', { textDocument: { uri }, range, context });
    expect(action?.title).toMatch(/^Add \/\S+ before$/);
    const fixed = TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 0, text), action?.edit?.changes?.[uri] ?? []);
    expect(fixed).toBe(patching('{ kind: Deployment }', expected));
    expect(await messages(fixed)).toEqual([]);
  });

  test('after what the operations before it did', async () => {
    expect(await onWeb('- { op: add, path: /metadata/labels, value: {} }\n- { op: add, path: /metadata/labels/a, value: b }\n')).toEqual(
      [],
    );
    expect(await onWeb('- { op: remove, path: /spec/replicas }\n- { op: remove, path: /spec/replicas }\n')).toEqual(
      cannot("error in remove for path: '/spec/replicas': Unable to remove nonexistent key: replicas: missing value"),
    );
  });

  test('by the patches before it', async () => {
    const first = '- target: { kind: Deployment }\n    patch: "[{op: add, path: /metadata/labels, value: {}}]"\n';
    const second = '- target: { kind: Deployment }\n    patch: "[{op: add, path: /metadata/labels/a, value: b}]"\n';
    expect(await messages(`resources: [web.yaml]\npatches:\n  ${first}  ${second}`)).toEqual([]);
    const reason = 'add operation does not apply: doc is missing path: "/metadata/labels/a": missing value';
    expect(await messages(`resources: [web.yaml]\npatches:\n  ${second}  ${first}`)).toEqual(cannot(reason));
  });

  test('but not where a strategic merge patch may have made it', async () => {
    const merge = '  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: web, labels: { b: c } }\n';
    const add = '  - target: { kind: Deployment }\n    patch: "[{op: add, path: /metadata/labels/a, value: b}]"\n';
    expect(await messages(`resources: [web.yaml]\npatches:\n${merge}${add}`)).toEqual([]);
    expect(await messages(`resources: [web.yaml]\npatches:\n${merge.replace('web', 'other')}${add}`)).toHaveLength(1);
  });

  test('in what another kustomization makes, by its name there or before', async () => {
    const patch = '- { op: remove, path: /spec/replicas }\n- { op: test, path: /metadata/name, value: app }\n';
    const reason = "error in remove for path: '/spec/replicas': Unable to remove nonexistent key: replicas: missing value";
    for (const name of ['app', 'my-app'])
      expect(await messages(patching(`{ kind: Deployment, name: ${name} }`, patch, 'resources: [base]\n'))).toEqual(
        cannot(reason, 'Deployment/app'),
      );
    expect(await messages(patching('{ kind: Deployment, name: other }', patch, 'resources: [base]\n'))).toEqual([
      expect.stringContaining('nothing is patched'),
    ]);
  });

  test('but for patchesJson6902, where there are no annotations yet', async () => {
    const text =
      'resources: [web.yaml]\npatchesJson6902:\n  - target: { version: v1, kind: Deployment, name: web }\n    patch: "[{op: add, path: /metadata/annotations/a, value: b}]"\n';
    const reason = 'add operation does not apply: doc is missing path: "/metadata/annotations/a": missing value';
    expect((await messages(text)).slice(1)).toEqual(cannot(reason));
    expect((await messages(`commonAnnotations: { b: c }\n${text}`)).slice(1)).toEqual([]);
  });

  test('until the object is changed', async () => {
    const add = patching('{ kind: Deployment }', '- { op: add, path: /metadata/labels/a, value: b }\n');
    expect(await messages(add)).toHaveLength(1);
    const web = await editor.open(disk['web.yaml'] ?? '', `${folder}web.yaml`);
    const told = editor.told.get(uri) ?? 0;
    await editor.edit(web, '  name: web\n', '  name: web\n  labels: { b: c }\n');
    await editor.diagnostics(web);
    await expect.poll(() => editor.told.get(uri) ?? 0).toBeGreaterThan(told);
    expect(await editor.diagnostics(uri)).toEqual([]);
    await editor.close(web);
    await expect.poll(async () => (await editor.diagnostics(uri)).length).toBe(1);
  });

  test('until the file is written', async () => {
    expect(await messages(patching('{ kind: Deployment }', '- { op: add, path: /metadata/labels/a, value: b }\n'))).toHaveLength(1);
    disk['web.yaml'] = (files['web.yaml'] ?? '').replace('  name: web\n', '  name: web\n  labels: { b: c }\n');
    await editor.fileChanged(`${folder}web.yaml`, 2);
    await expect.poll(async () => (await editor.diagnostics(uri)).length).toBe(0);
    disk['web.yaml'] = files['web.yaml'] ?? '';
    await editor.fileChanged(`${folder}web.yaml`, 2);
    await expect.poll(async () => (await editor.diagnostics(uri)).length).toBe(1);
  });
});

describe('a JSON patch in a file of its own', () => {
  const naming = (path: string) => `resources: [web.yaml]\npatches:\n  - path: ${path}\n    target: { kind: Deployment }\n`;

  test('is checked against what the kustomization says it is for', async () => {
    await editor.open(naming('json.yaml'), uri);
    expect(
      await problems('- op: replace\n  path: /spec/replica\n  value: 3\n- op: add\n  path: /metadata/labels/a\n  value: b\n', 'json.yaml'),
    ).toEqual([
      '2:15-2:22 error unknown field "spec.replica" (did you mean "replicas"?)',
      '5:9-5:27 warning kustomize cannot apply this to Deployment/web: add operation does not apply: doc is missing path: "/metadata/labels/a": missing value',
    ]);
    const json = `${folder}json.yaml`;
    await editor.edit(uri, 'kind: Deployment', 'kind: Gadget');
    await expect.poll(async () => (await editor.diagnostics(json)).length).toBe(0);
  });

  test('tells when it is broken', async () => {
    await editor.open(naming('json.yaml'), uri);
    expect(await messages('- op: "add\n', 'json.yaml')).toEqual([expect.stringContaining('error')]);
  });

  test('as JSON is told of where it is named', async () => {
    expect(await problems(naming('patch.json'))).toEqual([
      '3:11-3:21 error patch.json: unknown field "spec.replica" (did you mean "replicas"?)',
    ]);
  });
});

describe('what leads to no file silences nothing', () => {
  const told = ["warning 'bases' is deprecated. Please use 'resources' instead."];

  test.each(['https://', 'https://[', '//[', '\\\\[', ' //[', 'https://example.com/a.yaml', '/a.yaml', 'http://[/patch.json'])(
    'a patch at %s',
    async (where) => {
      const path = JSON.stringify(where);
      const lists = `patches:\n  - path: ${path}\n  - path: ${path}\n    target: { kind: Deployment }\n`;
      expect(await messages(`bases: [base]\n${lists}`)).toEqual(told);
      expect(await messages(`bases: [base, ${path}]\n${lists}`)).toEqual(told);
      expect(await messages(`bases: [base]\npatchesStrategicMerge: [${path}]\n${lists}`)).toContainEqual(told[0]);
    },
  );

  test('a file that cannot be read', async () => {
    const other = await Editor.start({
      ...diskOf(folder, () => files),
      readFile: async (file) => {
        if (file.endsWith('/web.yaml')) throw new Error('the disk is gone');
        return files[file.slice(folder.length)];
      },
    });
    const text = patching('{ kind: Deployment }', '- { op: remove, path: spec }\n', 'bases: [web.yaml]\n');
    expect((await other.problems(text, uri)).join()).toContain('a JSON pointer begins with "/"');
    expect(other.logged.join()).toContain('the disk is gone');
    await other.stop();
  });
});

describe('a JSON patch is completed', () => {
  /** Completions where `|` stands in a kustomization that patches by a block of text. */
  const complete = async (marked: string, name = 'kustomization.yaml') => {
    const text = marked.replace('|', '');
    const opened = await editor.open(text, folder + name);
    const items = await editor.completeAt(opened, positionIn(text, marked.indexOf('|')));
    return { opened, items, labels: items.map(({ label }) => label) };
  };
  // The block's own `|` must not be taken for the cursor.
  const inBlock = (patch: string) => patching('{ kind: Deployment }', patch).replace('|-', '>-');

  test('operations', async () => {
    for (const patch of ['- op: |\n', '- { op: re| }\n', '[{"op": "|"}]\n'])
      expect((await complete(inBlock(patch))).labels).toEqual(['add', 'replace', 'test', 'remove', 'move', 'copy']);
  });

  test('fields of the kind, with their documentation', async () => {
    const { items } = await complete(inBlock('- op: add\n  path: /spec/te|\n'));
    expect(items.find(({ label }) => label === 'template')).toMatchObject({
      detail: 'PodTemplateSpec',
      documentation: { value: expect.stringContaining('Template describes the pods') },
      textEdit: { newText: 'template', range: { start: { line: 5, character: 20 }, end: { line: 5, character: 22 } } },
    });
    expect((await complete(inBlock('- op: add\n  path: |\n'))).labels).toEqual(expect.arrayContaining(['/spec', '/metadata']));
    expect((await complete(inBlock('- op: move\n  from: /spec/|\n'))).labels).toContain('replicas');
  });

  test('items of the object, and the place behind them where one can be added', async () => {
    const { items, labels } = await complete(inBlock('- op: add\n  path: /spec/template/spec/containers/|\n'));
    expect(labels).toEqual(['-', '0']);
    expect(items[1]?.detail).toBe('web');
    expect((await complete(inBlock('- op: remove\n  path: /spec/template/spec/containers/|\n'))).labels).toEqual(['0']);
  });

  test('keys of the object, escaped', async () => {
    disk['web.yaml'] = (files['web.yaml'] ?? '').replace('  name: web\n', '  name: web\n  labels: { app.io/name: c }\n');
    await editor.fileChanged(`${folder}web.yaml`, 2);
    expect((await complete(inBlock('- op: remove\n  path: /metadata/labels/|\n'))).labels).toEqual(['app.io~1name']);
    disk['web.yaml'] = files['web.yaml'] ?? '';
    await editor.fileChanged(`${folder}web.yaml`, 2);
  });

  test('what is there comes first where nothing is added', async () => {
    const { items } = await complete(inBlock('- op: remove\n  path: /spec/|\n'));
    const sorted = items.toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1)).map(({ label }) => label);
    expect(sorted.slice(0, 3)).toEqual(['replicas', 'template', 'minReadySeconds']);
  });

  test('in a file of its own', async () => {
    await editor.open('resources: [web.yaml]\npatches:\n  - path: json.yaml\n    target: { kind: Deployment }\n', uri);
    expect((await complete('- op: replace\n  path: /spec/strategy/|\n', 'json.yaml')).labels).toEqual(['rollingUpdate', 'type']);
  });

  test('but not with file names, and not where no patch is', async () => {
    expect((await complete(inBlock('- op: add\n  path: /nothing/|\n'))).labels).toEqual([]);
  });

  test('and a slash elsewhere does not end what is proposed', async () => {
    const opened = await editor.open(
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n    app.kubernetes.io/\n',
      `${folder}pod.yaml`,
    );
    const context = { triggerKind: 2, triggerCharacter: '/' };
    const params = { textDocument: { uri: opened }, position: { line: 5, character: 22 }, context };
    const items = await editor.request<CompletionItem[]>('textDocument/completion', params);
    expect(items.map(({ label }) => label)).toContainEqual(expect.stringContaining('app.kubernetes.io/name'));
  });
});

describe('a hover over a path tells', () => {
  const hover = async (path: string, needle: string) => {
    const opened = await editor.open(patching('{ kind: Deployment }', `- op: replace\n  path: ${path}\n  value: 3\n`), uri);
    const found = await editor.ask<Hover | null>('textDocument/hover', opened, needle);
    return found && { text: (found.contents as MarkupContent).value, range: show(found.range as Range) };
  };

  test('what the field is for, and what it is before the patch', async () => {
    const found = await hover('/spec/replicas', 'replicas');
    expect(found?.range).toBe('6:21-6:29');
    expect(found?.text).toContain('*Deployment/web* has `1` before the patch.');
    expect(found?.text).toContain('Number of desired pods');
    expect((await hover('/spec/template/spec/containers/0/image', 'image'))?.text).toContain('`"nginx"` before the patch');
    expect((await hover('/spec/template/spec/containers/0/image', 'template/'))?.text).toContain('Template describes the pods');
  });

  test('nothing of a field that does not exist', async () => {
    expect(await hover('/spec/replica', 'replica')).toBeNull();
  });
});

test('a kustomization with patches can be typed letter by letter', async () => {
  const text = patching(
    '{ kind: Deployment, name: "w.*" }',
    '- op: add\n  path: /spec/template/spec/containers/-\n  value: { name: a }\n- [{"op": "add", "path": "/~1a/~"}]\n',
  );
  const opened = await editor.open('', uri);
  for (let end = 0; end < text.length; end++) {
    await editor.append(opened, text.slice(0, end), text[end] ?? '');
    const position = positionIn(text, end + 1);
    await editor.completeAt(opened, position);
    await editor.hoverAt(opened, position);
  }
  expect(await editor.diagnostics(opened)).not.toEqual([]);
});

describe('a target', () => {
  const patch = '- { op: remove, path: /spec/replicas }\n';

  test('that fits nothing of all that is taken in is told, for kustomize says nothing', async () => {
    expect(await problems(patching('{ kind: Deploymnt }', patch))).toEqual([
      '3:21-3:30 warning Nothing that is taken in here fits the target, so nothing is patched (did you mean "Deployment"?)',
    ]);
    expect(await editor.fixes(uri)).toEqual(['Change to Deployment 3:21-3:30 Deployment']);
    expect(await problems(patching('{ kind: Deployment, name: wep }', patch))).toEqual([
      '3:5-3:11 warning Nothing that is taken in here fits the target, so nothing is patched',
    ]);
  });

  test.each([
    ['from elsewhere', 'resources: [web.yaml, "https://github.com/a/b"]\n'],
    ['from a file that is not there', 'resources: [web.yaml, missing.yml.txt]\n'],
    ['from a chart', 'resources: [web.yaml]\nhelmCharts: [{ name: a }]\n'],
    ['from whoever takes in the component', 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [web.yaml]\n'],
  ])('may fit what comes %s', async (_, more) => {
    expect(await messages(patching('{ kind: ConfigMap }', patch.replace('/spec/replicas', '/data/a'), more))).toEqual([]);
  });

  describe('may fit labels, annotations, kinds and names that are made on the way', () => {
    const nothingFits = 'warning Nothing that is taken in here fits the target, so nothing is patched';
    const scale = '- { op: add, path: /spec/replicas, value: 2 }\n';
    const labelled = '{ labelSelector: "team=a" }';
    /** A patch for what the base makes, which says this of itself. */
    const onBase = async (target: string, base: string) => {
      disk['made/kustomization.yaml'] = `resources: [app.yaml]\n${base}`;
      disk['made/app.yaml'] = files['base/app.yaml'] ?? '';
      for (const name of ['made/kustomization.yaml', 'made/app.yaml']) await editor.fileChanged(folder + name, 2);
      return messages(patching(target, scale, 'resources: [made]\n'));
    };
    const patches = (target: string, patch: string, more = '') =>
      `patches:\n  - ${target === '' ? '' : `target: ${target}\n    `}patch: '${patch}'\n${more}`;

    test.each([
      ['labels', labelled, 'labels: [{ pairs: { team: a } }]\n'],
      ['commonLabels', labelled, 'commonLabels: { team: a }\n'],
      ['commonAnnotations', '{ annotationSelector: "team=a" }', 'commonAnnotations: { team: a }\n'],
      ['buildMetadata', '{ labelSelector: "app.kubernetes.io/managed-by" }', 'buildMetadata: [managedByLabel]\n'],
      ['a JSON patch', labelled, patches('{ kind: Deployment }', '[{ op: add, path: /metadata/labels, value: { team: a } }]')],
      ['a strategic patch', labelled, patches('{ kind: Deployment }', '{ metadata: { labels: { team: a } } }')],
      [
        'a strategic patch by name',
        labelled,
        patches('', '{ apiVersion: apps/v1, kind: Deployment, metadata: { name: app, labels: { team: a } } }'),
      ],
      [
        'a JSON patch after a strategic one',
        labelled,
        `labels: [{ pairs: { b: c } }]\npatchesJson6902:\n  - target: { version: v1, kind: Deployment, name: app }\n    patch: '[{ op: add, path: /metadata/labels/team, value: a }]'\n`,
      ],
      [
        'a JSON patch of the kind',
        '{ kind: ReplicaSet }',
        patches('{ kind: Deployment }', '[{ op: replace, path: /kind, value: ReplicaSet }]'),
      ],
      [
        'a strategic patch that may change the kind',
        '{ kind: StatefulSet }',
        patches('{ kind: Deployment }', '{ kind: StatefulSet }', '    options: { allowKindChange: true }\n'),
      ],
      [
        'a JSON patch of the name',
        '{ name: shop }',
        patches('{ kind: Deployment }', '[{ op: replace, path: /metadata/name, value: shop }]'),
      ],
      [
        'replacements',
        '{ name: shop }',
        'replacements: [{ source: { kind: Deployment }, targets: [{ select: { kind: Deployment }, fieldPaths: [metadata.name] }] }]\n',
      ],
    ])('by %s', async (_, target, base) => {
      expect(await onBase(target, base)).toEqual([]);
    });

    test('by a patch before it', async () => {
      const first = "patches:\n  - target: { kind: Deployment }\n    patch: '[{ op: add, path: /metadata/labels, value: { team: a } }]'\n";
      const text = (value: string) =>
        `resources: [web.yaml]\n${first}  - target: { labelSelector: "team=${value}" }\n    patch: '[{ op: add, path: /spec/paused, value: true }]'\n`;
      expect(await messages(text('a'))).toEqual([]);
      expect(await messages(text('b'))).toEqual([nothingFits]);
    });

    test('by options of generators', async () => {
      const text = (own: string, value: string) =>
        patching(
          `{ kind: ConfigMap, labelSelector: "team=${value}" }`,
          '- { op: add, path: /immutable, value: true }\n',
          `configMapGenerator: [{ name: settings, literals: [a=b]${own} }]\ngeneratorOptions: { labels: { team: a } }\n`,
        );
      expect(await messages(text('', 'a'))).toEqual([]);
      expect(await messages(text(', options: { labels: { team: b } }', 'b'))).toEqual([]);
      expect(await messages(text('', 'c'))).toEqual([nothingFits]);
    });

    test('which proves nothing of the objects that may be meant', async () => {
      const relabel = patches(
        '{ kind: Deployment }',
        '{ metadata: { labels: { team: a } } }',
        '  - target: { labelSelector: "team=a" }\n    patch: \'[{ op: add, path: /kind, value: ReplicaSet }]\'\n',
      );
      expect(await onBase('{ kind: ReplicaSet }', relabel)).toEqual([]);
    });

    test.each([
      ['another kind', '{ kind: StatefulSet, labelSelector: "team=a" }', 'commonLabels: { team: a }\n'],
      ['another name', '{ name: shop, labelSelector: "team=a" }', 'commonLabels: { team: a }\n'],
      ['labels that nobody makes', labelled, 'images: [{ name: nginx, newTag: "1" }]\n'],
      ['labels that a patch leaves alone', labelled, patches('{ kind: Deployment }', '[{ op: remove, path: /spec/replicas }]')],
      [
        'a label that was taken away',
        labelled,
        patches('{ kind: Deployment }', '[{ op: add, path: /metadata/labels, value: { team: b } }]'),
      ],
    ])('but not %s', async (_, target, base) => {
      expect(await onBase(target, base)).toEqual([nothingFits]);
    });
  });

  test('may fit what is generated', async () => {
    const more = 'resources: [web.yaml]\nconfigMapGenerator: [{ name: settings, literals: [a=b] }]\n';
    expect(await messages(patching('{ kind: ConfigMap, name: settings }', patch.replace('/spec/replicas', '/data/a'), more))).toEqual([]);
  });

  test.each([
    ['kind: "Deployment("', '"Deployment("', 'error parsing regexp: missing closing ): `^(?:Deployment()$`'],
    ['labelSelector: a b', 'a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ])('that kustomize cannot read is told: %s', async (field, _, why) => {
    expect(await messages(patching(`{ ${field} }`, patch))).toEqual([`error ${why}`]);
  });
});

test('kustomizations that take in each other again and again are followed only so far', async () => {
  disk = { ...files };
  for (let depth = 0; depth < 40; depth++)
    disk[`deep/${depth}/kustomization.yaml`] = `resources: [../${depth + 1}, ../${depth + 1}/, "../../deep/${depth + 1}"]\n`;
  for (const name of Object.keys(disk)) await editor.fileChanged(folder + name, 1);
  expect(await messages(patching('{ kind: Deployment }', '- { op: remove, path: /spec/paused }\n', 'resources: [deep/0]\n'))).toEqual([]);
  disk = { ...files };
});

test('a JSON patch without a target is told', async () => {
  expect(await problems('patches:\n  - patch: "[{op: remove, path: /spec}]"\n  - path: patch.json\n  - patch: "kind: Pod"\n')).toEqual([
    expect.stringContaining('apiVersion not set'),
    '2:5-2:10 error must specify a target for JSON patch',
    '3:5-3:9 error must specify a target for JSON patch [path: "patch.json"]',
  ]);
  const old = 'patchesJson6902:\n  - target: { kind: Deployment }\n    patch: "[{op: remove, path: /spec}]"\n';
  expect((await problems(old)).slice(1)).toEqual(['2:5-2:11 error must specify the target name']);
});
