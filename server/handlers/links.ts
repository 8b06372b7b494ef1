import { answerInFile } from '../answer.ts';
import { linksOf } from '../features/links.ts';
import type { Served } from './served.ts';

export const links: Served = {
  capabilities: () => ({ documentLinkProvider: {} }),

  serve(session) {
    session.connection.onDocumentLinks(answerInFile(session, 'links', [], (file) => linksOf(file, session.kustomizations)));
  },
};
