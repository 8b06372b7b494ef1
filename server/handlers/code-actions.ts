import { CodeActionKind } from 'vscode-languageserver';
import { answerInFile } from '../answer.ts';
import { fixAllKind } from '../features/actions/fix-all.ts';
import { addToResources } from '../kustomize/add-resource.ts';
import type { Served } from './served.ts';

/** What can be done where the cursor stands: mend a problem, or bring the text into another form. */
export const codeActions: Served = {
  capabilities: () => ({ codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.Refactor, fixAllKind] } }),

  serve(session) {
    const { connection, checker, kinds, index, kustomizations, readText } = session;
    connection.onCodeAction(
      answerInFile(session, 'code actions', [], async (file, { range, context }) => {
        const late = await session.late();
        const parts = { kinds, index, problems: await checker.problems(file), definitions: await session.definitions() };
        return [...late.codeActions(file, range, context, parts), ...(await addToResources(file, kustomizations, readText))];
      }),
    );
  },
};
