import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import { CommandError } from '../../runtime/host/node/cli/arguments.ts';
import { applyManifests, readManifests } from '../../runtime/host/node/cli/manifests.ts';
import { admin, startApi } from '../apiserver/api.ts';
import { temporaryFolder } from '../support/cluster-process.ts';

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };
const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } };

async function apply(...objects: object[]) {
  const api = await startApi();
  const client = createClient(inProcessTransport(api.server, admin));
  const applied = applyManifests(
    client,
    api.clock,
    objects.map((object) => ({ file: 'all.yaml', object })),
  );
  const outcome = applied.then(
    (made) => made.map(({ kind }) => kind),
    (error: unknown) => error,
  );
  await api.clock.advance(20_000);
  return { api, outcome: await outcome };
}

test('objects of custom kinds are applied, wherever their definition stands', async () => {
  expect((await apply(definition, widget)).outcome).toEqual(['CustomResourceDefinition', 'Widget']);
  const { api, outcome } = await apply(widget, map, definition);
  expect(outcome).toEqual(['ConfigMap', 'CustomResourceDefinition', 'Widget']);
  expect((await api.send('GET', '/apis/example.com/v1/namespaces/default/widgets/w')).code).toBe(200);
});

test.each([
  ['a kind that nobody defines', [widget, map]],
  ['a version that its definition does not serve', [definition, { ...widget, apiVersion: 'example.com/v2' }]],
])('%s is refused in kubectl’s words', async (_, objects) => {
  const { outcome } = await apply(...objects);
  expect(outcome).toBeInstanceOf(CommandError);
  expect(String(outcome)).toMatch(
    /resource mapping not found for name: "w" namespace: "" from "all.yaml": no matches for kind "Widget" in version "example.com\/v[12]"\nensure CRDs are installed first$/,
  );
});

test('a definition that is never established is waited for, but not without end', async () => {
  const taken = {
    ...definition,
    metadata: { name: 'gadgets.example.com' },
    spec: { ...definition.spec, names: { ...definition.spec.names, plural: 'gadgets', singular: 'gadget' } },
  };
  const other = {
    ...definition,
    spec: { ...definition.spec, names: { ...definition.spec.names, kind: 'Other', listKind: 'OtherList', shortNames: ['gadgets'] } },
  };
  const { outcome } = await apply(other, taken, widget);
  expect(String(outcome)).toContain('no matches for kind "Widget"');
});

test.each([
  ['a: [1, 2\nb: 3\n', "line 1: did not find expected ',' or ']'"],
  ['a: 1\nb: {c: 1\nd: 3\n', "line 2: did not find expected ',' or '}'"],
  ['a: 1\nb:\n  c: 1\n d: 3\n', 'line 3: did not find expected key'],
  ['a: 1\n---\na: 1\nb: c: d\n', 'line 4: mapping values are not allowed in this context'],
])('what cannot be read is told in kubectl’s words: %j', (text, words) => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'broken.yaml');
  writeFileSync(file, text);
  const message = `error parsing ${file}: error converting YAML to JSON: yaml: ${words}`;
  expect(() => readManifests(folder.path)).toThrow(new CommandError(message));
  folder.remove();
});
