import { expect, test } from 'vitest';
import { URI } from 'vscode-uri';
import { asVSCodeWrites, uriBeside } from '../../server/documents/uris.ts';

test.each([
  'file:///workspace/a.yaml',
  'file:///C:/w/a.yaml',
  'file:///c:/Users/A:/b.yaml',
  "file:///w/it's%201+1%20(a@b)~%C3%A9!*&=;,$.yaml",
  'file:///w/100%25/%23/%3F/%5B1%5D.yaml',
  'file://server/share/a+b.yaml',
  'file:///',
])('%s is what VS Code makes of it', (uri) => {
  expect(asVSCodeWrites(uri)).toBe(URI.parse(uri).toString());
});

test.each([
  ['a.yaml', 'file:///w%40x/base/a.yaml'],
  ['../a+b/./c d.yaml', 'file:///w%40x/a%2Bb/c%20d.yaml'],
  ['..\\other', 'file:///w%40x/other'],
  ['.', 'file:///w%40x/base/'],
  ['../../../..', 'file:///'],
  ['100%.txt', 'file:///w%40x/base/100%25.txt'],
  ['a#b', 'file:///w%40x/base/a%23b'],
  ['é😀', 'file:///w%40x/base/%C3%A9%F0%9F%98%80'],
  ['\ud83d', undefined],
])('from a file in a folder %j leads to %s', (path, uri) => {
  expect(uriBeside('file:///w%40x/base/kustomization.yaml', path)).toBe(uri);
});

test('nothing is beside what is in no folder', () => {
  expect(uriBeside('untitled:Untitled-1', 'a.yaml')).toBeUndefined();
});
