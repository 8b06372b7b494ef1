import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { type Answer, answer } from '../answer.ts';
import { renamableAt, renameAt } from '../features/rename.ts';
import type { Served } from './served.ts';

export const rename: Served = {
  capabilities: () => ({ renameProvider: { prepareProvider: true } }),

  serve(session) {
    const { connection, index } = session;
    connection.onPrepareRename(
      answer(session, 'prepare rename', null, ({ textDocument, position }) => orRefused(renamableAt(index, textDocument.uri, position))),
    );
    connection.onRenameRequest(
      answer(session, 'rename', null, ({ textDocument, position, newName }) =>
        orRefused(renameAt(index, textDocument.uri, position, newName)),
      ),
    );
  },
};

/** A text in place of a result is the reason why there is none. */
function orRefused<Result>(result: Result | string): Answer<Result> {
  return typeof result === 'string' ? new ResponseError<void>(LSPErrorCodes.RequestFailed, result) : result;
}
