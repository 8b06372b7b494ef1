import { answerInFile } from '../answer.ts';
import { tokensLegend, tokensOf } from '../features/semantic-tokens.ts';
import type { Served } from './served.ts';

/** Colours for the names that lead somewhere. */
export const semanticTokens: Served = {
  capabilities: () => ({ semanticTokensProvider: { legend: tokensLegend, full: true } }),

  serve(session) {
    const none = { data: [] };
    session.connection.languages.semanticTokens.on(
      answerInFile(session, 'semantic tokens', none, (file) => (file.tooLong ? none : tokensOf(session.index, file.uri))),
    );
  },
};
