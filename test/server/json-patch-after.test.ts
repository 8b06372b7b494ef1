import { describe, expect, test } from 'vitest';
import { files, folder, messages, problems, shop, uri, useShop } from './shop.ts';

useShop();

const indent = (text: string) => text.replace(/^(?=.)/gm, '      ');
const json = (patch: string, target = '{ kind: Deployment }') => `  - target: ${target}\n    patch: |-\n${indent(patch)}`;
const strategic = (patch: string) => `  - patch: |-\n${indent(`apiVersion: apps/v1\nkind: Deployment\n${patch}`)}`;
const cannot = (message: string) => `warning kustomize cannot apply this to Deployment/web: ${message}`;
const nothingFits = 'warning Nothing that is taken in here fits the target, so nothing is patched';

describe('behind a strategic merge patch', () => {
  const onWeb = (first: string, then: string) => messages(`resources: [web.yaml]\npatches:\n${strategic(first)}${then}`);

  test('what it made is there', async () => {
    const made = 'metadata: { name: web, labels: { b: c } }\nspec: { template: { spec: { containers: [{ name: side, image: a:1 }] } } }\n';
    const later = json(
      '- { op: add, path: /metadata/labels/a, value: b }\n- { op: remove, path: /spec/template/spec/containers/1/ports }\n',
    );
    expect(await onWeb(made, later)).toEqual([]);
    expect(await onWeb(made, json('- { op: remove, path: /spec/template/spec/containers/0/ports }\n'))).toEqual([
      cannot("error in remove for path: '/spec/template/spec/containers/0/ports': Unable to remove nonexistent key: ports: missing value"),
    ]);
  });

  test('what it took away is not', async () => {
    expect(await onWeb('metadata: { name: web }\nspec: { replicas: null }\n', json('- { op: remove, path: /spec/replicas }\n'))).toEqual([
      cannot("error in remove for path: '/spec/replicas': Unable to remove nonexistent key: replicas: missing value"),
    ]);
    expect(await onWeb('metadata: { name: web }\n$patch: delete\n', json('- { op: remove, path: /spec/replicas }\n'))).toEqual([]);
  });

  test('what it leaves alone is as before', async () => {
    expect(
      await onWeb('metadata: { name: web }\nspec: { paused: true }\n', json('- { op: add, path: /metadata/labels/a, value: b }\n')),
    ).toEqual([cannot('add operation does not apply: doc is missing path: "/metadata/labels/a": missing value')]);
  });
});

describe('a strategic merge patch for what is not there', () => {
  const wep = (more = '') =>
    `resources: [web.yaml, base]\n${more}patches:\n${strategic('metadata: { name: wep }\nspec: { replicas: 2 }\n')}`;

  test('is told where it names it', async () => {
    expect(await problems(wep())).toEqual([
      '6:25-6:28 warning no resource matches strategic merge patch "Deployment.v1.apps/wep.[noNs]" (did you mean "web"?)',
    ]);
    expect(await shop.editor.fixes(uri)).toEqual(['Change to web 6:25-6:28 web']);
    shop.disk['wep.yaml'] = 'apiVersion: v1\nkind: Service\nmetadata: { name: wep, namespace: a }\n';
    await shop.editor.fileChanged(`${folder}wep.yaml`, 1);
    const old = 'resources: [web.yaml]\npatchesStrategicMerge: [wep.yaml]\n';
    expect((await problems(old)).filter((line) => line.includes('no resource'))).toEqual([
      '2:25-2:33 warning no resource matches strategic merge patch "Service.v1.[noGrp]/wep.a"',
    ]);
  });

  test('may name it as it was before', async () => {
    const renamed = wep().replace('name: wep', 'name: my-app').replaceAll('wep', 'web');
    expect(await problems(renamed)).toEqual([]);
    expect(await problems(wep().replace('name: wep', 'name: app'))).toEqual([]);
  });

  test('may come from elsewhere', async () => {
    expect(await problems(wep().replace('base', '"https://github.com/a/b"'))).toEqual([]);
  });
});

