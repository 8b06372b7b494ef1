import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { ManifestFile } from './documents/file.ts';
import type { Session } from './session.ts';

/** What was asked for, or why it cannot be. */
export type Answer<Result> = Result | ResponseError<void>;

type Handler<Params, Result> = (params: Params, token: CancellationToken) => Promise<Answer<Result>>;

/** Nothing a handler meets may end the server or show as an error in the editor: it is logged, and the answer is an empty one. */
export function answer<Params, Result>(
  session: Session,
  name: string,
  empty: Result,
  run: (params: Params, token: CancellationToken) => Answer<Result> | Promise<Answer<Result>>,
): Handler<Params, Result> {
  const cancelled = () => new ResponseError<void>(LSPErrorCodes.RequestCancelled, 'cancelled');
  return async (params, token) => {
    if (token.isCancellationRequested) return cancelled();
    try {
      const result = await run(params, token);
      return token.isCancellationRequested ? cancelled() : result;
    } catch (error) {
      session.log(name, error);
      return empty;
    }
  };
}

/** The same for what is asked of an open file; of others nothing is known. */
export function answerInFile<Params extends { textDocument: { uri: string } }, Result>(
  session: Session,
  name: string,
  empty: Result,
  run: (file: ManifestFile, params: Params, token: CancellationToken) => Answer<Result> | Promise<Answer<Result>>,
): Handler<Params, Result> {
  return answer(session, name, empty, (params, token) => {
    const file = session.files.get(params.textDocument.uri);
    return file ? run(file, params, token) : empty;
  });
}
