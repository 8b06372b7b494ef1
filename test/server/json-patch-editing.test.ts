import { describe, expect, test } from 'vitest';
import { CompletionTriggerKind, type Hover, type MarkupContent, type Range } from 'vscode-languageserver';
import { positionIn, show } from './editor.ts';
import { files, folder, patching, shop, uri, useShop } from './shop.ts';

useShop();

describe('a JSON patch is completed', () => {
  /** Completions where `|` stands in a kustomization that patches by a block of text. */
  const complete = async (marked: string, name = 'kustomization.yaml') => {
    const text = marked.replace('|', '');
    const opened = await shop.editor.open(text, folder + name);
    const items = await shop.editor.completeAt(opened, positionIn(text, marked.indexOf('|')));
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
    shop.disk['web.yaml'] = (files['web.yaml'] ?? '').replace('  name: web\n', '  name: web\n  labels: { app.io/name: c }\n');
    await shop.editor.fileChanged(`${folder}web.yaml`, 2);
    expect((await complete(inBlock('- op: remove\n  path: /metadata/labels/|\n'))).labels).toEqual(['app.io~1name']);
    shop.disk['web.yaml'] = files['web.yaml'] ?? '';
    await shop.editor.fileChanged(`${folder}web.yaml`, 2);
  });

  test('what is there comes first where nothing is added', async () => {
    const { items } = await complete(inBlock('- op: remove\n  path: /spec/|\n'));
    const sorted = items.toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1)).map(({ label }) => label);
    expect(sorted.slice(0, 3)).toEqual(['replicas', 'template', 'minReadySeconds']);
  });

  test('in a file of its own', async () => {
    await shop.editor.open('resources: [web.yaml]\npatches:\n  - path: json.yaml\n    target: { kind: Deployment }\n', uri);
    expect((await complete('- op: replace\n  path: /spec/strategy/|\n', 'json.yaml')).labels).toEqual(['rollingUpdate', 'type']);
  });

  test('but not with file names, and not where no patch is', async () => {
    expect((await complete(inBlock('- op: add\n  path: /nothing/|\n'))).labels).toEqual([]);
  });

  test('and a slash elsewhere does not end what is proposed', async () => {
    const opened = await shop.editor.open(
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n    app.kubernetes.io/\n',
      `${folder}pod.yaml`,
    );
    const context = { triggerKind: CompletionTriggerKind.TriggerCharacter, triggerCharacter: '/' };
    const items = await shop.editor.completeAt(opened, { line: 5, character: 22 }, context);
    expect(items.map(({ label }) => label)).toContainEqual(expect.stringContaining('app.kubernetes.io/name'));
  });
});

describe('a hover over a path tells', () => {
  const hover = async (path: string, needle: string) => {
    const opened = await shop.editor.open(patching('{ kind: Deployment }', `- op: replace\n  path: ${path}\n  value: 3\n`), uri);
    const found = await shop.editor.ask<Hover | null>('textDocument/hover', opened, needle);
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
  const opened = await shop.editor.open('', uri);
  for (let end = 0; end < text.length; end++) {
    await shop.editor.append(opened, text.slice(0, end), text[end] ?? '');
    const position = positionIn(text, end + 1);
    await shop.editor.completeAt(opened, position);
    await shop.editor.hoverAt(opened, position);
  }
  expect(await shop.editor.diagnostics(opened)).not.toEqual([]);
});
