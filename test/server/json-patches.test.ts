import { describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { diskOf, Editor } from './editor.ts';
import { files, folder, messages, onWeb, patching, problems, shop, uri, useShop } from './shop.ts';

useShop();

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
    expect(await shop.editor.fixes(uri)).toEqual(['Change to replicas 6:21-6:28 replicas']);
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
    await shop.editor.choose('1.30');
    expect(await onWeb(patch)).toEqual(['error unknown field "spec.template.spec.hostnameOverride": added in Kubernetes 1.34']);
    await shop.editor.choose('');
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
    const context = { diagnostics: await shop.editor.diagnostics(uri), only: ['quickfix'] };
    const [action] = await shop.editor.request<CodeAction[]>('textDocument/codeAction', { textDocument: { uri }, range, context });
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

  test('but not where a strategic merge patch has made it', async () => {
    const merge = '  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: web, labels: { b: c } }\n';
    const add = '  - target: { kind: Deployment }\n    patch: "[{op: add, path: /metadata/labels/a, value: b}]"\n';
    expect(await messages(`resources: [web.yaml]\npatches:\n${merge}${add}`)).toEqual([]);
    expect(await messages(`resources: [web.yaml]\npatches:\n${merge.replace('web', 'other')}${add}`)).toEqual([
      expect.stringContaining('cannot apply this to Deployment/web'),
      expect.stringContaining('no resource matches strategic merge patch "Deployment.v1.apps/other.[noNs]"'),
    ]);
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
    const web = await shop.editor.open(shop.disk['web.yaml'] ?? '', `${folder}web.yaml`);
    const told = shop.editor.told.get(uri) ?? 0;
    await shop.editor.edit(web, '  name: web\n', '  name: web\n  labels: { b: c }\n');
    await shop.editor.diagnostics(web);
    await expect.poll(() => shop.editor.told.get(uri) ?? 0).toBeGreaterThan(told);
    expect(await shop.editor.diagnostics(uri)).toEqual([]);
    await shop.editor.close(web);
    await expect.poll(async () => (await shop.editor.diagnostics(uri)).length).toBe(1);
  });

  test('until the file is written', async () => {
    expect(await messages(patching('{ kind: Deployment }', '- { op: add, path: /metadata/labels/a, value: b }\n'))).toHaveLength(1);
    shop.disk['web.yaml'] = (files['web.yaml'] ?? '').replace('  name: web\n', '  name: web\n  labels: { b: c }\n');
    await shop.editor.fileChanged(`${folder}web.yaml`, 2);
    await expect.poll(async () => (await shop.editor.diagnostics(uri)).length).toBe(0);
    shop.disk['web.yaml'] = files['web.yaml'] ?? '';
    await shop.editor.fileChanged(`${folder}web.yaml`, 2);
    await expect.poll(async () => (await shop.editor.diagnostics(uri)).length).toBe(1);
  });
});

describe('a JSON patch in a file of its own', () => {
  const naming = (path: string) => `resources: [web.yaml]\npatches:\n  - path: ${path}\n    target: { kind: Deployment }\n`;

  test('is checked against what the kustomization says it is for', async () => {
    await shop.editor.open(naming('json.yaml'), uri);
    expect(
      await problems('- op: replace\n  path: /spec/replica\n  value: 3\n- op: add\n  path: /metadata/labels/a\n  value: b\n', 'json.yaml'),
    ).toEqual([
      '2:15-2:22 error unknown field "spec.replica" (did you mean "replicas"?)',
      '5:9-5:27 warning kustomize cannot apply this to Deployment/web: add operation does not apply: doc is missing path: "/metadata/labels/a": missing value',
    ]);
    const json = `${folder}json.yaml`;
    await shop.editor.edit(uri, 'kind: Deployment', 'kind: Gadget');
    await expect.poll(async () => (await shop.editor.diagnostics(json)).length).toBe(0);
  });

  test('tells when it is broken', async () => {
    await shop.editor.open(naming('json.yaml'), uri);
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
