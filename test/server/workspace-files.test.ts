import { afterEach, expect, test } from 'vitest';
import { Editor } from './editor.ts';

const folder = 'file:///workspace/';
let editor: Editor;
afterEach(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

/** A disk that reads at once what it is asked for, and brings the first text of a file when it is let. */
async function start(slow: string, disk: Record<string, string>): Promise<() => void> {
  let bring: () => void = () => undefined;
  let isHeld = true;
  const held = new Promise<void>((resolve) => {
    bring = resolve;
  });
  editor = await Editor.start({
    listFiles: async () => [`${folder}a.yaml`, `${folder}kustomization.yaml`],
    async readFile(uri) {
      const text = disk[uri.slice(folder.length)];
      if (uri !== folder + slow || !isHeld) return text;
      isHeld = false;
      await held;
      return text;
    },
  });
  await expect.poll(() => isHeld).toBe(false);
  return bring;
}

test('of a file that is written while it is read the last text counts', async () => {
  const named = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
  const names = async () => (await editor.request<{ name: string }[]>('workspace/symbol', { query: '' })).map(({ name }) => name);
  const disk = { 'a.yaml': named('first') };
  const bring = await start('a.yaml', disk);
  disk['a.yaml'] = named('last');
  await editor.fileChanged(`${folder}a.yaml`, 2);
  await names();
  bring();
  await expect.poll(names).toEqual(['ConfigMap/last']);
  await names();
  expect(await names()).toEqual(['ConfigMap/last']);
});

test('of variables that are written while they are read the last ones count', async () => {
  const disk = { 'kustomization.yaml': 'configMapGenerator: [{ name: settings, envs: [app.env] }]\n', 'app.env': 'SIZE=1\n' };
  const bring = await start('app.env', disk);
  disk['app.env'] = 'COLOR=red\n';
  await editor.fileChanged(`${folder}app.env`, 2);
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: b:1, env: [{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: COLOR } } }] }] }\n';
  const uri = await editor.open(pod, `${folder}pod.yaml`);
  const messages = async () => (await editor.diagnostics(uri)).map(({ message }) => message);
  await messages();
  bring();
  await editor.folds(uri);
  await expect.poll(messages).toEqual([]);
  await editor.folds(uri);
  expect(await messages()).toEqual([]);
});
