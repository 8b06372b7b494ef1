import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMap, isSeq, parseAllDocuments } from 'yaml';
import { splitDocuments } from '../../server/documents/split.ts';
import { Tree } from '../../server/documents/tree.ts';
import { Editor, fixture } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const lines = ['---', '--- # note', '--- a', '...', '# note', '%YAML 1.1', 'a: 1', 'b: |', '  --- text', ' ...', '---x', '', '- c'];

test('a file is cut where a YAML parser cuts it', () => {
  const texts = fc
    .array(fc.constantFrom(...lines), { maxLength: 12 })
    .chain((chosen) => fc.constantFrom('\n', '\r\n').map((end) => chosen.join(end)));
  fc.assert(
    fc.property(texts, (text) => {
      const slices = splitDocuments(text);
      expect(slices.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
      // What a directive means where none may stand is a matter of taste: the parser reports it, and so does every slice.
      const parsed = parseAllDocuments(text, { strict: false });
      if (!Array.isArray(parsed) || /^%/m.test(text)) return;
      const contents = parsed.filter(
        (document) => document.contents !== null && document.contents.range?.[0] !== document.contents.range?.[1],
      );
      const sliced = slices.filter(({ start, end }) => {
        const { contents: content } = new Tree(text.slice(start, end)).document;
        return content !== null && content.range?.[0] !== content.range?.[1];
      });
      expect(sliced.length).toBe(contents.length);
    }),
    { numRuns: 500 },
  );
});

test('half a surrogate pair is an error at its place', () => {
  expect(new Tree('a: "x\uD800y"\nb: "\u{1F600}"\n').problems).toMatchObject([{ start: 5, end: 6, message: 'invalid Unicode character' }]);
});

test('a field is found as the first of its name, own ones before merged ones', () => {
  const names = ['a', 'b', 'c', 'true', '<<'];
  const field = fc.tuple(fc.constantFrom('a', 'b', 'c', 'on', '"<<"'), fc.constantFrom('1', '[x]', '{a: 2}', '*one'));
  const merge = fc.constantFrom('<<: *one', '<<: [*two, *one]', '<<: {b: 3, c: 4}');
  const fields = fc.array(
    fc.oneof(
      field.map((pair) => pair.join(': ')),
      merge,
    ),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(fields, (own) => {
      const tree = new Tree(`- &one {a: 7, b: 8}\n- &two\n  b: 9\n  <<: *one\n- ${own.join('\n  ')}\n`);
      const map = isSeq(tree.root) ? tree.root.items[2] : undefined;
      if (!isMap(map)) throw new Error('no mapping');
      for (const name of names) expect(tree.find(map, name)).toEqual(tree.entries(map).find((entry) => entry.name === name));
    }),
  );
});

test('the documents of a file, for the lenses over them', async () => {
  const uri = await editor.open(
    `${fixture('shop.yaml')}---\n# nothing\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: bad}\nfoo: 1\n---\nother: thing\n`,
  );
  const documents = await editor.documents(uri);
  expect(documents.map(({ index, apiVersion, kind, name, namespace, valid }) => [index, apiVersion, kind, name, namespace, valid])).toEqual(
    [
      [0, 'v1', 'Namespace', 'shop', '', true],
      [1, 'v1', 'ConfigMap', 'web-config', 'shop', true],
      [2, 'apps/v1', 'Deployment', 'web', 'shop', true],
      [3, 'v1', 'Service', 'web', 'shop', true],
      [4, 'batch/v1', 'CronJob', 'report', 'shop', true],
      [5, 'rbac.authorization.k8s.io/v1', 'RoleBinding', 'readers', 'shop', true],
      [7, 'v1', 'Pod', 'bad', '', false],
    ],
  );
  expect(documents[1]?.range).toEqual({ start: { line: 6, character: 0 }, end: { line: 17, character: 14 } });
});

test('a field is located for the error that names it, or else its nearest parent', async () => {
  const text = `apiVersion: v1
kind: ConfigMap
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels: &labels
    app.kubernetes.io/name: web
spec:
  selector: { matchLabels: *labels }
  template:
    spec:
      containers:
        - name: a
        - name: b
          image: x
          ports: []
`;
  const uri = await editor.open(text);
  const at = (path: string, index = 1) => editor.locate(uri, index, path);
  expect(await at('spec.template.spec.containers[1].image')).toBe('16:18-16:19');
  expect(await at('spec.template.spec.containers[1].ports')).toBe('17:11-17:16');
  expect(await at('spec.template.spec.containers[1].ports[0].containerPort')).toBe('17:11-17:16');
  expect(await at('spec.template.spec.containers[0].image')).toBe('14:11-14:15');
  expect(await at('spec.template.spec.containers[7].image')).toBe('13:7-13:17');
  expect(await at('spec.replicas')).toBe('9:1-9:5');
  expect(await at('metadata.labels[app.kubernetes.io/name]')).toBe('8:29-8:32');
  expect(await at('metadata.labels.app.kubernetes.io/name')).toBe('8:29-8:32');
  expect(await at('spec.selector.matchLabels[app.kubernetes.io/name]')).toBe('8:29-8:32');
  expect(await at('')).toBe('5:7-5:17');
  expect(await at('metadata.name')).toBe('6:1-6:9');
  expect(await at('metadata.name', 0)).toBe('2:7-2:16');
  expect(await at('spec', 5)).toBe('nowhere');
  expect(await at(']][[..[')).toBe('5:7-5:17');
});

test('the outline has one symbol per document, with its fields', async () => {
  const uri = await editor.open(fixture('shop.yaml'));
  const symbols = await editor.symbols(uri);
  expect(symbols.map((symbol) => symbol.name)).toEqual([
    'Namespace/shop',
    'ConfigMap/web-config',
    'Deployment/web',
    'Service/web',
    'CronJob/report',
    'RoleBinding/readers',
  ]);
  const spec = symbols[2]?.children?.find((child) => child.name === 'spec');
  const template = spec?.children?.find((child) => child.name === 'template')?.children?.find((child) => child.name === 'spec');
  expect(template?.children?.find((child) => child.name === 'containers')?.children?.map((child) => child.name)).toEqual(['web']);
  const walk = (list: typeof symbols, check: (symbol: (typeof symbols)[number]) => void): void => {
    for (const symbol of list) {
      check(symbol);
      walk(symbol.children ?? [], check);
    }
  };
  const before = (left: { line: number; character: number }, right: { line: number; character: number }) =>
    left.line < right.line || (left.line === right.line && left.character <= right.character);
  // An editor refuses outlines whose selections lie outside of their ranges.
  walk(symbols, ({ name, range, selectionRange }) => {
    expect(before(range.start, selectionRange.start) && before(selectionRange.end, range.end), name).toBe(true);
  });
});

test('the outline tells sorts of objects and parts apart, and says what is most worth knowing of them', async () => {
  const uri = await editor.open(
    'kind: List\nitems:\n- kind: Secret\n  metadata: { name: s }\n- kind: Pod\n  metadata: { name: a }\n  spec:\n    containers:\n    - name: main\n      image: b:1\n      ports: [{ containerPort: 80 }, { name: x, containerPort: 81 }]\n      env: [{ name: A, value: "1" }]\n      volumeMounts: [{ name: data, mountPath: /d }]\n    volumes: [{ name: data }]\n',
  );
  const shown: string[] = [];
  const walk = (list: Awaited<ReturnType<typeof editor.symbols>>) => {
    for (const { name, kind, detail, children } of list) {
      if (![15, 18, 19, 23].includes(kind)) shown.push([kind, name, detail].filter((part) => part).join(' '));
      walk(children ?? []);
    }
  };
  walk(await editor.symbols(uri));
  expect(shown).toEqual([
    '20 Secret/s',
    '2 main b:1',
    '11 80',
    '16 containerPort 80',
    '11 x 81',
    '16 containerPort 81',
    '13 A 1',
    '1 data /d',
    '1 data',
  ]);
});

test('documents, mappings and lists fold', async () => {
  const uri = await editor.open('a:\n- b:\n    c: 1\n  d: 2\n- e\n\nf: 1\n---\ng:\n  h: 1\n# end\n');
  expect((await editor.folds(uri)).map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
    [0, 6],
    [0, 4],
    [1, 3],
    [7, 10],
    [8, 9],
  ]);
});

test('the documents of a long file keep nobody waiting, and are given up when it is edited', async () => {
  // A first hover waits for what hovers are made of.
  await editor.hoverAt(await editor.open('kind: Pod\n'), { line: 0, character: 2 });
  const uri = await editor.open('{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n'.repeat(20_000));
  const answers: string[] = [];
  const documents = editor.documents(uri).then(({ length }) => answers.push(`${length} documents`));
  await Promise.all([documents, editor.hoverAt(uri, { line: 0, character: 18 }).then(() => answers.push('hover'))]);
  expect(answers).toEqual(['hover', '20000 documents']);
  const outdated = editor.documents(uri);
  await editor.edit(uri, 'name: a', 'name: b');
  expect((await outdated).length).toBeLessThan(20_000);
});
