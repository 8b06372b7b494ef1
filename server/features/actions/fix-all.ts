import { t } from '@vscode/l10n';
import { type CodeAction, CodeActionKind, type Diagnostic, DiagnosticSeverity, type TextEdit } from 'vscode-languageserver';
import type { ManifestFile } from '../../documents/file.ts';

/** What editors run on save, when a person asks for it. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.kubeside`;

/** Mends all that is certain: every preferred fix of an error or a warning. What a hint only advises is left to the writer. */
export function fixAll(
  file: ManifestFile,
  diagnostics: readonly Diagnostic[],
  fixes: (diagnostics: readonly Diagnostic[]) => readonly CodeAction[],
): CodeAction[] {
  const serious = diagnostics.filter(({ severity = 1 }) => severity <= DiagnosticSeverity.Warning);
  const edits: TextEdit[] = [];
  for (const diagnostic of serious) {
    const fix = fixes([diagnostic]).find(({ isPreferred }) => isPreferred);
    const more = fix?.edit?.changes?.[file.uri] ?? [];
    // A fix that touches what another one has changed waits for the next time.
    if (more.every((edit) => edits.every((other) => areApart(file, edit, other)))) edits.push(...more);
  }
  return edits.length === 0
    ? []
    : [{ title: t('Fix all that Kubeside can fix'), kind: fixAllKind, edit: { changes: { [file.uri]: edits } } }];
}

function areApart(file: ManifestFile, one: TextEdit, other: TextEdit): boolean {
  const [a, b] = [one.range, other.range];
  return file.offsetAt(a.end) < file.offsetAt(b.start) || file.offsetAt(b.end) < file.offsetAt(a.start);
}
