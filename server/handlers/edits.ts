import { TextDocumentSyncKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ManifestFile } from '../documents/file.ts';
import { isKustomizationFile } from '../kustomize/paths.ts';
import type { Session } from '../session.ts';
import type { Served } from './served.ts';
import { readVariables } from './variable-files.ts';

/** Follows what is written in open files. */
export const edits: Served = {
  capabilities: () => ({ textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental } }),

  serve(session) {
    const { connection, files } = session;

    connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
      const file = new ManifestFile(TextDocument.create(uri, languageId, version, text));
      files.set(uri, file);
      takeIn(session, file, 'opened');
    });

    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      const file = files.get(uri);
      if (!file) return;
      file.update(contentChanges, version);
      takeIn(session, file, 'changed');
    });

    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      const file = files.get(uri);
      const before = knownTo(session);
      files.delete(uri);
      session.workspace.close(uri);
      session.index.close(uri);
      session.kustomizations.open(uri, undefined);
      session.documents.changed(uri);
      session.checker.forget(uri);
      if (isKustomizationFile(uri)) session.watched.followSoon();
      if (file) void connection.sendDiagnostics({ uri, version: file.version, diagnostics: [] }).catch(() => undefined);
      if (knownTo(session) !== before) session.checkAll();
      else session.checker.recheckOthers();
    });
  },
};

function takeIn(session: Session, file: ManifestFile, why: 'opened' | 'changed'): void {
  const before = knownTo(session);
  session.index.touch(file);
  session.kustomizations.open(file.uri, file.text);
  session.documents.changed(file.uri);
  session.workspace.open(file.uri, file.tooLong ? [] : file.documents.map((placed) => placed.manifest));
  if (knownTo(session) === before) session.check(file.uri, why);
  else session.checkAll();
  if (isKustomizationFile(file.uri)) {
    session
      .takeInFromDisk(() => readVariables(session, [file.uri]))
      .then(
        () => session.checker.recheckOthers(),
        (error) => session.log('variables', error),
      );
    session.watched.followSoon();
  }
}

/** What every open file is checked by: the kinds, and which files a kustomization names. */
function knownTo({ kinds, kustomizations }: Session): string {
  return `${kinds.generation} ${kustomizations.generation}`;
}
