import { LSPErrorCodes, type Position, ResponseError } from 'vscode-languageserver';
import { type Answer, answer } from '../answer.ts';
import { anchorAt, renameAnchor } from '../features/anchors.ts';
import { renamableAt, renameAt } from '../features/rename.ts';
import type { Served } from './served.ts';

export const rename: Served = {
  capabilities: () => ({ renameProvider: { prepareProvider: true } }),

  serve(session) {
    const { connection, files, index } = session;
    const anchorIn = (uri: string, position: Position) => {
      const file = files.get(uri);
      return file && anchorAt(file, position);
    };
    connection.onPrepareRename(
      answer(session, 'prepare rename', null, ({ textDocument: { uri }, position }) => {
        const found = anchorIn(uri, position);
        return found ? { range: found.here, placeholder: found.name } : orRefused(renamableAt(index, uri, position));
      }),
    );
    connection.onRenameRequest(
      answer(session, 'rename', null, ({ textDocument: { uri }, position, newName }) => {
        const found = anchorIn(uri, position);
        if (!found) return orRefused(renameAt(index, uri, position, newName));
        const edits = renameAnchor(found, newName);
        return orRefused(typeof edits === 'string' ? edits : { changes: { [uri]: edits } });
      }),
    );
  },
};

/** A text in place of a result is the reason why there is none. */
function orRefused<Result>(result: Result | string): Answer<Result> {
  return typeof result === 'string' ? new ResponseError<void>(LSPErrorCodes.RequestFailed, result) : result;
}
