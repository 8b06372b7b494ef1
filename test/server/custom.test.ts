import { afterEach, expect, test } from 'vitest';
import { Editor, fixture } from './editor.ts';

let editor: Editor;
afterEach(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const widget = (spec: string) => `apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\nspec:\n${spec}`;
const unknown = expect.stringContaining('no CustomResourceDefinition for it is in this workspace');

test('a definition on disk describes its objects: problems, completion and hover', async () => {
  const uri = 'file:///workspace/crd.yaml';
  editor = await Editor.start({ listFiles: async () => [uri], readFile: async () => fixture('widgets.crd.yaml') });
  const text = widget('  size: 11\n  colour: blue\n  port: http\n  extra: {a: {b: 1}}\n  labels: {a: 1}\n  depth: 1\n');
  expect(await editor.problems(text)).toEqual([
    '6:9-6:11 error spec.size: Invalid value: 11: should be less than or equal to 10',
    '7:11-7:15 error spec.colour: Unsupported value: "blue": supported values: "green", "red"',
    '10:15-10:16 error spec.labels[a]: Invalid value: 1: must be of type string: put it in quotes, "1"',
    '11:3-11:8 error unknown field "spec.depth"',
  ]);
  expect(await editor.problems(widget('  size: 1\n  colour: red\n  name: abcdef\n'))).toEqual([
    '8:9-8:15 error spec.name: Too long: may not be more than 5 bytes',
    '5:1-5:5 error "spec" must validate one and only one schema (oneOf). Found 2 valid',
  ]);
  expect(await editor.problems(widget('  colour: red\n'))).toEqual(['5:1-5:5 error spec.size: Required value']);
  expect((await editor.complete(widget('  colour: |'))).map((item) => item.label)).toEqual(['red', 'green']);
  expect(await editor.hover(widget('  si|ze: 1\n'))).toContain('How large it is.');
  expect(await editor.problems('apiVersion: example.com/v1\nkind: Wigdet\n')).toEqual([
    '2:7-2:13 warning no matches for kind "Wigdet" in version "example.com/v1" (did you mean "Widget"?)',
  ]);
});

test('definitions come and go with the files and documents they stand in', async () => {
  const uri = 'file:///workspace/crd.yaml';
  const files = new Map<string, string>();
  editor = await Editor.start({ readFile: async (name) => files.get(name) });
  const manifest = 'file:///workspace/widget.yaml';
  const problems = async () => (await editor.diagnostics(manifest)).map(({ message }) => message);
  const settled = async (wanted: unknown) => {
    for (let round = 0; round < 50; round++) {
      await editor.documents(manifest);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await problems()).toEqual(wanted);
  };
  await editor.open(widget('  colour: red\n'), manifest);
  await settled([unknown]);
  files.set(uri, fixture('widgets.crd.yaml'));
  await editor.fileChanged(uri, 1);
  await settled(['spec.size: Required value']);
  // An open editor goes before the disk.
  await editor.open(fixture('widgets.crd.yaml').replace('required: [size]', 'required: []'), uri);
  await settled([]);
  await editor.close(uri);
  await settled(['spec.size: Required value']);
  files.delete(uri);
  await editor.fileChanged(uri, 3);
  await settled([unknown]);
});
