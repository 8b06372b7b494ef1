import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import type { ManifestFile } from '../documents/file.ts';

/** Folds documents, and whatever lies deeper than the line above it. Looks at lines only, so it works in broken manifests too. */
export function foldsOf(file: ManifestFile, limit: number): FoldingRange[] {
  const folds: FoldingRange[] = [];
  for (const placed of file.documents) {
    if (placed.manifest.empty) continue;
    const firstLine = file.positionAt(placed.start).line;
    const lines = placed.manifest.text.split(/\r\n|\r|\n/);
    const last = lines.findLastIndex((line) => line.trim() !== '');
    if (file.documents.length > 1 && last > 0)
      folds.push({ startLine: firstLine, endLine: firstLine + last, kind: FoldingRangeKind.Region });
    folds.push(...comments(lines, firstLine), ...indented(lines, firstLine));
    if (folds.length > limit) break;
  }
  return folds.slice(0, limit);
}

/** Comments over several lines. */
function comments(lines: readonly string[], firstLine: number): FoldingRange[] {
  const folds: FoldingRange[] = [];
  for (let start = 0; start < lines.length; start++) {
    let end = start;
    while (/^\s*#/.test(lines[end] ?? '')) end++;
    if (end - start > 1) folds.push({ startLine: firstLine + start, endLine: firstLine + end - 1, kind: FoldingRangeKind.Comment });
    start = Math.max(start, end - 1);
  }
  return folds;
}

function indented(lines: readonly string[], firstLine: number): FoldingRange[] {
  const folds: FoldingRange[] = [];
  // Lines that something deeper may belong to, the outermost first.
  const open: { indent: number; line: number }[] = [];
  let last = 0;
  const close = (indent: number) => {
    for (let top = open.at(-1); top && top.indent >= indent; top = open.at(-1)) {
      open.pop();
      if (last > top.line) folds.push({ startLine: firstLine + top.line, endLine: firstLine + last });
    }
  };
  lines.forEach((line, index) => {
    const text = line.trimStart();
    if (text === '' || text.startsWith('#') || text.startsWith('---')) return;
    const indent = line.length - text.length;
    // Items of a list may stand as far left as the name of the list; they still belong to it.
    const depth = /^-(\s|$)/.test(text) ? indent + 0.5 : indent;
    close(depth);
    open.push({ indent: depth, line: index });
    last = index;
  });
  close(0);
  return folds.sort((left, right) => left.startLine - right.startLine);
}
