import { answerInFile } from '../answer.ts';
import { selectionRanges } from '../features/selection-ranges.ts';
import type { Served } from './served.ts';

export const selection: Served = {
  capabilities: () => ({ selectionRangeProvider: true }),

  serve(session) {
    session.connection.onSelectionRanges(
      answerInFile(session, 'selection ranges', [], (file, { positions }) => selectionRanges(file, positions)),
    );
  },
};
