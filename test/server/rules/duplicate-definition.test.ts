import { afterEach, expect, test } from 'vitest';
import { diskOf, Editor } from '../editor.ts';

const folder = 'file:///workspace/';
let editor: Editor;
afterEach(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const definition = (type: string, version = 'v1') => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: crontabs.stable.example.com }
spec:
  group: stable.example.com
  names: { plural: crontabs, kind: CronTab }
  scope: Namespaced
  versions:
    - name: ${version}
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { size: { type: ${type} } } } }
`;
const resource = 'apiVersion: stable.example.com/v1\nkind: CronTab\nmetadata: { name: a }\nsize: 1\n';

async function told(name: string, text: string): Promise<string[]> {
  const found = await editor.diagnostics(await editor.open(text, folder + name));
  return found.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

async function start(files: Record<string, string>): Promise<void> {
  editor = await Editor.start(diskOf(folder, () => files));
}

const mustBeString = ['1 type: size: Invalid value: 1: must be of type string: put it in quotes, "1"'];

test.each([{ names: ['a/crd.yaml', 'b/crd.yaml'] }, { names: ['b/crd.yaml', 'a/crd.yaml'] }])(
  'of definitions that differ the one of the last file counts, in whatever order they come: $names',
  async ({ names }) => {
    await start(Object.fromEntries(names.map((name) => [name, definition(name.startsWith('a') ? 'string' : 'integer')])));
    expect(await told('a.yaml', resource)).toEqual([]);
    expect(await told('a/crd.yaml', definition('string'))).toEqual([
      '2 duplicate-definition: CronTab v1 is defined otherwise in b/crd.yaml: manifests are checked by that definition',
    ]);
    expect(await told('b/crd.yaml', definition('integer'))).toEqual([
      '2 duplicate-definition: CronTab v1 is defined otherwise in a/crd.yaml: manifests are checked by this definition',
    ]);
    await editor.close(`${folder}a.yaml`);
    expect(await told('a.yaml', resource)).toEqual([]);
    expect(await told('b/crd.yaml', definition('string'))).toEqual([
      '4 duplicate-definition: CronTab v1 is defined in a/crd.yaml too, in the same words',
    ]);
    await editor.close(`${folder}a.yaml`);
    expect(await told('a.yaml', resource)).toEqual(mustBeString);
  },
);

test('in one file the last definition counts, and the matter is told once', async () => {
  await start({});
  const both = `${definition('integer')}---\n${definition('string')}`;
  expect(await told('crds.yaml', both)).toEqual([
    '2 duplicate-definition: CronTab v1 is defined otherwise in crds.yaml: manifests are checked by that definition',
    '2 duplicate-definition: CronTab v1 is defined otherwise in crds.yaml: manifests are checked by this definition',
  ]);
  expect(await told('a.yaml', resource)).toEqual(mustBeString);
});

test('other versions, and patches of a definition, are no second definition', async () => {
  const patch = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: crontabs.stable.example.com }\n';
  await start({ 'b/crd.yaml': definition('string', 'v2'), 'c/patch.yaml': patch });
  expect(await told('a/crd.yaml', definition('integer'))).toEqual([]);
});
