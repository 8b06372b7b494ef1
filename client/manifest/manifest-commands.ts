import * as vscode from 'vscode';
import { isUnattended } from '../../runtime/api/kinds/unattended.ts';
import type { EmbeddedCluster } from '../cluster/embedded-cluster.ts';
import { messageOf } from '../cluster/failure.ts';
import type { Refused, Result, Target } from './apply.ts';
import type { ManifestDocument, ManifestObject, ManifestProblem } from './manifest.ts';
import { listProblems, withoutRepeats } from './problem-list.ts';

/** Which documents of a file: those that touch these offsets, or all. */
interface Choice {
  readonly from: number;
  readonly to: number;
}

export interface ManifestServices {
  readonly cluster: EmbeddedCluster;
  /** Starts the cluster when it does not run; false when it could not be. */
  readonly ensureRunning: () => Promise<boolean>;
  readonly diagnostics: vscode.DiagnosticCollection;
  readonly log: vscode.LogOutputChannel;
}

function lineOf(document: vscode.TextDocument): (offset: number) => number {
  return (offset) => document.positionAt(offset).line;
}

/** Apply and Delete from the editor and the explorer. */
export class ManifestCommands {
  readonly #services: ManifestServices;

  constructor(services: ManifestServices) {
    this.#services = services;
  }

  /** Applies a file, or the open one when none is named. */
  async applyFile(uri?: vscode.Uri, uris?: readonly vscode.Uri[]): Promise<void> {
    for (const file of uris?.length ? uris : [uri ?? vscode.window.activeTextEditor?.document.uri]) {
      if (file !== undefined) await this.#guarded(() => this.#apply(file));
    }
  }

  /** Applies the document that has this line, or the cursor's. */
  applyDocument(uri?: vscode.Uri, line?: number): Promise<void> {
    return this.#guarded(() => this.#withDocument(uri, line, (file, choice) => this.#apply(file, choice)));
  }

