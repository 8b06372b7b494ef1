import { FileChangeType, type FileEvent } from 'vscode-languageserver';
import type { Session } from '../session.ts';
import { Turns } from '../turns.ts';
import type { Served } from './served.ts';
import { readVariables } from './variable-files.ts';

/** After so many characters requests get their turn: about as long as nobody notices, on a slow machine too. */
const stride = 8 * 1024;
/** So many files are read from disk at a time. */
const batch = 16;

/** Follows the files of the workspace that are not open: what they define and which names they hold. */
export const workspaceFiles: Served = {
  serve(session) {
    session.connection.onDidChangeWatchedFiles(async ({ changes }) => {
      try {
        await whenNamesChange(session, () => {
          for (const { uri } of changes) session.documents.changed(uri);
          return session.takeInFromDisk(() => takeInChanges(session, changes));
        });
        await session.watched.follow();
      } catch (error) {
        session.log('files changed', error);
      }
    });
  },

  async ready(session) {
    const { editor, environment, watched } = session;
    await watched.start();
    await whenNamesChange(session, () =>
      session.takeInFromDisk(async () => {
        await readAll(session, (await environment.listFiles?.(editor.folders)) ?? []);
        await readVariables(session);
      }),
    );
    await watched.follow();
  },
};

/** Takes in files that were written or removed. */
async function takeInChanges(session: Session, changes: readonly FileEvent[]): Promise<void> {
  const manifests = changes.filter(({ uri }) => /\.ya?ml$/.test(uri));
  for (const { uri, type } of manifests) if (type === FileChangeType.Deleted) takeIn(session, uri, undefined);
  const written = manifests.filter(({ type }) => type !== FileChangeType.Deleted);
  await readAll(
    session,
    written.map(({ uri }) => uri),
  );
  await readVariables(
    session,
    changes.map(({ uri }) => uri),
  );
}

/** Reads files in slices, so that a large workspace keeps nobody waiting. */
async function readAll(session: Session, uris: readonly string[]): Promise<void> {
  const { environment } = session;
  const read = (some: readonly string[]) => Promise.all(some.map((uri) => environment.readFile?.(uri)));
  const turns = new Turns(environment, stride);
  let next = read(uris.slice(0, batch));
  for (let at = 0; at < uris.length; at += batch) {
    const some = uris.slice(at, at + batch);
    const texts = await next;
    // The disk has time to bring these while the others are looked into.
    next = read(uris.slice(at + batch, at + 2 * batch));
    for (const [index, uri] of some.entries()) {
      takeIn(session, uri, texts[index]);
      await turns.take(texts[index]?.length ?? 0);
    }
  }
}

function takeIn({ workspace, index, kustomizations, documents }: Session, uri: string, text: string | undefined): void {
  workspace.save(uri, text);
  index.save(uri, text);
  kustomizations.save(uri, text);
  documents.changed(uri);
}

/** Checks the open files again when reading others has brought or taken kinds or names. */
async function whenNamesChange(session: Session, readFiles: () => Promise<void>): Promise<void> {
  const known = () =>
    [session.kinds, session.index, session.kustomizations, session.documents].map(({ generation }) => generation).join(' ');
  const before = known();
  await readFiles();
  if (known() !== before) session.checkAll();
}
