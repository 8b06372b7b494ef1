import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Editor, fixture, positionIn } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const labels = async (marked: string) => (await editor.complete(marked)).map((item) => item.label);
const inserted = async (marked: string, label: string) => {
  const item = (await editor.complete(marked)).find((candidate) => candidate.label === label);
  return item?.textEdit?.newText ?? item?.insertText;
};
const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n';
const pod = 'apiVersion: v1\nkind: Pod\nspec:\n';

describe('the next manifest', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n    - port: 80\n';

  test.each([
    ['an empty line', `${service}|`],
    ['a word that was begun', `${service}\ncon|\n\n# the end\n`],
    ['behind the last of several', `${service}---\n${service}|`],
    ['between two', `${service}|\n---\n${service}`],
  ])('is a document of its own: %s', async (_, marked) => {
    const map = (await editor.complete(marked)).find((item) => item.label === 'ConfigMap');
    expect(map?.textEdit?.newText).toMatch(/^---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n {2}name: /);
    expect(map?.labelDetails).toEqual({ detail: ' new document', description: 'v1' });
  });

  test('is of the usual kinds until letters tell which', async () => {
    const uri = await editor.open(service);
    const usual = await editor.completionsAt(uri, positionIn(service, service.length));
    expect(usual.isIncomplete).toBe(true);
    expect(usual.items.map(({ label }) => label)).toEqual(expect.arrayContaining(['Deployment', 'ConfigMap']));
    expect(usual.items.length).toBeLessThan(20);
    expect(await labels(`${service}netpo|`)).toContain('NetworkPolicy');
    expect(await labels(`${service}netpo|`)).not.toContain('Deployment');
  });

  test('comes behind the fields of the one before it', async () => {
    const items = await editor.complete('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n|');
    const sorted = items.toSorted((left, right) => ((left.sortText ?? '') < (right.sortText ?? '') ? -1 : 1)).map(({ label }) => label);
    expect(sorted.indexOf('data')).toBeLessThan(sorted.indexOf('Deployment'));
    expect(sorted.indexOf('Deployment')).toBeGreaterThan(0);
  });

  test.each([
    ['between fields', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n|\nspec:\n  ports: []\n'],
    ['without a name', 'apiVersion: v1\nkind: Service\n|'],
    ['below the first column', `${service}  |`],
    ['in flow style', '{apiVersion: v1, kind: Service, metadata: {name: web}, |}'],
  ])('is not offered %s', async (_, marked) => {
    expect(await labels(marked)).not.toContain('Deployment');
  });
});

describe('fields', () => {
  test('of an object, without those that are there', async () => {
    const fields = await labels(`${deployment}  replicas: 1\n  |\n`);
    expect(fields).toEqual(expect.arrayContaining(['minReadySeconds', 'selector', 'strategy', 'template']));
    expect(fields).not.toContain('replicas');
  });

  test('while a name is being written, in a document behind others', async () => {
    const items = await editor.complete(`a: 1\n---\nb: 1\n---\n${deployment}  repl|\n`);
    const replicas = items.find((item) => item.label === 'replicas');
    expect(replicas?.textEdit).toMatchObject({ range: { start: { line: 9, character: 2 }, end: { line: 9, character: 6 } } });
    expect(JSON.stringify(replicas?.documentation)).toContain('Number of desired pods');
  });

  test('with what is required below them', async () => {
    expect(await inserted(`${deployment.replace('spec:\n', '')}|`, 'spec')).toMatch(
      /^spec:\n {2}replicas: [\s\S]*\n {2}selector:\n[\s\S]*\n {2}template:\n/,
    );
    expect(await inserted(`${pod}  |`, 'containers')).toMatch(/^containers:\n\s+- name: /);
  });

  test('of the first line of a list item and of later ones', async () => {
    expect(await labels(`${pod}  containers:\n  - |`)).toEqual(expect.arrayContaining(['image', 'name']));
    expect(await labels(`${pod}  containers:\n  - name: a\n    |\n    image: b\n`)).toEqual(expect.arrayContaining(['env', 'ports']));
  });

  test('with their types, required ones first', async () => {
    const items = await editor.complete(`${deployment}  template:\n    spec:\n      containers:\n      - name: a\n      - |`);
    expect(items.find((item) => item.label === 'image')?.detail).toBe('string');
    const sorted = (await editor.complete(`${deployment}  |`)).toSorted((left, right) =>
      (left.sortText ?? '') < (right.sortText ?? '') ? -1 : 1,
    );
    expect(sorted.slice(0, 3).map(({ label, detail }) => [label, detail])).toEqual([
      ['selector', 'LabelSelector · required'],
      ['template', 'PodTemplateSpec · required'],
      ['replicas', 'integer · default: 1'],
    ]);
    expect(JSON.stringify(sorted[0]?.documentation)).not.toContain('required');
  });

  test('before the dash below a list', async () => {
    const items = await editor.complete(`${pod}  containers:\n    |\n`);
    expect(items.map((item) => item.label)).toEqual(expect.arrayContaining(['- Container', 'image']));
    expect(await inserted(`${pod}  containers:\n    |\n`, '- Container')).toMatch(/^- name: /);
    expect(await inserted(`${pod}  containers:\n    - name: a\n    |\n`, 'image')).toBe('- image: $1');
  });

  test('in the items of a List', async () => {
    expect(await labels('apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n    |\n')).toEqual(
      expect.arrayContaining(['containers', 'nodeName']),
    );
  });

  test('in a List that is in a List, fields, values and whole objects', async () => {
    const list = 'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n';
    expect(await labels(`${list}  - apiVersion: v1\n    kind: Pod\n    spec:\n      |\n`)).toContain('containers');
    expect(await labels(`${list}  - apiVersion: v1\n    kind: Pod\n    spec:\n      restartPolicy: |\n`)).toEqual([
      'Always',
      'Never',
      'OnFailure',
    ]);
    expect(await labels(`${list}  - |\n`)).toEqual(expect.arrayContaining(['kind', 'ConfigMap']));
  });

  test('of a value that stands below its name', async () => {
    expect(await labels(`${pod}  restartPolicy:\n    |\n`)).toEqual(['Always', 'Never', 'OnFailure']);
    expect(await inserted(`${pod}  restartPolicy:\n    |\n`, 'Never')).toBe('Never');
    // In the column of the name there are its neighbours.
    expect(await labels(`${pod}  restartPolicy:\n  |\n`)).toContain('containers');
  });

  test('in the room before a comment, and not in it', async () => {
    expect(await labels(`${pod}  # a\n  | # b\n`)).toContain('containers');
    expect(await labels(`${pod}  # a\n  # |b\n`)).toEqual([]);
    expect(await labels('apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |2\n    | # b\n'.replace('|2', '>2'))).toEqual([]);
  });

  test('of a kind written with the wrong case', async () => {
    expect(await labels('apiVersion: apps/v1\nkind: deployment\nspec:\n  |\n')).toContain('replicas');
  });
});