  /** Applies the documents that the selection touches. */
  applySelection(): Promise<void> {
    return this.#guarded(async () => {
      const editor = vscode.window.activeTextEditor;
      if (editor === undefined) return;
      const [from, to] = [editor.document.offsetAt(editor.selection.start), editor.document.offsetAt(editor.selection.end)];
      await this.#apply(editor.document.uri, { from, to });
    });
  }

  async deleteFile(uri?: vscode.Uri): Promise<void> {
    const file = uri ?? vscode.window.activeTextEditor?.document.uri;
    if (file !== undefined) await this.#guarded(() => this.#delete(file));
  }

  deleteDocument(uri?: vscode.Uri, line?: number): Promise<void> {
    return this.#guarded(() => this.#withDocument(uri, line, (file, choice) => this.#delete(file, choice)));
  }

  async #withDocument(
    uri: vscode.Uri | undefined,
    line: number | undefined,
    act: (file: vscode.Uri, choice: Choice) => Promise<void>,
  ): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const file = uri ?? editor?.document.uri;
    if (file === undefined) return;
    const document = await vscode.workspace.openTextDocument(file);
    const offset = document.offsetAt(new vscode.Position(line ?? editor?.selection.active.line ?? 0, 0));
    await act(file, { from: offset, to: offset });
  }

  async #guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#services.log.error(messageOf(error));
      void vscode.window.showErrorMessage(`Kubeside: ${messageOf(error)}`);
    }
  }

  async #apply(uri: vscode.Uri, choice?: Choice): Promise<void> {
    const { cluster, ensureRunning, diagnostics, log } = this.#services;
    const apply = await import('./apply.ts');
    const { document, documents } = await this.#read(uri, choice);
    diagnostics.delete(uri);
    const broken = documents.flatMap(({ problems }) => problems);
    const objects = documents.flatMap((each) => each.objects);
    if (objects.length === 0 && broken.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There is no Kubernetes object here to apply.'));
      return;
    }
    if (objects.length === 0) {
      this.#show(document, broken);
      void vscode.window.showErrorMessage(vscode.l10n.t('Nothing was applied: {0}', broken[0]?.message ?? ''));
      return;
    }
    if (!(await ensureRunning())) return;

    const { resolved, checked } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `$(sync~spin) ${vscode.l10n.t('Applying')}` },
      async () => {
        const namespace = vscode.workspace.getConfiguration('kubeside').get('manifest.namespace', 'default');
        const found = await apply.resolveTargets(cluster, objects, namespace);
        return { resolved: found, checked: await apply.dryRun(cluster, found.accepted, false) };
      },
    );
    const refused = [...resolved.refused, ...checked.refused];
    const problems = [...broken, ...refused.flatMap((each) => each.problems)];
    this.#show(document, problems);
    let targets: readonly Target[] = checked.accepted;
    let force = false;
    if (problems.length > 0) {
      const said = this.#said(document).filter(({ span }) =>
        documents.some((each) => each.span.start <= span.start && span.start < each.span.end),
      );
      const all = listProblems([...said, ...withoutRepeats(problems, said, lineOf(document))], documents, lineOf(document));
      const answer = await this.#ask(all, refused, targets);
      if (answer === 'cancel') return;
      if (answer === 'force') {
        force = true;
        targets = resolved.accepted;
      }
    }

    const results: Result[] = [];
    for (const target of targets) {
      try {
        const result = await apply.applyOne(cluster, target, force);
        results.push(result);
        log.info(`${result.title} ${result.outcome}`);
      } catch (error) {
        const { locateFailure } = await import('./server-errors.ts');
        this.#show(document, [...problems, ...locateFailure(error, target.object)]);
        const done =
          results.length === 0 ? vscode.l10n.t('Nothing was applied') : vscode.l10n.t('Applied before that: {0}', apply.summarize(results));
        void vscode.window.showErrorMessage(`${target.title}: ${messageOf(error)} ${done}.`);
        return;
      }
    }
    if (force) this.#show(document, broken);
    const idle = targets.filter(({ object }) => isUnattended(object)).map(({ title }) => title);
    const stored =
      idle.length === 0
        ? ''
        : targets.length === 1
          ? ` (${vscode.l10n.t('only stored: nothing acts on it yet')})`
          : `. ${vscode.l10n.t('Only stored, for nothing acts on it yet: {0}', idle.join(', '))}`;
    await this.#tell(apply.summarize(results) + stored);
  }

  async #delete(uri: vscode.Uri, choice?: Choice): Promise<void> {
    const { cluster, diagnostics, log } = this.#services;
    const apply = await import('./apply.ts');
    const { document, documents } = await this.#read(uri, choice);
    diagnostics.delete(uri);
    if (cluster.state.phase !== 'running') throw new Error(vscode.l10n.t('The cluster is not running.'));
    const namespace = vscode.workspace.getConfiguration('kubeside').get('manifest.namespace', 'default');
    const objects: ManifestObject[] = documents.flatMap((each) => each.objects);
    const { accepted: named, refused } = await apply.resolveTargets(cluster, objects, namespace);
    this.#show(document, [...documents.flatMap(({ problems }) => problems), ...refused.flatMap(({ problems }) => problems)]);
    if (named.length === 0) throw new Error(vscode.l10n.t('There is no Kubernetes object here to delete.'));
    const accepted = await apply.existing(cluster, named);
    if (accepted.length === 0) {
      void vscode.window.showInformationMessage(
        named.length === 1
          ? vscode.l10n.t('{0} is not in {1}. There is nothing to delete.', named[0]?.title ?? '', cluster.name)
          : vscode.l10n.t('None of these objects is in {0}. There is nothing to delete.', cluster.name),
      );
      return;
    }
    const what = accepted.length === 1 ? (accepted[0]?.title ?? '') : vscode.l10n.t('{0} objects', accepted.length);
    const detail = accepted.map(({ title }) => title).join('\n');
    const remove = vscode.l10n.t('Delete');
    const question = vscode.l10n.t('Delete {0} from {1}?', what, cluster.name);
    const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, remove);
    if (answer !== remove) return;
    const results: Result[] = [];
    // What came last may need what came first: take it away first.
    for (const target of [...accepted].reverse()) {
      const result = await apply.deleteOne(cluster, target);
      results.push(result);
      log.info(`${result.title} ${result.outcome}`);
    }
    await this.#tell(apply.summarize(results));
  }

  async #read(uri: vscode.Uri, choice?: Choice): Promise<{ document: vscode.TextDocument; documents: readonly ManifestDocument[] }> {
    const { readManifest } = await import('./manifest.ts');
    const document = await vscode.workspace.openTextDocument(uri);
    const documents = await readManifest(document.getText());
    if (choice === undefined) return { document, documents };
    return { document, documents: documents.filter(({ span }) => span.start <= choice.to && span.end > choice.from) };
  }

  async #ask(problems: readonly string[], refused: readonly Refused[], accepted: readonly Target[]): Promise<'valid' | 'force' | 'cancel'> {
    const onlyConflicts = refused.length > 0 && refused.length === problems.length && refused.every(({ conflict }) => conflict);
    const detail = problems.slice(0, 8).join('\n');
    const more = problems.length > 8 ? `\n${vscode.l10n.t('and {0} more', problems.length - 8)}` : '';
    const valid = accepted.length === 1 ? vscode.l10n.t('Apply the valid one') : vscode.l10n.t('Apply the {0} valid ones', accepted.length);
    const force = vscode.l10n.t('Take over the fields');
    const choices = [...(accepted.length > 0 ? [valid] : []), ...(onlyConflicts ? [force] : [])];
    const [first = ''] = problems;
    if (choices.length === 0) {
      const rest = problems.length > 1 ? ` (${vscode.l10n.t('and {0} more', problems.length - 1)})` : '';
      void vscode.window.showErrorMessage(vscode.l10n.t('Nothing was applied: {0}', first + rest));
      return 'cancel';
    }
    const question = onlyConflicts
      ? vscode.l10n.t('Another manager owns fields of this manifest.')
      : vscode.l10n.t('Problems found: {0}. Nothing is applied yet.', problems.length);
    const answer = await vscode.window.showWarningMessage(question, { modal: true, detail: detail + more }, ...choices);
    return answer === valid ? 'valid' : answer === force ? 'force' : 'cancel';
  }

  #show(document: vscode.TextDocument, problems: readonly ManifestProblem[]): void {
    // What the language server already says is not said twice.
    const left = withoutRepeats(problems, this.#said(document), lineOf(document));
    this.#services.diagnostics.set(
      document.uri,
      left.map(({ span, message }) => {
        const range = new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
        const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
        diagnostic.source = 'Kubeside';
        return diagnostic;
      }),
    );
  }

  /** The errors that the language server shows in this file. */
  #said(document: vscode.TextDocument): ManifestProblem[] {
    const own = this.#services.diagnostics.get(document.uri) ?? [];
    return vscode.languages
      .getDiagnostics(document.uri)
      .filter((each) => each.source?.startsWith('Kubeside') && each.severity === vscode.DiagnosticSeverity.Error)
      .filter((each) => !own.some((mine) => mine.range.isEqual(each.range) && mine.message === each.message))
      .map(({ range, message }) => ({ span: { start: document.offsetAt(range.start), end: document.offsetAt(range.end) }, message }));
  }

  async #tell(message: string): Promise<void> {
    const open = vscode.l10n.t('Open Cluster');
    const answer = vscode.window.showInformationMessage(message, open);
    void answer.then((choice) => {
      if (choice === open) void vscode.commands.executeCommand('kubeside.openCluster');
    });
  }
}
