import { t } from '@vscode/l10n';
import { type CodeAction, CodeActionKind, type Diagnostic, DiagnosticSeverity, DiagnosticTag, type TextEdit } from 'vscode-languageserver';
import type { ManifestFile } from '../../documents/file.ts';

/** What editors run on save, when a person asks for it. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.kubeside`;

/**
 * Mends all that is certain of errors and warnings: what stands there otherwise than it must be written, but says the same. What is only likely to be
 * meant, and what a hint advises, is left to the writer.
 */
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
    if (!isRenamed(diagnostic) && !more.every((edit) => saysTheSame(file, edit))) continue;
    // A fix that touches what another one has changed waits for the next time.
    if (more.every((edit) => edits.every((other) => areApart(file, edit, other)))) edits.push(...more);
  }
  return edits.length === 0
    ? []
    : [{ title: t('Fix all that Kubeside can fix'), kind: fixAllKind, edit: { changes: { [file.uri]: edits } } }];
}

/** Whether it is about something that goes by another name now, or in another version. */
function isRenamed({ code, tags, data }: Diagnostic): boolean {
  const isMigrated = typeof data === 'object' && data !== null && 'migrateTo' in data;
  return isMigrated || code === 'deprecated' || tags?.includes(DiagnosticTag.Deprecated) === true;
}

/** Whether an edit changes quotes, white space around them and the case of letters alone. */
function saysTheSame(file: ManifestFile, { range, newText }: TextEdit): boolean {
  const before = file.text.slice(file.offsetAt(range.start), file.offsetAt(range.end));
  return before !== '' && bare(before) === bare(newText);
}

function bare(text: string): string {
  return text
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .toLowerCase();
}

function areApart(file: ManifestFile, one: TextEdit, other: TextEdit): boolean {
  const [a, b] = [one.range, other.range];
  return file.offsetAt(a.end) < file.offsetAt(b.start) || file.offsetAt(b.end) < file.offsetAt(a.start);
}