describe('behind labels and annotations', () => {
  const onBase = async (base: string, patch: string, target?: string) => {
    shop.disk['made/kustomization.yaml'] = `resources: [web.yaml]\n${base}`;
    shop.disk['made/web.yaml'] = files['web.yaml'] ?? '';
    for (const name of ['made/kustomization.yaml', 'made/web.yaml']) await shop.editor.fileChanged(folder + name, 2);
    return messages(`resources: [made]\npatches:\n${json(patch, target)}`);
  };
  const missing = (path: string) => cannot(`add operation does not apply: doc is missing path: "${path}": missing value`);
  const add = (path: string) => `- { op: add, path: ${path}, value: b }\n`;

  test.each([
    ['commonLabels: { team: a }\n', '/metadata/labels/a'],
    ['commonLabels: { team: a }\n', '/spec/selector/matchLabels/a'],
    ['commonLabels: { team: a }\n', '/spec/template/metadata/labels/a'],
    ['commonAnnotations: { team: a }\n', '/spec/template/metadata/annotations/a'],
    ['labels: [{ pairs: { team: a } }]\n', '/metadata/labels/a'],
    ['labels: [{ pairs: { team: a }, includeTemplates: true }]\n', '/spec/template/metadata/labels/a'],
    ['labels: [{ pairs: { team: a }, includeSelectors: true }]\n', '/spec/selector/matchLabels/a'],
    ['labels: [{ pairs: { team: a }, fields: [{ path: spec/a, create: true, kind: Deployment }] }]\n', '/spec/a/team'],
    ['replicas: [{ name: web, count: 3 }]\n', '/metadata/name'],
  ])('%s makes room for %s', async (base, path) => {
    expect((await onBase(base, add(path))).filter((line) => line.startsWith('warning'))).toEqual([]);
  });

  test.each([
    ['commonAnnotations: { team: a }\n', '/metadata/labels/a'],
    ['labels: [{ pairs: { team: a } }]\n', '/spec/template/metadata/labels/a'],
    ['labels: [{ pairs: { team: a }, includeTemplates: true }]\n', '/spec/selector/matchLabels/a'],
    ['labels: [{ pairs: {} }]\n', '/metadata/labels/a'],
  ])('%s makes none for %s', async (base, path) => {
    expect(await onBase(base, add(path))).toEqual([missing(path)]);
  });

  test('values are what they were made', async () => {
    const is = (count: number) => `- { op: test, path: /spec/replicas, value: ${count} }\n`;
    const base = 'replicas: [{ name: web, count: 3 }]\n';
    expect(await onBase(base, is(3))).toEqual([]);
    expect(await onBase(base, is(1))).toEqual([cannot('testing value /spec/replicas failed: test failed')]);
    const replaced = (more: string) =>
      `replacements: [{ ${more}, targets: [{ select: { kind: Deployment }, fieldPaths: [spec.replicas] }] }]\n`;
    expect(await onBase(replaced('sourceValue: "3"'), add('/metadata/labels/a'))).toEqual([missing('/metadata/labels/a')]);
    const image = '- { op: test, path: /spec/template/spec/containers/0/image, value: nginx }\n';
    const into = (path: string) =>
      `replacements: [{ source: { kind: Deployment }, targets: [{ select: { kind: Deployment }, fieldPaths: ["${path}"] }] }]\n`;
    expect(await onBase(into('spec.template.spec.containers.[name=web].image'), image)).toEqual([
      cannot('testing value /spec/template/spec/containers/0/image failed: test failed'),
    ]);
    expect(await onBase(into('spec.template.spec.containers.[name=other].image'), image)).toEqual([]);
    expect(await onBase('vars: [{ name: A, objref: { kind: Deployment, name: web, apiVersion: apps/v1 } }]\n', is(2))).toEqual([
      cannot('testing value /spec/replicas failed: test failed'),
    ]);
  });

  test('labels that replacements make are met', async () => {
    const base =
      'commonLabels: { team: a }\nreplacements: [{ sourceValue: b, targets: [{ select: { kind: Deployment }, fieldPaths: [metadata.labels.team] }] }]\n';
    expect(await onBase(base, add('/spec/a'), '{ labelSelector: "team=a" }')).toContain(nothingFits);
    expect(await onBase(base, add('/spec/paused'), '{ labelSelector: "team=b" }')).not.toContain(nothingFits);
  });
});

describe('behind components', () => {
  const component = async (text: string) => {
    shop.disk['part/kustomization.yaml'] = `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${text}`;
    await shop.editor.fileChanged(`${folder}part/kustomization.yaml`, 2);
  };
  const add = json('- { op: add, path: /metadata/labels/a, value: b }\n');

  test('what they changed and brought is there', async () => {
    await component('patches:\n  - target: { kind: Deployment }\n    patch: "{ metadata: { labels: { b: c } } }"\n');
    expect(await messages(`resources: [web.yaml]\ncomponents: [part]\npatches:\n${add}`)).toEqual([]);
    await component('resources: [../database.yaml]\n');
    const onDatabase = json('- { op: add, path: /metadata/labels/a, value: b }\n', '{ kind: StatefulSet }');
    expect(await messages(`resources: [web.yaml]\ncomponents: [part]\npatches:\n${onDatabase}`)).toEqual([
      'warning kustomize cannot apply this to StatefulSet/database: add operation does not apply: doc is missing path: "/metadata/labels/a": missing value',
    ]);
  });

  test('what they leave alone is as before', async () => {
    await component('namePrefix: a-\n');
    expect(await messages(`resources: [web.yaml]\ncomponents: [part]\npatches:\n${add}`)).toEqual([
      cannot('add operation does not apply: doc is missing path: "/metadata/labels/a": missing value'),
    ]);
    expect(
      await messages(
        `resources: [web.yaml]\ncomponents: [part]\npatches:\n${json('- { op: remove, path: /spec/rules }\n', '{ kind: Ingress }')}`,
      ),
    ).toEqual([nothingFits]);
  });

  test('nothing is told of what one that is not there may do', async () => {
    expect(await messages(`resources: [web.yaml]\ncomponents: ["https://github.com/a/b"]\npatches:\n${add}`)).toEqual([]);
  });
});
