import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Editor, fixture } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

/** A definition with one version, whose schema describes `spec`; lines below are indented as the bar of it is. */
const definition = (spec: string, version = '') => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: backups.example.com
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Backup, plural: backups }
  versions:
    - name: v1
      served: true
      storage: true
${version}      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
${spec.replace(/^/gm, '                ')}
`;

describe('a definition is marked where it is wrong, and only there', () => {
  test('defaults, examples, enumerations and schemas in every form are right', async () => {
    expect(await editor.problems(fixture('backups.crd.yaml'))).toEqual([]);
    expect(await editor.problems(definition('a: { type: object, additionalProperties: true }'))).toEqual([]);
  });

  test.each([
    ['additionalProperties: []', 'additionalProperties: Invalid value: "array": must be of type object'],
    ['additionalProperties: x', 'additionalProperties: Invalid value: "x": must be of type object'],
    ['items: [5]', 'items: Invalid value: "array": must be of type object'],
    ['items: true', 'items: Invalid value: true: must be of type object'],
  ])('%s is no form of a schema', async (field, problem) => {
    expect(await editor.problems(definition(`a: { type: object, ${field} }`))).toEqual([
      expect.stringContaining(`error spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[a].${problem}`),
    ]);
  });

  test.each([
    ['the schema of a single version', definition('copies: { type: intiger }'), '20:33-20:40 error'],
    [
      'a column of a single version, named as Go does',
      definition('a: { type: string }', '      additionalPrinterColumns: [{ name: A, type: string, jsonPath: spec }]\n'),
      '13:69-13:73 error spec.additionalPrinterColumns[0].JSONPath',
    ],
    [
      'a subresource of a single version',
      definition('a: { type: string }', '      subresources: { scale: { specReplicasPath: .a, statusReplicasPath: .status.b } }\n'),
      '13:50-13:52 error spec.subresources.scale.specReplicasPath',
    ],
    ['a type within the schema of items', definition('a: { type: array, items: { type: [string] } }'), '20:44-20:48 error'],
  ])('%s', async (_what, text, expected) => {
    expect(await editor.problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  test('nothing is said of its status, which nobody writes', async () => {
    const problems = await editor.problems(definition('a: { type: string }').replace('storage: true', 'storage: false'));
    expect(problems).toEqual([
      expect.stringMatching(/^9:3-9:11 error spec.versions: .* must have exactly one version marked as storage version$/),
    ]);
  });

  test('what the API server drops silently is a warning', async () => {
    const unknown = 'unknown field "spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.a.items.discription"';
    expect(await editor.problems(definition('a: { type: array, items: { type: string, discription: b } }'))).toEqual([
      `20:58-20:69 warning ${unknown} (did you mean "description"?)`,
    ]);
  });
});

describe('a definition is completed', () => {
  const labels = async (marked: string) => (await editor.complete(marked)).map(({ label }) => label);

  test.each([
    ['fields of the schema of items', definition('a:\n  type: array\n  items:\n    |'), ['type', 'properties', 'items']],
    ['formats of the type', definition('a:\n  type: integer\n  format: |'), ['int32', 'int64']],
    ['required properties', definition('a:\n  type: object\n  required: [|]\n  properties: { b: {}, c: {} }'), ['b', 'c']],
    [
      'keys of a list',
      definition('a:\n  items: { properties: { name: {}, b: {} } }\n  x-kubernetes-list-map-keys:\n    - |'),
      ['name', 'b'],
    ],
    [
      'paths of columns',
      definition('copies: { type: integer }', '      additionalPrinterColumns:\n        - jsonPath: |\n'),
      ['.spec.copies', '.metadata.creationTimestamp'],
    ],
  ])('%s', async (_what, marked, expected) => {
    expect(await labels(marked)).toEqual(expect.arrayContaining(expected));
  });

  test.each(['object', 'constructor', 'toString', '__proto__'])('but not with formats of a type that is none: %s', async (type) => {
    expect(await labels(definition(`a:\n  type: ${type}\n  format: |`))).toEqual([]);
  });
});

test('versions of a definition may share what they say by anchors and merge keys', async () => {
  const one = definition('copies: { type: integer }').replace('openAPIV3Schema:', 'openAPIV3Schema: &schema');
  const two = `    - name: v2
      served: true
      storage: false
      schema:
        openAPIV3Schema:
          <<: *schema
          description: The newer one.
`;
  const uri = 'file:///workspace/copies.crd.yaml';
  expect(await editor.problems((one + two).replaceAll('Backup', 'Copies').replaceAll('backups', 'copieses'), uri)).toEqual([]);
  expect(await editor.problems('apiVersion: example.com/v2\nkind: Copies\nmetadata: { name: a }\nspec: { copies: x }\n')).toEqual([
    expect.stringContaining('spec.copies: Invalid value'),
  ]);
});
