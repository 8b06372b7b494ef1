import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { YAMLParseError } from 'yaml';

import { ApiFailure } from '../../client/cluster/failure.ts';
import { parseFieldPath } from '../../client/manifest/field-path.ts';
import { locateFailure } from '../../client/manifest/server-errors.ts';
import { ManifestFile } from '../../server/documents/file.ts';
import { decodedPath } from '../../server/documents/path.ts';
import { syntaxProblems } from '../../server/documents/syntax.ts';
import { completePath } from '../../server/features/completion-paths.ts';
import { formatEdits } from '../../server/features/formatting.ts';

// As long as a document may be: what is looked at again for every character of it takes hours.
const many = (text: string, times = 400_000) => text.repeat(times);
const file = (text: string, uri = 'file:///a.yaml') => new ManifestFile(TextDocument.create(uri, 'yaml', 1, text));

test('a field whose name has many brackets is named at once', () => {
  expect(decodedPath(['labels', many('[')])).toBe(`labels.${many('[')}`);
  expect(decodedPath(['labels[a]', `${many('[')}\n[b]`, 'args[-]'])).toBe(`labels.a.${many('[')}\n.b.args[-]`);
});

test('a path of the server with many brackets, or a long text in them, is read at once', () => {
  expect(parseFieldPath(`spec.${many('[')}a`)).toEqual(['spec', 'a']);
  expect(parseFieldPath(`spec${many('[\\"')}`)).toHaveLength(400_001);
  expect(parseFieldPath(`spec[${many('a')}]`)).toEqual(['spec', many('a')]);
  expect(parseFieldPath('ports[name="a]\\"[",protocol=TCP].x["b[c]')).toEqual([
    'ports',
    { where: { name: 'a]"[', protocol: 'TCP' } },
    'x',
    '"b',
    'c',
  ]);
});

test('an error of the server with many points is placed at once', () => {
  const object = { apiVersion: 'v1', kind: 'Pod', name: 'a', body: {}, locate: () => ({ start: 0, end: 0 }) };
  const told = (message: string) => locateFailure(new ApiFailure(500, { message }), object).map((problem) => problem.message);
  expect(told(`no ${many('.')} here`)).toEqual([`no ${many('.')} here`]);
  expect(told('.spec.a: field not declared in schema, .b: field not declared in schema')).toEqual([
    'Unknown field "spec.a"',
    'Unknown field "b"',
  ]);
});

test('a line without a colon is explained at once, however long', () => {
  const line = many('a');
  const text = `${line} b\n c: d\n`;
  const error = new YAMLParseError([line.length + 1, line.length + 2], 'BLOCK_AS_IMPLICIT_KEY', 'Nested mappings are not allowed');
  expect(syntaxProblems(text, [error])).toMatchObject([{ message: 'Nested mappings are not allowed' }]);
});

test('a line with many spaces in its middle is formatted at once', () => {
  const text = `a: "b${many(' ')}c"  \n`;
  const document = TextDocument.create('file:///a.yaml', 'yaml', 1, text);
  expect(TextDocument.applyEdits(document, formatEdits(new ManifestFile(document), { tabSize: 2, listIndentation: 'keep' }))).toBe(
    `a: "b${many(' ')}c"\n`,
  );
});

test('a path is completed at once below many blank lines', () => {
  const text = `resources:\n- a.yaml\n${many('\n')}- \n`;
  const kustomizations = { near: () => ['a.yaml', 'b.yaml'] };
  const offered = completePath(file(text, 'file:///kustomization.yaml'), { line: 400_002, character: 2 }, kustomizations);
  expect(offered?.map(({ label }) => label)).toEqual(['b.yaml']);
});
