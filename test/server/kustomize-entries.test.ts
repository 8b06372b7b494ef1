import { describe, expect, test } from 'vitest';
import { deployment, folder, messages, problems, shop, uri, useShop } from './shop.ts';

useShop();

const unscaled = (name: string) =>
  `resource with name ${name} does not match a config with the following GVK [Deployment.[noVer].[noGrp] ReplicationController.[noVer].[noGrp] ReplicaSet.[noVer].[noGrp] StatefulSet.[noVer].[noGrp]]`;
const untagged = 'No container that is taken in here has an image of this name, so nothing is changed';
const taken = 'resources: [web.yaml, database.yaml, base, widgets.yaml]\n';

async function write(name: string, text: string): Promise<void> {
  shop.disk[name] = text;
  await shop.editor.fileChanged(`${folder}${name}`, 1);
}

describe('replicas of a name that nothing has', () => {
  test('are told with what was meant', async () => {
    expect(await problems(`${taken}replicas:\n  - { name: web, count: 2 }\n  - { name: databas, count: 2 }\n`)).toEqual([
      `4:13-4:20 warning ${unscaled('databas')} (did you mean "database"?)`,
    ]);
    expect(await shop.editor.fixes(uri)).toEqual(['Change to database 4:13-4:20 database']);
  });

  test('may name what it was called before', async () => {
    for (const name of ['app', 'my-app', 'database'])
      expect(await messages(`${taken}namePrefix: your-\nreplicas: [{ name: ${name}, count: 2 }]\n`)).toEqual([]);
  });

  test('are of kinds that have them', async () => {
    expect(await messages(`${taken}replicas: [{ name: widgets.example.com, count: 2 }]\n`)).toEqual([
      `warning ${unscaled('widgets.example.com')}`,
    ]);
  });

  test.each([
    ['comes from elsewhere', 'resources: [web.yaml, "https://github.com/a/b"]\n'],
    ['is told by a configuration', 'resources: [web.yaml]\nconfigurations: [more.yaml]\n'],
    ['is what a component is taken into', 'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nresources: [web.yaml]\n'],
    ['is not there yet', 'resources: []\n'],
  ])('may be for what %s', async (_, head) => {
    const found = await messages(`${head}replicas: [{ name: api, count: 2 }]\nimages: [{ name: api, newTag: v1 }]\n`);
    expect(found.filter((line) => /resource with name|No container/.test(line))).toEqual([]);
  });
});

describe('images of a name that nothing has', () => {
  test('are told with what was meant', async () => {
    expect(await problems(`${taken}images:\n  - { name: nginx, newTag: "1.27" }\n  - { name: ngnix, newTag: "1.27" }\n`)).toEqual([
      `4:13-4:18 warning ${untagged} (did you mean "nginx"?)`,
    ]);
  });

  test('are compared as kustomize compares them', async () => {
    await write('api.yaml', deployment('api').replace('image: nginx', 'image: registry.example.com:5000/shop/api:v1@sha256:abc'));
    const told = async (name: string) => (await messages(`resources: [api.yaml]\nimages: [{ name: ${name}, newTag: v2 }]\n`)).length;
    expect(await told('registry.example.com:5000/shop/api')).toBe(0);
    expect(await told('".*/api"')).toBe(0);
    expect(await told('shop/api')).toBe(1);
    expect(await told('api')).toBe(1);
    expect(await told('"api("')).toBe(0);
  });

  test('are those that a kustomization below has made of them', async () => {
    await write('renamed/kustomization.yaml', 'resources: [web.yaml]\nimages: [{ name: nginx, newName: mirror/nginx, newTag: "1" }]\n');
    await write('renamed/web.yaml', deployment('web'));
    const told = (name: string) => messages(`resources: [renamed]\nimages: [{ name: ${name}, newTag: "2" }]\n`);
    expect(await told('mirror/nginx')).toEqual([]);
    expect(await told('nginx')).toEqual([`warning ${untagged}`]);
  });

  test('are those of volumes and of custom kinds, too', async () => {
    await write(
      'more.yaml',
      'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: { image: "a/widget:1", parts: [{ reference: a/part }] }\n',
    );
    expect(await messages('resources: [more.yaml]\nimages: [{ name: a/widget, newTag: "2" }, { name: a/part, newTag: "2" }]\n')).toEqual(
      [],
    );
  });
});

test('what a JSON patch meets behind images has them', async () => {
  const indented = (tag: string) => `      - { op: test, path: /spec/template/spec/containers/0/image, value: "nginx:${tag}" }\n`;
  await write('tagged/kustomization.yaml', 'resources: [web.yaml]\nimages: [{ name: nginx, newTag: "2", digest: "" }]\n');
  await write('tagged/web.yaml', deployment('web'));
  const met = (tag: string) => messages(`resources: [tagged]\npatches:\n  - target: { kind: Deployment }\n    patch: |-\n${indented(tag)}`);
  expect(await met('2')).toEqual([]);
  expect(await met('1')).toHaveLength(1);
});
