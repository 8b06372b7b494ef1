import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver';
import type { ManifestFile } from '../documents/file.ts';
import { rules } from '../rules/index.ts';

/** What can be done about problems: what they carry with them, as the editor sends them back, and for rules also silence. */
export function quickFixes(file: ManifestFile, diagnostics: readonly Diagnostic[]): CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const data: unknown = diagnostic.data;
    if (typeof data !== 'object' || data === null) return [];
    const action = (title: string, range: Range, newText: string, isPreferred: boolean): CodeAction => ({
      title,
      kind: CodeActionKind.QuickFix,
      isPreferred,
      diagnostics: [diagnostic],
      edit: { changes: { [file.uri]: [{ range, newText }] } },
    });
    const actions: CodeAction[] = [];
    if ('fix' in data && typeof data.fix === 'string') actions.push(action(`Change to ${data.fix}`, diagnostic.range, data.fix, true));
    if ('edit' in data && isEdit(data.edit)) actions.push(action(data.edit.title, data.edit.range, data.edit.newText, true));
    const rule = 'rule' in data ? rules.find(({ id }) => id === data.rule) : undefined;
    if (rule) {
      const { line } = diagnostic.range.start;
      const start = { line, character: 0 };
      const indent = /^ */.exec(file.line(line))?.[0] ?? '';
      actions.push(action(`Ignore here: ${rule.title}`, { start, end: start }, `${indent}# kubeside: ignore ${rule.id}\n`, false));
    }
    return actions;
  });
}

function isEdit(edit: unknown): edit is { title: string; range: Range; newText: string } {
  return typeof edit === 'object' && edit !== null && 'title' in edit && 'range' in edit && 'newText' in edit;
}
