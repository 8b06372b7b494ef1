import { answer } from '../answer.ts';
import { documentsOf, locateIn } from '../features/documents.ts';
import { explainAt } from '../features/explain.ts';
import { revealAt } from '../features/reveal.ts';
import { describeRules } from '../features/rules.ts';
import { documentsRequest, explainRequest, locateRequest, revealRequest, rulesRequest } from '../protocol.ts';
import { Turns } from '../turns.ts';
import type { Served } from './served.ts';

/** What the extension asks for beyond the language server protocol. */
export const manifests: Served = {
  serve(session) {
    const { connection, files, checker, kinds } = session;
    connection.onRequest(
      documentsRequest,
      answer(session, 'documents', [], async ({ uri }) => {
        const file = files.get(uri);
        return file ? documentsOf(file, await checker.problems(file), new Turns(session.environment)) : [];
      }),
    );
    connection.onRequest(
      explainRequest,
      answer(session, 'explain', null, async ({ uri, position }) => {
        const file = files.get(uri);
        const parts = { kinds, definitions: await session.definitions(), descriptions: await session.descriptions() };
        return file ? explainAt(file, position, parts) : null;
      }),
    );
    connection.onRequest(
      locateRequest,
      answer(session, 'locate', null, ({ uri, documentIndex, path }) => {
        const file = files.get(uri);
        return file ? locateIn(file, documentIndex, path) : null;
      }),
    );
    connection.onRequest(
      revealRequest,
      answer(session, 'reveal', null, ({ uri, position }) => {
        const file = files.get(uri);
        return (file && revealAt(file, position)) ?? null;
      }),
    );
    connection.onRequest(
      rulesRequest,
      answer(session, 'rules', { profile: session.settings.profile, rules: [] }, () => describeRules(session.settings)),
    );
  },
};
