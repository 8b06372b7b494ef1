import { answer } from '../answer.ts';
import { valueDefinition } from '../features/chart-values.ts';
import { definitionsAt, highlightsAt, referencesAt } from '../features/navigation.ts';
import type { Served } from './served.ts';

/** From a name to where it is declared and to everything that means the same. */
export const navigation: Served = {
  capabilities: () => ({ definitionProvider: true, referencesProvider: true, documentHighlightProvider: true }),

  serve(session) {
    const { connection, files, index, readText } = session;
    connection.onDefinition(
      answer(session, 'definition', [], async ({ textDocument, position }) => {
        const file = files.get(textDocument.uri);
        return (file && (await valueDefinition(file, position, readText))) ?? definitionsAt(index, textDocument.uri, position);
      }),
    );
    connection.onReferences(
      answer(session, 'references', [], ({ textDocument, position, context }) =>
        referencesAt(index, textDocument.uri, position, context.includeDeclaration),
      ),
    );
    connection.onDocumentHighlight(
      answer(session, 'highlights', [], ({ textDocument, position }) => highlightsAt(index, textDocument.uri, position)),
    );
  },
};
