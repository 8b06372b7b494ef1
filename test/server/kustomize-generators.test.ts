import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { variablesIn } from '../../server/kustomize/generator-sources.ts';
import { files, messages, patching, problems, shop, useShop } from './shop.ts';

useShop();

const more: Readonly<Record<string, string>> = {
  'app.env': '\ufeff# of the app\n\nCOLOR=red\r\n  SIZE="1=2"\n#X=1\nHOME\n',
  'config/site.conf': 'listen 80;\n',
  'logo.png': '\ufffdPNG',
  'settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, labels: { a: b } }\ndata: { COLOR: blue, OLD: "1" }\n',
};

beforeAll(() => {
  Object.assign(shop.disk, more);
});
afterAll(() => {
  shop.disk = { ...files };
});

/** What is told of a JSON patch for what a generator makes. */
const patched = (generator: string, operations: string, target = '{ kind: ConfigMap }', list = 'configMapGenerator') =>
  messages(patching(target, operations, `resources: [web.yaml]\n${list}: [{ name: settings, ${generator} }]\n`));
const remove = (path: string) => `- { op: remove, path: ${path} }\n`;
const is = (path: string, value: string) => `- { op: test, path: ${path}, value: ${value} }\n`;
const cannot = (message: string, kind = 'ConfigMap') => `warning kustomize cannot apply this to ${kind}/settings: ${message}`;
const missing = (path: string, kind?: string) =>
  cannot(`error in remove for path: '${path}': Unable to remove nonexistent key: ${path.replace(/.*\//, '')}: missing value`, kind);

describe('a JSON patch for what is generated', () => {
  test.each([
    ['literals', 'literals: [COLOR=red, "SIZE=\'1=2\'"]', remove('/data/COLOR') + is('/data/SIZE', '"1=2"')],
    ['files', 'files: [config/site.conf, page=config/site.conf]', remove('/data/site.conf') + is('/data/page', '"listen 80;\\n"')],
    ['bytes that are no text', 'files: [logo.png]', remove('/binaryData/logo.png')],
    ['a file that is YAML itself', 'files: [web.yaml]', `${is('/data/web.yaml', 'other')}${remove('/data/web.yaml')}`],
    ['a file that is not there', 'files: [key=gone.pem]', remove('/data/key')],
    ['variables', 'envs: [app.env]', remove('/data/COLOR') + is('/data/SIZE', '\'"1=2"\'') + remove('/data/HOME')],
    ['the old field for them', 'env: app.env', remove('/data/COLOR')],
    ['variables that nobody knows', 'envs: [gone.env]', remove('/data/ANY')],
    [
      'options',
      'literals: [a=b], options: { immutable: true, labels: { team: a } }',
      remove('/metadata/labels/team') + is('/immutable', 'true'),
    ],
    ['annotations, which are there', 'literals: [a=b]', '- { op: add, path: /metadata/annotations/a, value: b }\n'],
  ])('finds %s', async (_, generator, operations) => {
    expect(await patched(generator, operations)).toEqual([]);
  });

  test.each([
    ['literals', 'literals: [COLOR=red]'],
    ['files', 'files: [SIZE.txt=config/site.conf]'],
    ['variables', 'envs: [app.env]'],
  ])('is told where %s have it not', async (_, generator) => {
    expect(await patched(generator, remove('/data/OTHER'))).toEqual([missing('/data/OTHER')]);
  });

  test('is told of data where nothing is generated', async () => {
    expect(await patched('options: {}', '- { op: add, path: /data/a, value: b }\n')).toEqual([
      cannot('add operation does not apply: doc is missing path: "/data/a": missing value'),
    ]);
  });

  test('finds secrets encoded, and their type', async () => {
    const secret = '{ kind: Secret }';
    expect(await patched('literals: [a=b]', is('/data/a', 'Yg==') + is('/type', 'Opaque'), secret, 'secretGenerator')).toEqual([]);
    expect(await patched('type: kubernetes.io/tls', is('/type', 'kubernetes.io/tls'), secret, 'secretGenerator')).toEqual([]);
    expect(await patched('literals: [a=b]', remove('/data/b'), secret, 'secretGenerator')).toEqual([missing('/data/b', 'Secret')]);
  });

  test('finds what is generated under its own name, before the hash', async () => {
    const named = (name: string) => patched('literals: [a=b]', remove('/data/a'), `{ kind: ConfigMap, name: ${name} }`);
    expect(await named('settings')).toEqual([]);
    expect(await named('settings-.*')).toEqual(['warning Nothing that is taken in here fits the target, so nothing is patched']);
  });
});

describe('a generator for what is there', () => {
  const changing = (behavior: string, operations: string) =>
    messages(
      patching(
        '{ kind: ConfigMap }',
        operations,
        `resources: [settings.yaml]\nconfigMapGenerator: [{ name: settings, literals: [SIZE=1], behavior: ${behavior} }]\n`,
      ),
    );

  test('is merged with it', async () => {
    expect(await changing('merge', remove('/data/OLD') + remove('/data/SIZE') + remove('/metadata/labels/a'))).toEqual([]);
    expect(await changing('merge', remove('/data/NEW'))).toEqual([missing('/data/NEW')]);
  });

  test('takes its place', async () => {
    expect(await changing('replace', remove('/data/SIZE') + remove('/metadata/labels/a'))).toEqual([]);
    expect(await changing('replace', remove('/data/OLD'))).toEqual([missing('/data/OLD')]);
  });

  test('is refused unless it says so, and where it is not there', async () => {
    const generator = (behavior: string, resources = '[settings.yaml]') =>
      problems(`resources: ${resources}\nconfigMapGenerator:\n  - name: settings\n    literals: [a=b]\n${behavior}`);
    expect(await generator('')).toEqual(['3:11-3:19 warning ConfigMap/settings exists; behavior must be merge or replace']);
    expect(await generator('    behavior: merge\n')).toEqual([]);
    expect(await generator('    behavior: merge\n', '[web.yaml]')).toEqual([
      '3:11-3:19 warning ConfigMap/settings does not exist; cannot merge or replace',
    ]);
    expect(await generator('    behavior: merge\n', '["https://github.com/a/b"]')).toEqual([]);
    expect(await generator('    namespace: other\n')).toEqual([]);
  });
});

test.each([
  ['literals: [a]', '2:14-2:15 error invalid literal source a, expected key=value'],
  ['literals: ["=a"]', '2:15-2:17 error invalid literal source =a, expected key=value'],
  ['literals: [a=b, a=c]', '2:19-2:22 error configmap settings illegally repeats the key `a`'],
  ['files: [a/b.txt, b.txt=c.txt]', '2:20-2:31 error configmap settings illegally repeats the key `b.txt`'],
  ['files: [a=]', '2:11-2:13 error missing file path for key name "a" in source "a="'],
  ['files: ["=a"]', '2:12-2:14 error missing key name for file path "a" in source "=a"'],
  ['files: ["a=b=c"]', '2:12-2:17 error source "a=b=c" key name or file path contains \'=\''],
  ['files: ["=a=b"]', '2:12-2:16 error source "=a=b" key name or file path contains \'=\''],
])('a source that kustomize refuses is told: %s', async (source, problem) => {
  expect(await problems(`configMapGenerator:\n- ${source}\n  name: settings\n`)).toEqual([problem]);
});

test('variables are read line by line, as kustomize reads them', () => {
  expect(variablesIn('A=1\n B = 2 \n\n# C\nD\n=E\n')).toEqual([
    { key: 'A', text: '1' },
    { key: 'B ', text: ' 2 ' },
    { key: 'D', text: undefined },
    undefined,
  ]);
});
