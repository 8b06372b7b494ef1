import { answerInFile } from '../answer.ts';
import { completeInAction } from '../features/chart-values.ts';
import type { Served } from './served.ts';

export const completion: Served = {
  capabilities: () => ({ completionProvider: { triggerCharacters: [' ', '(', '.', '/'] } }),

  serve(session) {
    const { connection, kinds, kustomizations, names, completer, readText } = session;
    connection.onCompletion(
      answerInFile(session, 'completion', [], async (file, { position, context }, token) => {
        const { completeAt, completeInPatch, completePath } = await session.late();
        const elsewhere =
          (await completeInAction(file, position, readText)) ??
          (await completeInPatch(file, position, session)) ??
          completePath(file, position, kustomizations);
        // A point asks for nothing in plain YAML, where it is part of a word.
        if (elsewhere || context?.triggerCharacter === '.') return elsewhere ?? [];
        const parts = { kinds, definitions: await session.definitions(), descriptions: await session.descriptions(), names, completer };
        return token.isCancellationRequested ? [] : completeAt(file, position, parts);
      }),
    );
  },
};
