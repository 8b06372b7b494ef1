import { afterAll, beforeAll, expect, test } from 'vitest';
import { Editor } from './editor.ts';

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  names: { kind: Thing, plural: things }
  scope: Namespaced
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
              ip: { type: string, format: ipv4 }
              either: { type: string, anyOf: [{ format: ipv4 }, { format: ipv6 }] }
              names: { type: array, x-kubernetes-list-type: set, items: { type: string } }
              object: { type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true }
              least: { type: integer, default: 1 }
              most: { type: integer }
            x-kubernetes-validations: [{ rule: '!has(self.most) || self.least <= self.most', message: most is less than least }]
`;
const uri = 'file:///workspace/things.yaml';
const thing = (spec: string) => `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\nspec:\n  ${spec}\n`;

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
  await editor.open(definition, uri);
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

test.each([
  ['ip: 300.1.1.1', '5:7-5:16 error spec.ip: Invalid value: "300.1.1.1": spec.ip in body must be of type ipv4: "300.1.1.1"'],
  ['names: [a, b, a]', '5:17-5:18 error spec.names[2]: Duplicate value: "a"'],
  ['object: { kind: Pod }', '5:3-5:9 error spec.object.apiVersion: Required value'],
  ['most: 0', '4:1-4:5 error spec: Invalid value: most is less than least'],
])('a custom resource is judged as the API server judges it: %s', async (spec, problem) => {
  expect(await editor.problems(thing(spec))).toEqual([problem]);
});

test('what is wrong with lists is told beside what is wrong with types, as the API server tells all at once', async () => {
  expect(await editor.problems(thing('{ names: [a, a], ip: 300.1.1.1, most: x }'))).toEqual([
    '5:41-5:42 error spec.most: Invalid value: "x": must be of type integer',
    '5:24-5:33 error spec.ip: Invalid value: "300.1.1.1": spec.ip in body must be of type ipv4: "300.1.1.1"',
    '5:16-5:17 error spec.names[1]: Duplicate value: "a"',
  ]);
  // Fields that nobody knows are told before anything is judged, and so is what no metadata can be.
  expect(await editor.problems(thing('{ names: [a, a], nams: [] }'))).toEqual([expect.stringContaining('unknown field "spec.nams"')]);
  expect(await editor.problems(thing('names: [a, a]').replace('name: a', 'name: 1'))).toEqual([expect.stringContaining('metadata.name')]);
});

test('alternatives are told of where they stand', async () => {
  const ranges = (await editor.problems(thing('either: a'))).map((line) => line.split(' ')[0]);
  expect(new Set(ranges)).toEqual(new Set(['5:11-5:12']));
});

test('one that is in order is left alone', async () => {
  expect(await editor.problems(thing('{ ip: 10.0.0.1, names: [a, b], object: { apiVersion: v1, kind: Pod }, least: 2, most: 2 }'))).toEqual(
    [],
  );
});

test('where the definition is not in order only fields are compared', async () => {
  await editor.edit(uri, 'scope: Namespaced', 'scope: Nowhere');
  expect(await editor.problems(thing('ip: 300.1.1.1'))).toEqual([]);
  expect(await editor.problems(thing('ip: 1'))).toEqual([expect.stringContaining('must be of type string')]);
  await editor.edit(uri, 'scope: Nowhere', 'scope: Namespaced');
  expect(await editor.problems(thing('ip: 300.1.1.1'))).toHaveLength(1);
});