describe('values', () => {
  test('of an enumeration', async () => {
    expect(await labels(`${pod}  containers:\n  - name: a\n    imagePullPolicy: |\n`)).toEqual(['Always', 'IfNotPresent', 'Never']);
    expect(await labels(`${pod}  restartPolicy: |\n`)).toEqual(expect.arrayContaining(['Always', 'Never', 'OnFailure']));
  });

  test.each([
    ['protocols', `${pod}  containers:\n  - ports:\n    - protocol: |\n`, ['TCP', 'UDP', 'SCTP']],
    [
      'operators',
      `${pod}  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ operator: | }] }] } } }\n`,
      ['In', 'NotIn', 'Exists'],
    ],
    ['types of Services', 'apiVersion: v1\nkind: Service\nspec:\n  type: |\n', ['ClusterIP', 'LoadBalancer', 'NodePort']],
    ['ports', `${pod}  containers:\n  - ports:\n    - containerPort: |\n`, ['80', '8080', '443']],
    ['names of ports', `${pod}  containers:\n  - ports:\n    - name: |\n`, ['http', 'https', 'grpc']],
    ['versions', 'apiVersion: |\n', ['apps/v1', 'v1', 'networking.k8s.io/v1']],
  ])('what people write most comes first: %s', async (_, marked, first) => {
    const items = await editor.complete(marked);
    const sorted = items.toSorted((left, right) => ((left.sortText ?? '') < (right.sortText ?? '') ? -1 : 1));
    expect(sorted.slice(0, 3).map(({ label }) => label)).toEqual(first);
  });

  test('of a choice in a snippet, the usual one stands first', async () => {
    expect(await inserted(`${pod}  containers:\n  - ports:\n    - containerPort: 1\n      |`, 'protocol')).toMatch(
      /^protocol: \$\{\d\|TCP,UDP,SCTP\|\}$/,
    );
  });

  test('of a boolean', async () => {
    expect((await labels(`${pod}  hostNetwork: |\n`)).sort()).toEqual(['false', 'true']);
  });

  test('none in comments and behind a marker', async () => {
    expect(await labels(`${pod}  # |\n`)).toEqual([]);
    expect(await labels(`a: b\n---|\n`)).toEqual([]);
  });

  test('none inside a block of text, and again below it', async () => {
    const config = 'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    script: |-\n      if true:\n        sp';
    expect(await editor.complete(config.replace('|-', '>-').concat('|'))).toEqual([]);
    expect(await labels(`${config.replace('|-', '>-')}\n|`)).toContain('spec');
  });
});

test.each([
  ['replicas: |', ['1']],
  ['revisionHistoryLimit: |', ['10']],
  ['paused: |', ['true', 'false']],
])('the default of %s is offered where nothing else is', async (field, values) => {
  const items = await editor.complete(`apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  ${field}\n`);
  expect(items.map(({ label }) => label)).toEqual(values);
});

test('a star that begins a schedule is no alias where there is nothing to name', async () => {
  const schedule = 'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: a }\nspec:\n  schedule: *|\n';
  expect(await labels(schedule)).toContain('*/5 * * * *');
});

