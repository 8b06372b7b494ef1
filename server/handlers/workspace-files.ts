import { DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver';
import type { Session } from '../session.ts';
import type { Served } from './served.ts';

const watched = '**/*.{yaml,yml}';

/** Follows the files of the workspace that are not open: what they define and which names they hold. */
export const workspaceFiles: Served = {
  serve(session) {
    session.connection.onDidChangeWatchedFiles(async ({ changes }) => {
      try {
        await whenNamesChange(session, async () => {
          for (const { uri, type } of changes) {
            if (type === FileChangeType.Deleted) takeIn(session, uri, undefined);
            else await read(session, uri);
          }
        });
      } catch (error) {
        session.log('files changed', error);
      }
    });
  },

  async ready(session) {
    const { connection, editor, environment } = session;
    if (editor.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration)
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: watched }] });
    await whenNamesChange(session, async () => {
      for (const uri of (await environment.listFiles?.(editor.folders)) ?? []) await read(session, uri);
    });
  },
};

async function read(session: Session, uri: string): Promise<void> {
  takeIn(session, uri, await session.environment.readFile?.(uri));
}

function takeIn({ workspace, index, kustomizations }: Session, uri: string, text: string | undefined): void {
  workspace.save(uri, text);
  index.save(uri, text);
  kustomizations.save(uri, text);
}

/** Checks the open files again when reading others has brought or taken kinds or names. */
async function whenNamesChange(session: Session, readFiles: () => Promise<void>): Promise<void> {
  const known = () => `${session.kinds.generation} ${session.index.generation} ${session.kustomizations.generation}`;
  const before = known();
  await readFiles();
  if (known() !== before) session.checkAll();
}
