import { t } from '@vscode/l10n';
import { type CodeAction, CodeActionKind, type Diagnostic, type Position, type Range, type TextEdit } from 'vscode-languageserver';
import type { ManifestFile } from '../documents/file.ts';
import { rules } from '../rules/index.ts';
import { migrate } from '../versions/migrations/index.ts';

/** What can be done about problems: what they carry with them, as the editor sends them back, and for rules also silence. */
export function quickFixes(file: ManifestFile, diagnostics: readonly Diagnostic[]): CodeAction[] {
  const lineBreak = file.text.includes('\r\n') ? '\r\n' : '\n';
  const inFile = (text: string) => text.replace(/\r?\n/g, lineBreak);
  return diagnostics.flatMap((diagnostic) => {
    const data: unknown = diagnostic.data;
    if (typeof data !== 'object' || data === null) return [];
    const action = (title: string, range: Range, newText: string, isPreferred: boolean): CodeAction => ({
      title,
      kind: CodeActionKind.QuickFix,
      isPreferred,
      diagnostics: [diagnostic],
      edit: { changes: { [file.uri]: [{ range, newText: inFile(newText) }] } },
    });
    const actions: CodeAction[] = [];
    if ('fix' in data && typeof data.fix === 'string') {
      const fix = action(t('Change to {0}', data.fix), diagnostic.range, data.fix, true);
      if ('also' in data && isReplacement(data.also)) fix.edit?.changes?.[file.uri]?.push(data.also);
      actions.push(fix);
    }
    if ('migrateTo' in data && typeof data.migrateTo === 'string') {
      const edits = migration(file, diagnostic.range.start, data.migrateTo);
      if (edits.length > 0) {
        actions.push({
          ...action(t('Migrate to {0}', data.migrateTo), diagnostic.range, '', true),
          edit: { changes: { [file.uri]: edits.map(({ range, newText }) => ({ range, newText: inFile(newText) })) } },
        });
      }
    }
    if ('edit' in data && isEdit(data.edit)) actions.push(action(data.edit.title, data.edit.range, data.edit.newText, true));
    const rule = 'rule' in data ? rules.find(({ id }) => id === data.rule) : undefined;
    if (rule) {
      const { line } = diagnostic.range.start;
      const start = { line, character: 0 };
      const indent = /^ */.exec(file.line(line))?.[0] ?? '';
      actions.push(action(t('Ignore here: {0}', t(rule.title)), { start, end: start }, `${indent}# kubeside: ignore ${rule.id}\n`, false));
    }
    return actions;
  });
}

/** The edits that bring the object whose `apiVersion` stands at a position to another version. */
function migration(file: ManifestFile, position: Position, apiVersion: string): TextEdit[] {
  const placed = file.at(position);
  if (!placed) return [];
  const changes = migrate(placed.manifest.text, file.offsetAt(position) - placed.start, apiVersion);
  return changes.map(({ start, end, newText }) => ({ range: file.range(placed, start, end), newText }));
}

function isReplacement(edit: unknown): edit is TextEdit {
  return typeof edit === 'object' && edit !== null && 'range' in edit && 'newText' in edit;
}

function isEdit(edit: unknown): edit is { title: string; range: Range; newText: string } {
  return isReplacement(edit) && 'title' in edit;
}
