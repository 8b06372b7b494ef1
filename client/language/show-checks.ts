import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type Check, checksPage } from './checks-page.ts';

/** Scheme of the read-only page about the checks. */
const scheme = 'kubeside-checks';

/** The command that opens the page about all checks of manifests, in the preview where the editor has one for Markdown. */
export function registerShowChecks(client: LanguageClient): vscode.Disposable {
  const uri = vscode.Uri.from({ scheme, path: '/Checks.md' });
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const page: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent() {
      const { profile, rules } = await client.sendRequest<{ profile: string; rules: Check[] }>('kubeside/rules', null);
      return checksPage(profile, rules);
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, page),
    vscode.commands.registerCommand('kubeside.checks.show', async () => {
      changed.fire(uri);
      if (vscode.extensions.getExtension('vscode.markdown-language-features')) {
        await vscode.commands.executeCommand('markdown.showPreview', uri);
      } else {
        await vscode.window.showTextDocument(uri, { preview: true });
      }
    }),
  );
}
