import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InlayHint, Location } from 'vscode-languageserver';
import { Editor, show } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(() => editor.stop());

const claims = `apiVersion: v1
kind: PersistentVolumeClaimList
items:
- metadata: { name: data }
  spec:
    accessModes: [ReadWriteOnce]
    resources: { requests: { storage: 1024Mi } }
`;
const pods = `apiVersion: v1
kind: PodList
items:
- metadata: { name: web }
  spec:
    containers:
    - name: main
      image: nginx:1.29
      ports: [{ name: http, containerPort: 80 }]
      readinessProbe: { httpGet: { port: http } }
      envFrom: [{ configMapRef: { name: settings } }]
    volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`;
const configMaps = 'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: { name: settings }\n  data: { color: red }\n';
const labels = async (marked: string) => (await editor.complete(marked)).map(({ label }) => label);

describe('an item of the list of one kind', () => {
  test('is completed as one of that kind', async () => {
    expect(await labels(`${pods}    |\n`)).toEqual(expect.arrayContaining(['nodeName', 'restartPolicy']));
    expect(await labels(`${pods}    restartPolicy: |\n`)).toEqual(['Always', 'Never', 'OnFailure']);
    expect(await labels(pods.replace('port: http }', 'port: | }'))).toContain('http');
    expect(await labels('apiVersion: v1\nkind: PodList\nitems:\n- metadata: { name: a }\n  |\n')).toEqual(
      expect.arrayContaining(['apiVersion', 'kind', 'spec']),
    );
  });

  test('begins as one of that kind, and of no other', async () => {
    const begun = await labels('apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- |\n');
    expect(begun).toEqual(expect.arrayContaining(['Deployment', 'metadata', 'spec']));
    expect(begun).not.toContain('ConfigMap');
  });

  test('is explained, and has its hints', async () => {
    expect(await editor.hover(pods.replace('readinessProbe', 'readiness|Probe'))).toContain(
      'Periodic probe of container service readiness',
    );
    const uri = await editor.open(claims);
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const hints = await editor.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri }, range });
    expect(hints.map(({ label }) => label)).toEqual([expect.stringContaining('1Gi')]);
  });

  test('is found by its name, and finds what it refers to', async () => {
    const uri = await editor.open(`${configMaps}---\n${claims}---\n${pods}`);
    const definition = (needle: string, nth = 0) => editor.ask<Location[]>('textDocument/definition', uri, needle, {}, nth);
    expect((await definition('settings', 1)).map(({ range }) => show(range))).toEqual(['4:21-4:29']);
    expect((await definition('data }', 1)).map(({ range }) => show(range))).toEqual(['10:21-10:25']);
    const references = await editor.ask<Location[]>('textDocument/references', uri, 'settings', { context: { includeDeclaration: false } });
    expect(references.map(({ range }) => show(range))).toEqual(['25:41-25:49']);
  });

  test('is in the outline by its kind', async () => {
    const [list] = await editor.symbols(await editor.open(configMaps));
    const items = list?.children?.find(({ name }) => name === 'items');
    expect(items?.children?.map(({ name }) => name)).toEqual(['ConfigMap/settings']);
  });

  test('is checked as one of that kind, at its name or where it begins', async () => {
    const twice = `${configMaps}- metadata: { name: settings }\n`;
    expect(await editor.problems(twice)).toEqual([
      '4:21-4:29 warning ConfigMap "settings" is declared 2 times in this file',
      '6:21-6:29 warning ConfigMap "settings" is declared 2 times in this file',
    ]);
    await editor.configure({ 'anti-affinity': 'warning' });
    const deployments = `apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: { name: web }\n  spec:\n    replicas: 2\n    selector: { matchLabels: { app: a } }\n    template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: a, image: "a:1" }] } }\n`;
    expect((await editor.problems(deployments)).filter((line) => line.includes('replicas'))).toEqual([
      '4:3-4:11 warning All replicas may run on one node',
    ]);
    await editor.configure({});
  });

  test('of Secrets shows what its data says', async () => {
    const uri = await editor.open('apiVersion: v1\nkind: SecretList\nitems:\n- metadata: { name: a }\n  data:\n    a: b3BlbiBzZXNhbWU=\n');
    expect(await editor.request('kubeside/reveal', { uri, position: { line: 5, character: 10 } })).toBe('open sesame');
  });

  test('that says what it is is that', async () => {
    const other = `${configMaps}- apiVersion: v1\n  kind: Secret\n  metadata: { name: a }\n  |\n`;
    expect(await labels(other)).toContain('stringData');
  });
});

test('what is no list of objects is told', async () => {
  const listed = (kind: string, items: string) => editor.problems(`apiVersion: v1\nkind: ${kind}\nitems:${items}`);
  for (const kind of ['List', 'ConfigMapList']) {
    expect(await listed(kind, '\n-\n- a\n- [b]\n')).toEqual([
      '5:3-5:4 error items[1]: Invalid value: "a": must be of type object',
      expect.stringContaining('error items[2]: Invalid value: "array": must be of type object'),
      '4:2-4:2 error items[0]: invalid object to validate',
    ]);
    expect(await listed(kind, ' {}\n')).toEqual(['3:1-3:6 error items: Invalid value: "object": must be of type array']);
  }
  expect(await listed('List', ' []\nfoo: 1\n')).toEqual([]);
  expect(await listed('ConfigMapList', ' []\nitem: 1\n')).toEqual(['4:1-4:5 error unknown field "item" (did you mean "items"?)']);
});

test('a custom kind that is called like a list is none', async () => {
  const definition =
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: allowlists.example.com }\nspec:\n  group: example.com\n  scope: Namespaced\n  names: { kind: AllowList, plural: allowlists, singular: allowlist }\n  versions:\n    - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { addresses: { type: string } } } } } } }\n';
  const uri = await editor.open(definition, 'file:///workspace/definition.yaml');
  expect(await labels('apiVersion: example.com/v1\nkind: AllowList\nmetadata: { name: a }\nspec:\n  |\n')).toEqual(['addresses']);
  await editor.close(uri);
});
