import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** Scheme of the read-only documents that explain fields. */
const scheme = 'kubeside-explain';

interface Explanation {
  readonly title: string;
  readonly text: string;
}

/** `Explain Field`: what `kubectl explain` says of the field at the cursor, in a read-only document beside the manifest. */
export class ExplainField implements vscode.TextDocumentContentProvider {
  readonly #client: () => Promise<LanguageClient> | undefined;
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(client: () => Promise<LanguageClient> | undefined) {
    this.#client = client;
  }

  /** Makes the command and what shows its documents. */
  static register(client: () => Promise<LanguageClient> | undefined): vscode.Disposable {
    const explain = new ExplainField(client);
    return vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, explain),
      vscode.commands.registerCommand('kubeside.explainField', () => explain.run()),
    );
  }

  async run(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const client = await this.#client();
    if (!editor || !client) return;
    const position = { line: editor.selection.active.line, character: editor.selection.active.character };
    const params = { uri: editor.document.uri.toString(), position };
    const found = await client.sendRequest<Explanation | null>('kubeside/explain', params);
    if (found === null) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There is no field of a Kubernetes object at the cursor.'));
      return;
    }
    const uri = vscode.Uri.from({ scheme, path: `/${found.title}` });
    this.#texts.set(uri.toString(), found.text);
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }
}
