import { answer, answerInFile } from '../answer.ts';
import { symbolsOf } from '../features/symbols.ts';
import { workspaceSymbols } from '../features/workspace-symbols.ts';
import type { Served } from './served.ts';

/** The objects of a file and of the workspace, by name. */
export const symbols: Served = {
  capabilities: () => ({ documentSymbolProvider: true, workspaceSymbolProvider: true }),

  serve(session) {
    const { connection, index } = session;
    connection.onDocumentSymbol(answerInFile(session, 'symbols', [], (file) => symbolsOf(file)));
    connection.onWorkspaceSymbol(answer(session, 'workspace symbols', [], ({ query }) => workspaceSymbols(index, query)));
  },
};
