import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseAllDocuments, stringify } from 'yaml';
import { kubernetesYaml } from '../../runtime/api/yaml/dialect.ts';
import { ManifestFile } from '../../server/documents/file.ts';
import { type FormatOptions, formatEdits, type ListIndentation } from '../../server/features/formatting.ts';
import { fixture } from './editor.ts';

const options = (listIndentation: ListIndentation, tabSize = 2): FormatOptions => ({ tabSize, listIndentation });

function format(text: string, how: FormatOptions = options('keep'), lines?: readonly [from: number, to: number]): string {
  const document = TextDocument.create('file:///a.yaml', 'yaml', 1, text);
  const range = lines && { start: { line: lines[0], character: 0 }, end: { line: lines[1] + 1, character: 0 } };
  return TextDocument.applyEdits(document, formatEdits(new ManifestFile(document), how, range));
}

const crooked = `# head
spec:   # why
    containers:
    -   name: a
        args: ['x',
           "y"]
        # about the text
        text: |
            one
              two

            three
    # the second
    -   name: 'b' 
        env:
            - name: yes
              value: "0777"

status: {}
`;

test('a comment beside the fields of an item stays beside them', () => {
  const text = 'a:\n    -   b: 1\n        # of b\n    -   - c\n        # of c\n    # of a\n';
  expect(format(text)).toBe('a:\n  - b: 1\n    # of b\n  - - c\n    # of c\n  # of a\n');
});

test('one space stands behind a colon, and one blank line for several', () => {
  expect(
    format('a:   1\nb :\t2 #  c\n\n\n\nc:  |+\n  x\n\n\n\nd: |\n  x:   y\n\n\n\ne:   # f\n  - g:  { h:   i }\n    "j"  :  [k:   l]\n\n\n'),
  ).toBe('a: 1\nb: 2 #  c\n\nc: |+\n  x\n\n\n\nd: |\n  x:   y\n\ne:   # f\n  - g: { h:   i }\n    "j": [k:   l]\n\n');
  expect(format('a: &x b\n*x : c\nd:  *x\n')).toBe('a: &x b\n*x : c\nd: *x\n');
  expect(format('a: 1\r\n\r\n\r\n\r\nb:  2\r\n')).toBe('a: 1\r\n\r\nb: 2\r\n');
  expect(format('a:  1\n\n\nb:  2\n\n\nc:  3\n', options('keep'), [2, 3])).toBe('a:  1\n\nb: 2\n\n\nc:  3\n');
  expect(format('a:  1\n\n\n\n---\n\n\n\nb:  2\n')).toBe('a: 1\n\n---\n\nb: 2\n');
});

test('indents evenly and keeps comments, quotes, blank lines and texts', () => {
  expect(format(crooked)).toBe(`# head
spec:   # why
  containers:
  - name: a
    args: ['x',
       "y"]
    # about the text
    text: |
        one
          two

        three
  # the second
  - name: 'b'
    env:
      - name: yes
        value: "0777"

status: {}
`);
});

test('lists stand as people choose', () => {
  const flush = 'a:\n- b: 1\n  c:\n  - 1\nd:\n- - 1\n  - 2\n';
  const indented = 'a:\n  - b: 1\n    c:\n      - 1\nd:\n  - - 1\n    - 2\n';
  expect(format(flush, options('indented'))).toBe(indented);
  expect(format(indented, options('flush'))).toBe(flush);
  expect(format(flush)).toBe(flush);
  expect(format(indented)).toBe(indented);
  expect(format(flush, options('indented', 4))).toBe('a:\n    - b: 1\n      c:\n          - 1\nd:\n    - - 1\n      - 2\n');
});

describe('what is left as it is', () => {
  test.each([
    ['a broken document', 'a: [1\n   b: 2 \n'],
    ['a template', 'a:\n    b: {{ .Values.x }} \n'],
    ['a key that is no word', '? [a]\n:    b\n'],
    ['what is right already', 'a:\n  b: 1\n'],
    ['an empty document', '---\n'],
    ['nothing', ''],
  ])('%s', (_what, text) => {
    expect(format(text)).toBe(text);
  });

  test('documents beside a broken one, and line ends', () => {
    expect(format('a:\r\n    b: 1\r\n---\r\nc: [\r\n---\r\nd:\r\n    - 1 \r\n')).toBe(
      'a:\r\n  b: 1\r\n---\r\nc: [\r\n---\r\nd:\r\n  - 1\r\n',
    );
  });

  test('lines outside of the range', () => {
    // A line that is selected in whole ends where the next one begins.
    expect(format('a:\n    b: 1\n    e: 1\nc:\n    d: 1\n', options('keep'), [1, 2])).toBe('a:\n  b: 1\n  e: 1\nc:\n    d: 1\n');
    expect(format('a:\n    b: 1\nc:\n    d: 1\n', options('keep'), [2, 3])).toBe('a:\n    b: 1\nc:\n  d: 1\n');
  });
});

/** What a file means, and the comments in it. */
function meaning(text: string): unknown {
  const comments = [...text.matchAll(/(?:^|\s)#[^\n]*?(?=\s*$)/gm)].map(([comment]) => comment.trim());
  return [
    parseAllDocuments(text, { ...kubernetesYaml, logLevel: 'silent' }).map((document) => document.toJS({ maxAliasCount: -1 })),
    comments,
  ];
}

const samples = new URL('../../media/samples/', import.meta.url);

test('manifests mean the same afterwards, and formatting again changes nothing', () => {
  const texts = [
    crooked,
    ...['shop.yaml', 'careful.yaml', 'careless.yaml', 'widgets.crd.yaml'].map(fixture),
    ...readdirSync(samples).map((name) => readFileSync(new URL(name, samples), 'utf8')),
  ];
  for (const text of texts) {
    for (const list of ['keep', 'indented', 'flush'] as const) {
      const once = format(text, options(list));
      expect(meaning(once)).toEqual(meaning(text));
      expect(format(once, options(list))).toBe(once);
    }
  }
});

test('whatever is written, it means the same afterwards', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('yes', '0777', '1e3', '~', ' x', 'x\n', 'a\n  b\n\nc', '# no', '- x', '{{x'),
    fc.constant(null),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      scalar,
      fc.dictionary(fc.constantFrom('a', 'b', 'on', '0777', 'long name'), tie('value'), { maxKeys: 4 }),
      fc.array(tie('value'), { maxLength: 4 }),
    ),
  }));
  const how = fc.record({
    indent: fc.integer({ min: 1, max: 6 }),
    indentSeq: fc.boolean(),
    list: fc.constantFrom('keep' as const, 'indented' as const, 'flush' as const),
    tabSize: fc.constantFrom(2, 4),
  });
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { minKeys: 1 }),
      how,
      (object, { indent, indentSeq, list, tabSize }) => {
        const text = stringify(object, { version: '1.1', indent, indentSeq });
        expect(meaning(format(text, options(list, tabSize)))).toEqual(meaning(text));
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});
