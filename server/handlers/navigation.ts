import type { Position } from 'vscode-languageserver';
import { answer } from '../answer.ts';
import { anchorAt } from '../features/anchors.ts';
import { valueDefinition } from '../features/chart-values.ts';
import { definitionsAt, highlightsAt, referencesAt } from '../features/navigation.ts';
import type { Served } from './served.ts';

/** From a name to where it is declared and to everything that means the same. */
export const navigation: Served = {
  capabilities: () => ({ definitionProvider: true, referencesProvider: true, documentHighlightProvider: true }),

  serve(session) {
    const { connection, files, index, readText } = session;
    const anchorIn = (uri: string, position: Position) => {
      const file = files.get(uri);
      return file && anchorAt(file, position);
    };
    connection.onDefinition(
      answer(session, 'definition', [], async ({ textDocument, position }) => {
        const file = files.get(textDocument.uri);
        const anchor = anchorIn(textDocument.uri, position)?.anchor;
        if (anchor) return [{ uri: textDocument.uri, range: anchor }];
        return (file && (await valueDefinition(file, position, readText))) ?? definitionsAt(index, textDocument.uri, position);
      }),
    );
    connection.onReferences(
      answer(session, 'references', [], ({ textDocument: { uri }, position, context: { includeDeclaration } }) => {
        const found = anchorIn(uri, position);
        if (!found) return referencesAt(index, uri, position, includeDeclaration);
        return [...(includeDeclaration ? [found.anchor] : []), ...found.aliases].map((range) => ({ uri, range }));
      }),
    );
    connection.onDocumentHighlight(
      answer(session, 'highlights', [], ({ textDocument: { uri }, position }) => {
        const found = anchorIn(uri, position);
        return found ? [found.anchor, ...found.aliases].map((range) => ({ range })) : highlightsAt(index, uri, position);
      }),
    );
  },
};
