import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

describe('YAML that is not Kubernetes is left alone, broken or not', () => {
  test.each([
    [
      'compose.yaml',
      'name: shop\nservices:\n  web: &web\n    image: nginx\n    ports: ["80:80", "80:80"]\n  api:\n    <<: *web\n    image: a\n    image: b\n',
    ],
    ['.github/workflows/ci.yaml', 'name: CI\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo a\n'],
    ['.gitlab-ci.yml', 'stages: [test]\ntest:\n  script:\n    - !reference [.setup, script]\n  rules: [{ if: $CI }]\n'],
    [
      'chart/values.yaml',
      '# -- DaemonSet or Deployment\nkind: DaemonSet\nreplicaCount: 1\nimage: { tag: "" }\nserviceAccount: { create: true }\n',
    ],
    ['chart/Chart.yaml', 'apiVersion: v2\nname: web\ntype: application\n'],
    ['openapi.yaml', 'openapi: 3.1.0\ninfo: { title: a, version: "1" }\npaths: {}\n'],
    ['playbook.yaml', '- hosts: all\n  tasks:\n    - k8s:\n        definition: { apiVersion: v1, kind: Pood, spec: 1 }\n'],
    [
      'mkdocs.yml',
      'site_name: a\nmarkdown_extensions:\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n',
    ],
    ['kustomization.yaml', 'resources: [a.yaml]\nnamePrefix: a-\n'],
    ['kustomization.yml', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n'],
    [
      'template.yaml',
      'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties: { BucketName: !Sub "a-b" }\n',
    ],
    ['datasource.yaml', 'apiVersion: 1\ndatasources: [{ name: a, type: prometheus }]\n'],
    ['.drone.yml', 'kind: pipeline\ntype: docker\nname: default\n---\nkind: secret\nname: token\nget: { path: a }\n'],
    ['audit.yaml', 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{ level: Metadata }]\n'],
    ['broken.yaml', 'services: [\n  a: b\n\tc: d\n'],
  ])('%s', async (name, text) => {
    const uri = await editor.open(text, `file:///workspace/${name}`);
    expect(await editor.diagnostics(uri)).toEqual([]);
  });
});

describe('a document with a schema of its own', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { container: [] }\n';
  const widget = 'apiVersion: example.com/v1\nkind: Widget\n';
  const modeline = (schema: string) => `# yaml-language-server: $schema=${schema}\n`;
  test.each([
    ['a file of the workspace goes before our kinds', modeline('./schema.json') + pod, 0],
    ['so does one that the key names', `$schema: ./schema.json\n${pod}`, 0],
    ['one from the network leaves our own kinds to us', modeline('https://example.com/pod.json') + pod, 1],
    ['and others to whoever loads it', modeline('https://example.com/widget.json') + widget, 0],
    ['without it a kind that nobody defines is told of', widget, 1],
    ['the other documents of the file stay ours', `${modeline('./schema.json')}${pod}---\n${pod.replace('name: a', 'name: b')}`, 1],
  ])('%s', async (_, text, count) => {
    const uri = await editor.open(text);
    expect((await editor.diagnostics(uri)).filter(({ severity }) => severity !== 4)).toHaveLength(count);
  });
});

describe('what a document says it is may be set right', () => {
  test.each([
    ['apiVersion: v1\nkind: pod\n', ['Change to Pod 2:7-2:10 Pod']],
    ['apiVersion: apps/v1\nkind: Deploymnt\n', ['Change to Deployment 2:7-2:16 Deployment']],
    ['apiVersion: app/v1\nkind: Deployment\n', ['Change to apps/v1 1:13-1:19 apps/v1']],
    ['apiVersion: v1\nkind: deployment\n', ['Change to Deployment 2:7-2:17 Deployment 1:13-1:15 apps/v1']],
    ['# the pod\nkind: Pod\nmetadata: { name: a }\n', ['Add apiVersion: v1 2:1-2:1 apiVersion: v1\n']],
    ['apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\n', ['Migrate to policy/v1 1:13-1:27 policy/v1']],
  ])('%j', async (text, fixes) => {
    expect((await editor.fixes(await editor.open(text))).filter((fix) => !/^(Ignore|Add required)/.test(fix))).toEqual(fixes);
  });
});

test('a document without apiVersion is checked and completed when its kind is the only one of its name', async () => {
  const text = 'kind: Deployment\nmetadata: { name: a }\nspec:\n  replica: 1\n';
  expect(await editor.problems(text)).toEqual([
    '1:1-1:5 error apiVersion not set (did you mean "apps/v1"?)',
    '4:3-4:10 error unknown field "spec.replica" (did you mean "replicas"?)',
    '3:1-3:5 error spec.selector: Required value',
    '3:1-3:5 error spec.template: Required value',
  ]);
  expect((await editor.complete('kind: Deployment\nspec:\n  repl|')).map(({ label }) => label)).toContain('replicas');
  expect(await editor.problems('kind: Event\nmetadata: { name: a }\nspec: 1\n')).toEqual([
    '1:1-1:5 error apiVersion not set (did you mean "v1"?)',
  ]);
});

test('the order of the keys does not matter', async () => {
  const text = 'spec:\n  containers: []\n  foo: 1\nmetadata: { name: a }\nkind: Pod\napiVersion: v1\n';
  expect(await editor.problems(text)).toEqual(['3:3-3:6 error unknown field "spec.foo"']);
});

test('the items of a typed list need not say what they are', async () => {
  const text =
    'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: { name: a }\n  dat: {}\n- apiVersion: v1\n  kind: Secret\n  metadata: { name: b }\n  foo: 1\n';
  expect(await editor.problems(text)).toEqual([
    '5:3-5:6 error unknown field "items[0].dat" (did you mean "data"?)',
    '9:3-9:6 error unknown field "items[1].foo"',
  ]);
  expect(await editor.hover(text.replace('dat:', 'im|mutable: true #'))).toContain('Immutable');
});
