import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConnectedCluster } from '../../server/cluster/connected-cluster.ts';
import { Editor } from './editor.ts';

let editor: Editor;
beforeEach(async () => {
  editor = await Editor.start();
});
afterEach(() => editor.stop());

const pod = (container: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.27
${container}`;

const connect = () => editor.tell('kubeside/cluster', { name: 'kubeside', gitVersion: 'v1.36.0' });
const objects = (kind: string, ...list: object[]) => editor.tell('kubeside/clusterObjects', { kind, objects: list });

test('completion offers names and keys of the connected cluster, and none once it is gone', async () => {
  await connect();
  await objects(
    'ConfigMap',
    { namespace: 'default', name: 'settings', keys: ['colour', 'size'] },
    { namespace: 'other', name: 'elsewhere' },
  );
  const names = async () =>
    (await editor.complete(pod('      envFrom:\n        - configMapRef:\n            name: |\n'))).map(({ label }) => label);
  expect(await names()).toContain('settings');
  expect(await names()).not.toContain('elsewhere');
  const [named] = await editor.complete(pod('      envFrom:\n        - configMapRef:\n            name: |\n'));
  expect(named?.labelDetails?.description).toBe('kubeside · ConfigMap in default');
  const keys = await editor.complete(
    pod(
      '      env:\n        - name: A\n          valueFrom:\n            configMapKeyRef:\n              name: settings\n              key: |\n',
    ),
  );
  expect(keys.map(({ label }) => label)).toEqual(expect.arrayContaining(['colour', 'size']));
  await editor.tell('kubeside/cluster', null);
  expect(await names()).not.toContain('settings');
});

test('a reference to an object of the cluster does not dangle', async () => {
  const text = `${pod('      envFrom:\n        - configMapRef:\n            name: settings\n')}---
apiVersion: v1
kind: ConfigMap
metadata:
  name: setting
`;
  const uri = await editor.open(text);
  const dangling = async () => (await editor.diagnostics(uri)).filter(({ code }) => code === 'dangling-reference').length;
  expect(await dangling()).toBe(1);
  await connect();
  await objects('ConfigMap', { namespace: 'default', name: 'settings', keys: [] });
  await editor.edit(uri, 'nginx:1.27', 'nginx:1.28');
  expect(await dangling()).toBe(0);
});

test('only a name that comes or goes asks for another look', () => {
  const cluster = new ConnectedCluster();
  cluster.connect('kubeside');
  let generation = 0;
  const replace = (...names: readonly string[]) => {
    cluster.replace({ kind: 'ConfigMap', objects: names.map((name) => ({ namespace: 'default', name, keys: [`${generation++}`] })) });
    return cluster.namesGeneration;
  };
  const first = replace('a', 'b');
  expect(replace('b', 'a')).toBe(first);
  expect(replace('a')).toBeGreaterThan(first);
  const less = cluster.namesGeneration;
  expect(replace('a', 'c')).toBeGreaterThan(less);
});

test('kinds that are defined in the cluster are known, and those of the workspace go before them', async () => {
  const widget = `apiVersion: example.org/v1
kind: Widget
metadata:
  name: one
spec:
  colour: red
`;
  const definition = (field: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { [field]: { type: 'string' } } } },
            },
          },
        },
      ],
    },
  });
  await connect();
  await editor.tell('kubeside/clusterDefinitions', { definitions: [definition('size')] });
  expect(await editor.problems(widget)).toEqual(['6:3-6:9 error unknown field "spec.colour"']);
  await editor.open(`${JSON.stringify(definition('colour'))}\n`, 'file:///workspace/definition.yaml');
  expect(await editor.problems(widget)).toEqual([]);
});

test('hovering over an object tells how it is in the cluster', async () => {
  await editor.stop();
  // The time the server waits for an answer does not pass.
  editor = await Editor.start({
    after(ms, run) {
      const timer = ms < 500 ? setImmediate(run) : undefined;
      return () => clearImmediate(timer);
    },
  });
  const asked: unknown[] = [];
  editor.onRequest('kubeside/liveState', (params) => {
    asked.push(params);
    return 'In **kubeside**: running';
  });
  const text = pod('      envFrom:\n        - configMapRef:\n            name: settings\n');
  expect(await editor.hover(text.replace('name: web', 'name: w|eb'))).not.toContain('kubeside');
  await connect();
  expect(await editor.hover(text.replace('name: web', 'name: w|eb'))).toMatch(/^In \*\*kubeside\*\*: running/);
  expect(await editor.hover(text.replace('kind: Pod', 'kind: P|od'))).toMatch(/^In \*\*kubeside\*\*: running[\s\S]*\*\*Pod\*\*/);
  expect(await editor.hover(text.replace('settings', 'sett|ings'))).toMatch(/^In \*\*kubeside\*\*: running/);
  expect(await editor.hover(text.replace('nginx', 'ng|inx'))).not.toContain('kubeside');
  expect(asked).toEqual([
    { kind: 'Pod', namespace: 'default', name: 'web' },
    { kind: 'Pod', namespace: 'default', name: 'web' },
    { kind: 'ConfigMap', namespace: 'default', name: 'settings' },
  ]);
});

test('a cluster that does not answer keeps no hover waiting', async () => {
  editor.onRequest('kubeside/liveState', () => new Promise(() => undefined));
  await connect();
  expect(await editor.hover(pod('').replace('kind: Pod', 'kind: P|od'))).toMatch(/^\*\*Pod\*\*/);
});
