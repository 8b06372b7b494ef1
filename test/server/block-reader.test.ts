import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { kubernetesYaml } from '../../runtime/api/yaml/dialect.ts';
import { maskTemplate } from '../../runtime/api/yaml/template.ts';
import { readBlockStyle } from '../../server/documents/block-reader.ts';
import { splitDocuments } from '../../server/documents/split.ts';
import { manifestOf } from '../bench/language/manifests.ts';

const folders = ['../corpus/manifests', 'fixtures'].map((folder) => join(import.meta.dirname, folder));

const documents = folders
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((path) => /\.ya?ml$/.test(path))
  .map((path) => maskTemplate(readFileSync(path, 'utf8')))
  .flatMap((text) => splitDocuments(text).map(({ start, end }) => text.slice(start, end)));

/** All that is said of a node, comments left out. */
function told(node: unknown): unknown {
  if (isMap(node)) {
    const { flow, range, tag, anchor, items } = node;
    return { fields: items.map(({ key, value }) => [told(key), told(value)]), flow, range, tag, anchor };
  }
  if (isSeq(node)) {
    const { flow, range, tag, anchor, items } = node;
    return { items: items.map(told), flow, range, tag, anchor };
  }
  if (!isScalar(node)) return node;
  const { value, source, type, range, tag, anchor, format } = node;
  return { value, source, type, range, tag, anchor, format };
}

