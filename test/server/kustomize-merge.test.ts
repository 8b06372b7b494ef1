import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { mergeAsKustomize } from '../../server/kustomize/merge.ts';
import { loadDefinitions } from '../../server/schemas/generated.ts';
import { refTo } from '../../server/schemas/structural.ts';

let definitions: Definitions;
beforeAll(async () => {
  definitions = await loadDefinitions();
});

const merged = (object: string, patch: string, kind?: string) =>
  mergeAsKustomize(
    parse(object) as JsonMap,
    parse(patch) as JsonMap,
    kind === undefined ? undefined : refTo(`io.k8s.api.core.v1.${kind}`),
    definitions,
  );

test.each([
  ['fields', '{ a: 1, b: { c: 2 } }', '{ b: { d: 3 }, e: 4 }', '{ a: 1, b: { c: 2, d: 3 }, e: 4 }'],
  ['null, which takes a field away', '{ a: 1, b: 2 }', '{ b: null, c: { d: null, e: 1 } }', '{ a: 1, c: { e: 1 } }'],
  ['a mapping in the place of another', '{ a: { b: 1 } }', '{ a: { $patch: replace, c: 2 } }', '{ a: { c: 2 } }'],
  ['no mapping any more', '{ a: { b: 1 }, d: 1 }', '{ a: { $patch: delete }, e: { $patch: delete } }', '{ d: 1 }'],
  ['lists of unknown kinds, which replace each other', '{ a: [{ name: b }] }', '{ a: [{ name: c }] }', '{ a: [{ name: c }] }'],
])('%s', (_, object, patch, result) => {
  expect(merged(object, patch)).toEqual(parse(result));
});

test.each([
  [
    'items of the patch come first',
    'PodSpec',
    '{ containers: [{ name: a, image: a }, { name: b, image: b }] }',
    '{ containers: [{ name: c }, { name: b, tty: true }] }',
    '{ containers: [{ name: c }, { name: b, image: b, tty: true }, { name: a, image: a }] }',
  ],
  [
    'an item is taken out',
    'PodSpec',
    '{ containers: [{ name: a }, { name: b }] }',
    '{ containers: [{ name: a, $patch: delete }] }',
    '{ containers: [{ name: b }] }',
  ],
  [
    'a list is replaced',
    'PodSpec',
    '{ containers: [{ name: a }] }',
    '{ containers: [{ $patch: replace }, { name: b }] }',
    '{ containers: [{ name: b }] }',
  ],
  [
    'ports are the same by number and protocol',
    'Container',
    '{ ports: [{ containerPort: 53, protocol: UDP }, { containerPort: 53, protocol: TCP }] }',
    '{ ports: [{ containerPort: 53, protocol: TCP, name: dns }] }',
    '{ ports: [{ containerPort: 53, protocol: TCP, name: dns }, { containerPort: 53, protocol: UDP }] }',
  ],
  [
    'a protocol that is left out parts nothing',
    'Container',
    '{ ports: [{ containerPort: 80 }] }',
    '{ ports: [{ containerPort: 80, protocol: TCP }] }',
    '{ ports: [{ containerPort: 80, protocol: TCP }] }',
  ],
  ['atomic lists replace each other', 'Container', '{ command: [a, b] }', '{ command: [c] }', '{ command: [c] }'],
])('%s', (_, kind, object, patch, result) => {
  expect(merged(object, patch, kind)).toEqual(parse(result));
});

test('what is deleted is no object any more', () => {
  expect(merged('{ kind: Pod, metadata: { name: a } }', '{ kind: Pod, metadata: { name: a }, $patch: delete }')).toBeUndefined();
});

test.each([
  ['{ a: [1] }', '{ a: { b: 1 } }', 'wrong node kind: expected SequenceNode but was MappingNode'],
  ['{ a: { b: 1 } }', '{ a: c }', 'wrong node kind: expected MappingNode but was ScalarNode'],
  ['{ a: { b: 1 } }', '{ a: { $patch: mend } }', "unknown patch strategy 'mend'"],
])('%s cannot be merged with %s', (object, patch, reason) => {
  expect(() => merged(object, patch)).toThrow(reason);
});
