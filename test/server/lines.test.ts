import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { positionsIn } from '../../server/documents/lines.ts';

test('positions are those of an editor', () => {
  const texts = fc.array(fc.constantFrom('a', '\u{1f600}', '\n', '\n\n', '\r\n', '\r')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const document = TextDocument.create('', 'yaml', 0, text);
      const positions = positionsIn(text);
      for (let offset = 0; offset <= text.length; offset++) expect(positions.positionAt(offset)).toEqual(document.positionAt(offset));
    }),
  );
});
