import type { InlayHint } from 'vscode-languageserver';
import { answer, answerInFile } from '../answer.ts';
import type { Served } from './served.ts';

/** What is not written but will apply. */
export const inlayHints: Served = {
  capabilities: () => ({ inlayHintProvider: { resolveProvider: true } }),

  serve(session) {
    const { kinds, index } = session;
    const { inlayHint } = session.connection.languages;
    inlayHint.on(
      answerInFile(session, 'inlay hints', [], async (file, { range }) => {
        const { inlayHintsIn } = await session.late();
        return inlayHintsIn(file, range, { kinds, definitions: await session.definitions(), index, settings: session.hintSettings });
      }),
    );
    inlayHint.resolve((hint, token) =>
      answer<InlayHint, InlayHint>(session, 'inlay hint', hint, async (unresolved) => {
        const { resolveHint } = await session.late();
        return resolveHint(unresolved, await session.descriptions());
      })(hint, token),
    );
  },
};
