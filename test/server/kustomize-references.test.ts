import { afterAll, beforeAll, expect, test } from 'vitest';
import { diskOf, Editor } from './editor.ts';

const folder = 'file:///workspace/';
const disk: Record<string, string> = {
  'base/kustomization.yaml':
    'resources: [web.yaml]\nconfigMapGenerator:\n- { name: settings, literals: [COLOR=red], envs: [app.env] }\n- { name: gone, envs: [gone.env] }\n',
  'base/app.env': 'SIZE=1\n# OLD=1\n',
  'base/web.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: web, labels: { app: web } }\nspec: { containers: [{ name: web, image: nginx:1.29 }] }\n',
  'prod/kustomization.yaml': 'namespace: prod\nresources: [../base, other.yaml]\n',
  'prod/other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other, namespace: prod }\n',
};

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start(diskOf(folder, () => disk));
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const pod = (key: string, name = 'settings') =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n  - name: a\n    image: nginx:1.29\n    env:\n    - name: A\n      valueFrom: { configMapKeyRef: { name: ${name}, key: ${key} } }\n`;
let opened = 0;
/** What rules say of a manifest, hints among it. */
async function told(text: string, name = 'base/pod'): Promise<string[]> {
  const uri = await editor.open(text, `${folder}${name}-${opened++}.yaml`);
  const found = (await editor.diagnostics(uri)).map(({ message }) => String(message));
  await editor.close(uri);
  return found;
}

test('keys are those that literals and files of variables say', async () => {
  expect(await told(pod('COLOR'))).toEqual([]);
  expect(await told(pod('SIZE'))).toEqual([]);
  expect(await told(pod('SIZ'))).toEqual(['ConfigMap "settings" has no key "SIZ" (did you mean "SIZE"?)']);
  expect(await told(pod('ANY', 'gone'))).toEqual([]);
  const labels = (await editor.complete(pod('|'))).map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(['COLOR', 'SIZE']));
});

test('a file of variables that changes says others', async () => {
  const uri = await editor.open(pod('NEW'), `${folder}base/changing.yaml`);
  const messages = async () => (await editor.diagnostics(uri)).map(({ message }) => message);
  expect(await messages()).toEqual(['ConfigMap "settings" has no key "NEW"']);
  disk['base/app.env'] = 'SIZE=1\nNEW=\n';
  await editor.fileChanged(`${folder}base/app.env`, 2);
  await expect.poll(messages).toEqual([]);
  await editor.close(uri);
});

test('a generator that is being written names its keys at once', async () => {
  const text = 'resources: [web.yaml]\nconfigMapGenerator:\n- { name: fresh, envs: [app.env] }\n';
  const uri = await editor.open(text, `${folder}base/kustomization.yaml`);
  await editor.diagnostics(uri);
  expect(await told(pod('SIZ', 'fresh'))).toEqual(['ConfigMap "fresh" has no key "SIZ" (did you mean "SIZE"?)']);
  await editor.close(uri);
});

test('what a kustomization moves into its namespace is found there', async () => {
  const ingress = (service: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: a, namespace: prod }\nspec: { defaultBackend: { service: { name: ${service}, port: { name: http } } } }\n`;
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: { name: b, namespace: prod }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n';
  expect(await told(ingress('web'), 'prod/ingress')).toEqual([]);
  expect(await told(service, 'prod/service')).toEqual([]);
  expect(await told(ingress('api'), 'prod/ingress')).toEqual(['No manifest of this workspace declares Service "api" in namespace "prod"']);
  const elsewhere = ingress('web').replace('prod', 'other');
  const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other, namespace: other }\n---\n';
  expect(await told(other + elsewhere, 'other/ingress')).toContain(
    'No manifest of this workspace declares Service "web" in namespace "other"',
  );
});

test('an edit of a kustomization reads the files of variables that it names itself, and no others', async () => {
  const many: Record<string, string> = {};
  for (const name of ['a', 'b', 'c']) {
    many[`${name}/kustomization.yaml`] = 'configMapGenerator:\n- { name: settings, envs: [app.env] }\n';
    many[`${name}/app.env`] = 'SIZE=1\n';
  }
  const read: string[] = [];
  const own = diskOf(folder, () => many);
  const other = await Editor.start({
    ...own,
    readFile: async (uri) => {
      read.push(uri.slice(folder.length));
      return own.readFile?.(uri);
    },
  });
  const text = many['a/kustomization.yaml'] ?? '';
  const uri = await other.open(text, `${folder}a/kustomization.yaml`);
  await expect.poll(() => read.filter((name) => name.endsWith('.env')).sort()).toEqual(expect.arrayContaining(['b/app.env', 'c/app.env']));
  read.length = 0;
  await other.edit(uri, 'settings', 'setting');
  await other.diagnostics(uri);
  await other.fileChanged(`${folder}b/kustomization.yaml`, 2);
  await expect.poll(() => read).toContain('b/app.env');
  expect(new Set(read.filter((name) => name.endsWith('.env')))).toEqual(new Set(['a/app.env', 'b/app.env']));
  await other.stop();
});
