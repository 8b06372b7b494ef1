import * as vscode from 'vscode';
import type { AskDocuments } from './document-info.ts';

/** "Apply | Delete" over each document that is a Kubernetes object. */
export class ManifestLenses implements vscode.CodeLensProvider {
  readonly #ask: AskDocuments;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(ask: AskDocuments) {
    this.#ask = ask;
  }

  /** The language server can answer now, or answers otherwise than before. */
  refresh(): void {
    this.#changed.fire();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const infos = await this.#ask(document.uri.toString());
    return infos
      .filter(({ apiVersion, kind }) => apiVersion !== '' && kind !== '')
      .flatMap(({ range, kind, name }) => {
        const line = firstContentLine(document, range.start.line, range.end.line);
        const place = new vscode.Range(line, 0, line, 0);
        const what = `${kind} ${name}`.trim();
        const target = [document.uri, line];
        return [
          new vscode.CodeLens(place, {
            title: vscode.l10n.t('Apply'),
            tooltip: vscode.l10n.t('Apply {0}', what),
            command: 'kubeside.manifest.applyDocument',
            arguments: target,
          }),
          new vscode.CodeLens(place, {
            title: vscode.l10n.t('Delete'),
            tooltip: vscode.l10n.t('Delete {0}', what),
            command: 'kubeside.manifest.deleteDocument',
            arguments: target,
          }),
        ];
      });
  }
}

/** The lens belongs over the object, not over the `---` or the comments before it. */
function firstContentLine(document: vscode.TextDocument, from: number, to: number): number {
  for (let line = from; line <= Math.min(to, document.lineCount - 1); line++) {
    if (!/^\uFEFF?\s*(#.*|---.*)?$/.test(document.lineAt(line).text)) return line;
  }
  return from;
}
