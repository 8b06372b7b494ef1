import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FoldingRange, SelectionRange, TextEdit } from 'vscode-languageserver';
import { Editor, positionIn, show } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

test('a selection grows from the word to the document', async () => {
  const text = 'a: 1\n---\nspec:\n  containers:\n    - name: web\n      image: nginx\n';
  const uri = await editor.open(text);
  const positions = [positionIn(text, text.indexOf('web') + 1)];
  const [first] = await editor.request<SelectionRange[]>('textDocument/selectionRange', { textDocument: { uri }, positions });
  const grown: string[] = [];
  for (let at: SelectionRange | undefined = first; at; at = at.parent) grown.push(show(at.range));
  expect(grown).toEqual(['5:13-5:16', '5:7-5:16', '5:7-6:19', '5:5-6:19', '4:3-6:19', '3:1-6:19']);
});

test('formatting is asked for over the protocol', async () => {
  const uri = await editor.open('a:\n    b: 1 \n');
  const edits = await editor.request<TextEdit[]>('textDocument/formatting', {
    textDocument: { uri },
    options: { tabSize: 2, insertSpaces: true },
  });
  expect(edits.map(({ range, newText }) => `${show(range)} ${newText}`)).toEqual(['2:1-2:10   b: 1']);
});

test('comments over several lines fold', async () => {
  const uri = await editor.open('# one\n# two\na:\n  # alone\n  b: |\n    text\n    text\n');
  const folds: FoldingRange[] = await editor.folds(uri);
  expect(folds.map(({ startLine, endLine, kind }) => [startLine, endLine, kind])).toEqual([
    [0, 1, 'comment'],
    [2, 6, undefined],
    [4, 6, undefined],
  ]);
});
