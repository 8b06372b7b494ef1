import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { answer, answerInFile } from '../answer.ts';
import { symbolsOf } from '../features/symbols.ts';
import { workspaceSymbols } from '../features/workspace-symbols.ts';
import { Turns } from '../turns.ts';
import type { Served } from './served.ts';

/** The objects of a file and of the workspace, by name. */
export const symbols: Served = {
  capabilities: () => ({ documentSymbolProvider: true, workspaceSymbolProvider: true }),

  serve(session) {
    const { connection, index } = session;
    connection.onDocumentSymbol(
      answerInFile(session, 'symbols', [], async (file, _params, token) => {
        const { version } = file;
        const isOver = () => token.isCancellationRequested || file.version !== version;
        const symbols = await symbolsOf(file, new Turns(session.environment), isOver);
        return symbols ?? new ResponseError<void>(LSPErrorCodes.ContentModified, 'the file was edited');
      }),
    );
    connection.onWorkspaceSymbol(answer(session, 'workspace symbols', [], ({ query }) => workspaceSymbols(index, query)));
  },
};
