import type { ServerCapabilities } from 'vscode-languageserver';
import { answerInFile } from '../answer.ts';
import { formatEdits } from '../features/formatting.ts';
import type { Served } from './served.ts';

export const formatting: Served = {
  /** Not where another extension formats: the editor would ask which of the two is meant. */
  capabilities({ initializationOptions }: { initializationOptions?: { readonly formatting?: boolean } }): ServerCapabilities {
    const formats = initializationOptions?.formatting !== false;
    return { documentFormattingProvider: formats, documentRangeFormattingProvider: formats };
  },

  serve(session) {
    const { connection } = session;
    connection.onDocumentFormatting(
      answerInFile(session, 'formatting', [], (file, { options: { tabSize } }) =>
        formatEdits(file, { tabSize, listIndentation: session.listIndentation }),
      ),
    );
    connection.onDocumentRangeFormatting(
      answerInFile(session, 'range formatting', [], (file, { options: { tabSize }, range }) =>
        formatEdits(file, { tabSize, listIndentation: session.listIndentation }, range),
      ),
    );
  },
};
