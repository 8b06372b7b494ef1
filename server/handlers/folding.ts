import { answerInFile } from '../answer.ts';
import { foldsOf } from '../features/folding.ts';
import type { Served } from './served.ts';

/** As many folds as VS Code shows of a file. */
const defaultLimit = 5000;

export const folding: Served = {
  capabilities: () => ({ foldingRangeProvider: true }),

  serve(session) {
    session.connection.onFoldingRanges(
      answerInFile(session, 'folding', [], (file) => {
        const limit = session.editor.capabilities.textDocument?.foldingRange?.rangeLimit ?? defaultLimit;
        return file.tooLong ? [] : foldsOf(file, limit);
      }),
    );
  },
};