test.each([
  ['spec:\n  nodeSelector: *|\n', ['labels', 'name']],
  ['spec:\n  nodeSelector: { <<: *la| }\n', ['labels', 'name']],
  ['spec: &spec\n  volumes: [*|]\n', ['labels', 'name', 'spec']],
  ['spec:\n  nodeSelector:\n    <<: |\n', ['*labels', '*name']],
  ['# *|\n', []],
])('the anchors above are offered for an alias in %j', async (spec, anchors) => {
  const head = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: &name a\n  labels: &labels { a: "b & c", d: e&f }\n';
  const labels = (await editor.complete(head + spec)).map(({ label }) => label);
  expect(labels.sort()).toEqual(anchors);
});

describe('kinds', () => {
  test('are not guessed where nothing is written', async () => {
    const offered = (await editor.complete('|')).map(({ label, detail }) => [label, detail]);
    expect(offered).toContainEqual(['apiVersion', undefined]);
    expect(offered.map(([label]) => label)).not.toContain('spec');
  });

  test.each([
    '|',
    'a: b\n---\n|',
    '# note\n\nDep|',
    `${deployment}---\n|\n---\na: b\n`,
    `${deployment}...\n|`,
    `${deployment}...\n\n|`,
    '{ a: b }\n... # end\n|',
    'a: >-\n  b\n...\nDep|',
  ])('whole manifests in %j', async (marked) => {
    expect(await inserted(marked, 'Deployment')).toBe(
      [
        'apiVersion: apps/v1',
        'kind: Deployment',
        'metadata:',
        '  name: $' + '{1:name}',
        'spec:',
        '  replicas: $' + '{2:1}',
        '  selector:',
        '    matchLabels:',
        '      app: $' + '{1:name}',
        '  template:',
        '    metadata:',
        '      labels:',
        '        app: $' + '{1:name}',
        '    spec:',
        '      containers:',
        '        - name: $' + '{3:app}',
        '          image: $' + '{4:nginx}',
      ].join('\n'),
    );
  });

  test('of the version that is written, first; others bring theirs', async () => {
    const items = await editor.complete('apiVersion: apps/v1\nkind: |\n');
    const sorted = items.toSorted((left, right) => ((left.sortText ?? '') < (right.sortText ?? '') ? -1 : 1)).map((item) => item.label);
    expect(sorted.slice(0, 5).sort()).toEqual(['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']);
    expect(items.find((item) => item.label === 'Ingress')?.additionalTextEdits).toEqual([
      { range: { start: { line: 0, character: 12 }, end: { line: 0, character: 19 } }, newText: 'networking.k8s.io/v1' },
    ]);
    const alone = await editor.complete('kind: Ing|\n');
    expect(alone.find((item) => item.label === 'Ingress')?.additionalTextEdits).toMatchObject([
      { newText: 'apiVersion: networking.k8s.io/v1\n' },
    ]);
  });

  test('versions, those of the kind that is written first', async () => {
    const items = await editor.complete('apiVersion: |\nkind: CronJob\n');
    const [first] = items.toSorted((left, right) => ((left.sortText ?? '') < (right.sortText ?? '') ? -1 : 1));
    expect(first?.label).toBe('batch/v1');
  });
});

describe('hover', () => {
  test('tells type, need, default and purpose', async () => {
    const field = await editor.hover(`${pod}  containers:\n  - name: a\n    image|: b\n`);
    expect(field).toContain('`string`');
    expect(field).toContain('Container image name');
    expect(field).toContain('`spec.containers[0].image`');
    expect(await editor.hover(`${pod}  conta|iners:\n`)).toMatch(/`\[\]Container` · required/);
  });

  test('tells what a kind is', async () => {
    expect(await editor.hover(deployment.replace('Deployment', 'Deploy|ment'))).toMatch(
      /\*\*Deployment\*\* `apps\/v1` · namespaced · since 1.9\n\nDeployment enables/,
    );
  });

  test('says nothing where nothing is known', async () => {
    expect(await editor.hover('fo|o: bar\n')).toBe('');
    expect(await editor.hover(`${pod}  non|sense: 1\n`)).toBe('');
  });
});

test('every prefix of a manifest that somebody types is answered', async () => {
  const text = fixture('shop.yaml');
  const uri = await editor.open('');
  let typed = '';
  for (const letter of text) {
    const before = typed;
    typed += letter;
    // Appending is an edit of nothing at the end.
    await editor.append(uri, before, letter);
    if (typed.length % 17 > 0) continue;
    await editor.completeAt(uri, positionIn(typed, typed.length));
    await editor.hoverAt(uri, positionIn(typed, typed.length));
    await editor.symbols(uri);
    await editor.folds(uri);
    await editor.documents(uri);
    await editor.locate(uri, 2, 'spec.template.spec.containers[0].image');
  }
  expect(await editor.diagnostics(uri)).toEqual([]);
  expect(editor.logged).toEqual([]);
});