/** Whether a text is read; then it is to be free of mistakes and made of the same nodes as the library makes. */
function isRead(text: string): boolean {
  const read = readBlockStyle(text);
  if (!read) return false;
  const document = parseDocument(text, { ...kubernetesYaml, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  expect(document.errors, text).toEqual([]);
  expect(told(read), text).toEqual(told(document.contents));
  return true;
}

test('nearly all manifests are read, as the library reads them', () => {
  const manifests = documents.filter((text) => /^kind:/m.test(text));
  const left = manifests.filter((text) => !isRead(text));
  expect(manifests.length).toBeGreaterThan(150);
  expect(left.length).toBeLessThan(manifests.length / 20);
});

test('files with Windows line ends are read as well', () => {
  const manifests = documents.filter((text) => /^kind:/m.test(text) && !text.includes('\r')).map((text) => text.replaceAll('\n', '\r\n'));
  expect(manifests.filter((text) => !isRead(text)).length).toBeLessThan(manifests.length / 20);
});

test.each([
  'a: 1',
  'a: 1\n',
  '---\na: b\n',
  '# note\n--- # note\n# note\n\na: b # note\n\n# note\n',
  '  a: b\n  c:\n  - d\n  # note\n',
  'a:\nb:   \n  \nc: ~\nd: null\n',
  'a:\n- b\n- c: d\n  e:\n  - f\n# note\ng: h\n',
  'a:\n  b:\n    c: d\n    # of the inner one\n  # of the outer one\n  e: f\n      # of the value\n\n      # too\n    # of what follows\n',
  'a:\n  - b\n  # note\nc:\n  - d: e\n    # note\n  - f: 1\n # note\n',
  '-   a:   b\n    c: d\n- "e"\n- \'f\': g\n- -1\n- {}\n- |\n  text\n',
  'a : b\n"c" : \'d\'\n\'e\': "f"\nx y: z\n1: 2\non: off\n/a/b: ?x\n',
  `a: "\\"\\\\\\n\\t\\/"\nb: 'it''s'\nc: ''\nd: ""\ne: "a # b: c"\n`,
  'a: b#c\nb: http://c:80/d?e=f&g\nc: a:b\nd: :e\ne: -f\ng: a, [b] {c}\n',
  'a: 0777\nb: 0x1f\nc: 1_000\nd: 1e3\ne: .5\nf: yes\ng: NO\nh: 22:22\ni: 2020-01-01\nj: .inf\nk: -0\nl: .nan\nm: 1.\n',
  'a: []\nb: {}\nc: [ ]\nd: { } # note\ne: [a, "b" , \'c\',1]\nf: { g: h, "i" : [ j , {k: l} ] , m: -1 }  \n',
  'a: [a:b, http://c, -1, c#d]\n',
  'a: |\n  text\n\n   more\n  # text\nb: |- # note\n   x\n\n\nc: >\n  a\n  b\n\n  c\n\n\n  d\n    e\n\n    f\n  g\n\n',
  'a: >-\n\n  b\n  c\n   \n  d\n     \n# note\ne: |\n\n\n    f\n   # note\ng: h\n',
  'a: |\n  b\n   \n',
  'a: |\n  b',
  'a:\n  - |\n   b\n  # note\n  - >-\n   c\n   d\n',
  '{ a: b }',
  '[]',
  '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n',
  '---\n{ "a": [b, {c: d}] } # note\n# note\n\n# note\n',
  '# note\n  { a: b }\n  # note\n',
  'é: ü\nb: \ud83d\ude00\n',
])('%j is read', (text) => {
  for (const end of ['\n', '\r\n']) {
    expect(isRead(text.replaceAll('\n', end))).toBe(true);
    expect(isRead(`${text.replaceAll('\n', end)}  `)).toBe(true);
  }
});

test.each([
  '',
  '# note\n',
  'a',
  '%YAML 1.1\n---\na: b\n',
  '\ufeffa: b\n',
  'a: b\n---\nc: d\n',
  'a: b\n...\n',
  'a: &b c\n',
  'a: *b\n',
  'a: !!str b\n',
  '<<: b\n',
  '? a\n: b\n',
  'a: b: c\n',
  'a: b\n  c\n',
  'a: "b\n  c"\n',
  'a: "b" c\n',
  'a: "b"#c\n',
  'a: "b\n',
  'a: "\\x41"\n',
  'a: "\\q"\n',
  'a:b\n',
  'a\n',
  'a: - b\n',
  'a: @b\n',
  'a: %b\n',
  'a:\n  b\n',
  'a:\n  # note\nb: c\n',
  'a: # note\n',
  '- a\n-\n- b\n',
  '- - a\n',
  '- a\nb: c\n',
  'a: b\n- c\n',
  'a: 1\n b: 2\n',
  'a:\n  b: 1\n c: 2\n',
  ' a: 1\nb: 2\n',
  'a: |\n',
  'a: |2\n   b\n',
  'a: |+\n  b\n\n',
  'a: |\nb: c\n',
  'a: |\n     \n  b\n',
  'a: | b\n',
  'a: [b\n  ,c]\n',
  'a: [b, ]\n',
  'a: [b c: d]\n',
  'a: {b}\n',
  'a: {b: }\n',
  'a: {"b":c}\n',
  'a: [b]: c\n',
  'a: []c\n',
  '{ a: b }\n{ c: d }\n',
  '{ a: b }: c\n',
  '--- { a: b }\n',
  '{ a: b }\nc: d\n',
  '{ a: b,\n  c: d }\n',
  'a:\tb\n',
  'a: b\rc: d\n',
  'a: \x07\n',
])('%j is left to the library', (text) => {
  expect(isRead(text)).toBe(false);
});

test.each([
  ['long names', `${'x'.repeat(1100)}: b\n`],
  ['deep lists', `a: ${'['.repeat(60)}${']'.repeat(60)}\n`],
  ['deep mappings', Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
])('%s are left to the library', (_, text) => {
  expect(isRead(text)).toBe(false);
});

/** What makes something else of a document wherever it is put. */
const pieces = [
  ...[
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '\t',
    ':',
    ': ',
    ' :',
    '-',
    '- ',
    '\n-\n',
    '#',
    ' #',
    '# c\n',
    '\n# c\n',
    '\n  # c',
    '\n    # c\n',
  ],
  ...[
    '"',
    "'",
    "''",
    '""',
    '\\',
    '\\n',
    '\\x',
    '|',
    '|-',
    '|\n',
    ' >-\n',
    '>',
    '{',
    '}',
    '[',
    ']',
    '{}',
    '[]',
    ',',
    ', ',
    '{a: b}',
    '[a, b]',
  ],
  ...[
    '[ "a" , b ]',
    '{ a : 1, "b": [x ] }',
    '&a ',
    '*a',
    '!t ',
    '? ',
    '%',
    '@',
    '`',
    '~',
    'null',
    'yes',
    '0x1f',
    '1_0',
    '.5',
    '1e3',
    '<<: ',
  ],
  ...[
    '---',
    '--- ',
    '...\n',
    'a: b',
    'a: b\n',
    'a:\n',
    'a: |\n',
    '- a: b\n',
    '- |\n',
    '\n      deep\n',
    'é',
    '\ufeff',
    '\u2028',
    '\u0085',
    '\x02',
  ],
];

/** Puts a piece somewhere in a text, in place of some characters. */
interface Change {
  readonly place: number;
  readonly length: number;
  readonly piece: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 4 }),
  piece: fc.oneof(
    fc.constantFrom('', ...pieces),
    fc.nat({ max: 8 }).map((spaces) => `\n${' '.repeat(spaces)}`),
  ),
});

function changed(text: string, { place, length, piece }: Change): string {
  const at = Math.round(place * text.length);
  return text.slice(0, at) + piece + text.slice(at + length);
}

test('whatever becomes of a manifest, what is read is what the library reads', () => {
  const sources = [...documents, ...splitDocuments(manifestOf(1)).map(({ start, end }) => manifestOf(1).slice(start, end))];
  const texts = fc.tuple(
    fc.constantFrom(...sources.filter(({ length }) => length < 3000)),
    fc.array(change, { minLength: 1, maxLength: 3 }),
  );
  let read = 0;
  fc.assert(
    fc.property(texts, ([text, changes]) => {
      if (isRead(changes.reduce(changed, text))) read++;
    }),
    { numRuns: 3000 },
  );
  expect(read).toBeGreaterThan(300);
});
