import { afterAll, beforeAll, expect, test } from 'vitest';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const mount = (name: string) => `      - { name: a, image: "b:1", volumeMounts: [{ name: ${name}, mountPath: /a }] }\n`;
const pods = (name: string, volumes = '') => `    spec:\n${volumes}      containers:\n${mount(name)}`;
const template = (name: string, volumes?: string) => `  template:\n    metadata: { labels: { a: b } }\n${pods(name, volumes)}`;
const workload = (kind: string, name: string, more = '', volumes?: string) =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: web }\nspec:\n  selector: { matchLabels: { a: b } }\n${more}${template(name, volumes)}`;

/** The actions on a mount that declare its volume, without what they have in common. */
async function declared(marked: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [title, text] of await editor.actions(marked)) if (title.startsWith('Declare')) found.set(title.replace(/^.*: /, ''), text);
  return found;
}
const errors = async (text: string) => (await editor.problems(text)).filter((line) => line.includes(' error '));

test('a mount of what is not declared can declare it as an empty directory', async () => {
  const actions = await declared(workload('Deployment', 'da|ta'));
  expect([...actions.keys()]).toEqual(['emptyDir']);
  const text = actions.get('emptyDir') ?? '';
  expect(text).toContain('      volumes:\n      - name: data\n        emptyDir: {}\n');
  expect(await errors(text)).toEqual([]);
});

test('the volume stands beside others', async () => {
  const text =
    (await declared(workload('Deployment', 'da|ta', '', '      volumes:\n        - { name: tmp, emptyDir: {} } # scratch\n'))).get(
      'emptyDir',
    ) ?? '';
  expect(text).toContain('        - { name: tmp, emptyDir: {} } # scratch\n        - name: data\n          emptyDir: {}\n');
  expect(await errors(text)).toEqual([]);
});

test('objects of that name in the namespace go first', async () => {
  await Promise.all(
    [
      ['ConfigMap', 'data', 'default'],
      ['Secret', 'data', 'default'],
      ['PersistentVolumeClaim', 'data', 'default'],
      ['ConfigMap', 'logs', 'other'],
    ].map(([kind, name, namespace], index) =>
      editor.open(
        `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\n`,
        `file:///workspace/o${index}.yaml`,
      ),
    ),
  );
  const actions = await declared(workload('Deployment', 'da|ta'));
  expect([...actions.keys()]).toEqual(['ConfigMap/data', 'Secret/data', 'PersistentVolumeClaim/data', 'emptyDir']);
  expect(actions.get('Secret/data')).toContain('- name: data\n        secret:\n          secretName: data\n');
  for (const text of actions.values()) expect(await errors(text)).toEqual([]);
  expect([...(await declared(workload('Deployment', 'lo|gs'))).keys()]).toEqual(['emptyDir']);
});

test('a StatefulSet can claim it, and what it claims is declared', async () => {
  const actions = await declared(workload('StatefulSet', 'sto|re'));
  expect([...actions.keys()]).toEqual(['volumeClaimTemplates', 'emptyDir']);
  const text = actions.get('volumeClaimTemplates') ?? '';
  expect(await errors(text)).toEqual([]);
  expect((await declared(text.replace('name: store, mountPath', 'name: sto|re, mountPath'))).size).toBe(0);
  const misspelt = await editor.actions(text.replace('name: store, mountPath', 'name: stor|w, mountPath'));
  expect(misspelt.get('Change to store')).toBe(text);
});

test('a device is a claim', async () => {
  const device = workload('StatefulSet', 'store').replace(/volumeMounts: .*?\]/, 'volumeDevices: [{ name: sto|re, devicePath: /a }]');
  const actions = await declared(device);
  expect([...actions.keys()]).toEqual(['volumeClaimTemplates']);
  expect(await errors(actions.get('volumeClaimTemplates') ?? '')).toEqual([]);
});

test('one that is there, but wrong itself, is not declared again', async () => {
  const text = workload('Deployment', 'sto|re').replace(
    'containers:',
    'volumes: [{ name: store, emptyDir: {}, hostPath: { path: / } }]\n      containers:',
  );
  expect((await declared(text)).size).toBe(0);
});
