import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';

/** The replacements that problems carry with them, as the editor sends the problems back. */
export function quickFixes(uri: string, diagnostics: readonly Diagnostic[]): CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const data: unknown = diagnostic.data;
    if (typeof data !== 'object' || data === null || !('fix' in data) || typeof data.fix !== 'string') return [];
    return [
      {
        title: `Change to ${data.fix}`,
        kind: CodeActionKind.QuickFix,
        isPreferred: true,
        diagnostics: [diagnostic],
        edit: { changes: { [uri]: [{ range: diagnostic.range, newText: data.fix }] } },
      },
    ];
  });
}
