import { describe, expect, test } from 'vitest';
import { files, folder, messages, patching, problems, shop, uri, useShop } from './shop.ts';

useShop();

describe('a target', () => {
  const patch = '- { op: remove, path: /spec/replicas }\n';

  test('that fits nothing of all that is taken in is told, for kustomize says nothing', async () => {
    expect(await problems(patching('{ kind: Deploymnt }', patch))).toEqual([
      '3:21-3:30 warning Nothing that is taken in here fits the target, so nothing is patched (did you mean "Deployment"?)',
    ]);
    expect(await shop.editor.fixes(uri)).toEqual(['Change to Deployment 3:21-3:30 Deployment']);
    expect(await problems(patching('{ kind: Deployment, name: wep }', patch))).toEqual([
      '3:5-3:11 warning Nothing that is taken in here fits the target, so nothing is patched',
    ]);
  });

  test.each([
    ['from elsewhere', 'resources: [web.yaml, "https://github.com/a/b"]\n'],
    ['from a file that is not there', 'resources: [web.yaml, missing.yml.txt]\n'],
    ['from a chart', 'resources: [web.yaml]\nhelmCharts: [{ name: a }]\n'],
    ['from whoever takes in the component', 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [web.yaml]\n'],
  ])('may fit what comes %s', async (_, more) => {
    expect(await messages(patching('{ kind: ConfigMap }', patch.replace('/spec/replicas', '/data/a'), more))).toEqual([]);
  });

  describe('may fit labels, annotations, kinds and names that are made on the way', () => {
    const nothingFits = 'warning Nothing that is taken in here fits the target, so nothing is patched';
    const scale = '- { op: add, path: /spec/replicas, value: 2 }\n';
    const labelled = '{ labelSelector: "team=a" }';
    /** A patch for what the base makes, which says this of itself. */
    const onBase = async (target: string, base: string) => {
      shop.disk['made/kustomization.yaml'] = `resources: [app.yaml]\n${base}`;
      shop.disk['made/app.yaml'] = files['base/app.yaml'] ?? '';
      for (const name of ['made/kustomization.yaml', 'made/app.yaml']) await shop.editor.fileChanged(folder + name, 2);
      return messages(patching(target, scale, 'resources: [made]\n'));
    };
    const patches = (target: string, patch: string, more = '') =>
      `patches:\n  - ${target === '' ? '' : `target: ${target}\n    `}patch: '${patch}'\n${more}`;

    test.each([
      ['labels', labelled, 'labels: [{ pairs: { team: a } }]\n'],
      ['commonLabels', labelled, 'commonLabels: { team: a }\n'],
      ['commonAnnotations', '{ annotationSelector: "team=a" }', 'commonAnnotations: { team: a }\n'],
      ['buildMetadata', '{ labelSelector: "app.kubernetes.io/managed-by" }', 'buildMetadata: [managedByLabel]\n'],
      ['a JSON patch', labelled, patches('{ kind: Deployment }', '[{ op: add, path: /metadata/labels, value: { team: a } }]')],
      ['a strategic patch', labelled, patches('{ kind: Deployment }', '{ metadata: { labels: { team: a } } }')],
      [
        'a strategic patch by name',
        labelled,
        patches('', '{ apiVersion: apps/v1, kind: Deployment, metadata: { name: app, labels: { team: a } } }'),
      ],
      [
        'a JSON patch after a strategic one',
        labelled,
        `labels: [{ pairs: { b: c } }]\npatchesJson6902:\n  - target: { version: v1, kind: Deployment, name: app }\n    patch: '[{ op: add, path: /metadata/labels/team, value: a }]'\n`,
      ],
      [
        'a JSON patch of the kind',
        '{ kind: ReplicaSet }',
        patches('{ kind: Deployment }', '[{ op: replace, path: /kind, value: ReplicaSet }]'),
      ],
      [
        'a strategic patch that may change the kind',
        '{ kind: StatefulSet }',
        patches('{ kind: Deployment }', '{ kind: StatefulSet }', '    options: { allowKindChange: true }\n'),
      ],
      [
        'a JSON patch of the name',
        '{ name: shop }',
        patches('{ kind: Deployment }', '[{ op: replace, path: /metadata/name, value: shop }]'),
      ],
      [
        'replacements',
        '{ name: shop }',
        'replacements: [{ sourceValue: shop, targets: [{ select: { kind: Deployment }, fieldPaths: [metadata.name] }] }]\n',
      ],
      [
        'replacements with a value that is not known',
        '{ name: shop }',
        'configMapGenerator: [{ name: a, envs: [a.env] }]\nreplacements: [{ source: { kind: ConfigMap, fieldPath: data.b }, targets: [{ select: { kind: Deployment }, fieldPaths: [metadata.name] }] }]\n',
      ],
    ])('by %s', async (_, target, base) => {
      expect(await onBase(target, base)).toEqual([]);
    });

    test('by a patch before it', async () => {
      const first = "patches:\n  - target: { kind: Deployment }\n    patch: '[{ op: add, path: /metadata/labels, value: { team: a } }]'\n";
      const text = (value: string) =>
        `resources: [web.yaml]\n${first}  - target: { labelSelector: "team=${value}" }\n    patch: '[{ op: add, path: /spec/paused, value: true }]'\n`;
      expect(await messages(text('a'))).toEqual([]);
      expect(await messages(text('b'))).toEqual([nothingFits]);
    });

    test('by options of generators', async () => {
      const text = (own: string, value: string) =>
        patching(
          `{ kind: ConfigMap, labelSelector: "team=${value}" }`,
          '- { op: add, path: /immutable, value: true }\n',
          `configMapGenerator: [{ name: settings, literals: [a=b]${own} }]\ngeneratorOptions: { labels: { team: a } }\n`,
        );
      expect(await messages(text('', 'a'))).toEqual([]);
      expect(await messages(text(', options: { labels: { team: b } }', 'b'))).toEqual([]);
      expect(await messages(text('', 'c'))).toEqual([nothingFits]);
    });

    test('which proves nothing of the objects that may be meant', async () => {
      const relabel = patches(
        '{ kind: Deployment }',
        '{ metadata: { labels: { team: a } } }',
        '  - target: { labelSelector: "team=a" }\n    patch: \'[{ op: add, path: /kind, value: ReplicaSet }]\'\n',
      );
      expect(await onBase('{ kind: ReplicaSet }', relabel)).toEqual([]);
    });

    test.each([
      ['another kind', '{ kind: StatefulSet, labelSelector: "team=a" }', 'commonLabels: { team: a }\n'],
      ['another name', '{ name: shop, labelSelector: "team=a" }', 'commonLabels: { team: a }\n'],
      ['another value of a label', '{ labelSelector: "team=b" }', 'commonLabels: { team: a }\n'],
      ['another label of a strategic patch', labelled, patches('{ kind: Deployment }', '{ metadata: { labels: { team: b } } }')],
      ['labels of templates', labelled, patches('{ kind: Deployment }', '{ spec: { template: { metadata: { labels: { team: a } } } } }')],
      [
        'a value that replacements copy elsewhere',
        labelled,
        'replacements: [{ source: { kind: Deployment }, targets: [{ select: { kind: Deployment }, fieldPaths: [metadata.name] }] }]\n',
      ],
      ['labels that nobody makes', labelled, 'images: [{ name: nginx, newTag: "1" }]\n'],
      ['labels that a patch leaves alone', labelled, patches('{ kind: Deployment }', '[{ op: remove, path: /spec/replicas }]')],
      [
        'a label that was taken away',
        labelled,
        patches('{ kind: Deployment }', '[{ op: add, path: /metadata/labels, value: { team: b } }]'),
      ],
    ])('but not %s', async (_, target, base) => {
      expect(await onBase(target, base)).toEqual([nothingFits]);
    });
  });

  test('may fit what is generated', async () => {
    const more = 'resources: [web.yaml]\nconfigMapGenerator: [{ name: settings, literals: [a=b] }]\n';
    expect(await messages(patching('{ kind: ConfigMap, name: settings }', patch.replace('/spec/replicas', '/data/a'), more))).toEqual([]);
  });

  test.each([
    ['kind: "Deployment("', '"Deployment("', 'error parsing regexp: missing closing ): `^(?:Deployment()$`'],
    ['labelSelector: a b', 'a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ])('that kustomize cannot read is told: %s', async (field, _, why) => {
    expect(await messages(patching(`{ ${field} }`, patch))).toEqual([`error ${why}`]);
  });
});

test('kustomizations that take in each other again and again are followed only so far', async () => {
  shop.disk = { ...files };
  for (let depth = 0; depth < 40; depth++)
    shop.disk[`deep/${depth}/kustomization.yaml`] = `resources: [../${depth + 1}, ../${depth + 1}/, "../../deep/${depth + 1}"]\n`;
  for (const name of Object.keys(shop.disk)) await shop.editor.fileChanged(folder + name, 1);
  expect(await messages(patching('{ kind: Deployment }', '- { op: remove, path: /spec/paused }\n', 'resources: [deep/0]\n'))).toEqual([]);
  shop.disk = { ...files };
});

test('a JSON patch without a target is told', async () => {
  expect(await problems('patches:\n  - patch: "[{op: remove, path: /spec}]"\n  - path: patch.json\n  - patch: "kind: Pod"\n')).toEqual([
    expect.stringContaining('apiVersion not set'),
    '2:5-2:10 error must specify a target for JSON patch',
    '3:5-3:9 error must specify a target for JSON patch [path: "patch.json"]',
  ]);
  const old = 'patchesJson6902:\n  - target: { kind: Deployment }\n    patch: "[{op: remove, path: /spec}]"\n';
  expect((await problems(old)).slice(1)).toEqual(['2:5-2:11 error must specify the target name']);
});
