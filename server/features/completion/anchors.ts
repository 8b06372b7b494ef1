import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import type { ManifestFile, Placed } from '../../documents/file.ts';

/** The anchors of a document that an alias may name, where one was begun or something is merged; undefined elsewhere, and where there are none: a star begins schedules, too. */
export function anchorItems(file: ManifestFile, placed: Placed, offset: number): CompletionItem[] | undefined {
  const { text } = placed.manifest;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const [, typed] = /(?:^|[:,[{-])[ \t]*\*([^\s,[\]{}]*)$/.exec(before) ?? [];
  // What is merged can be nothing else, before its star is typed as well.
  const isMerged = typed === undefined && /(?:^|[\s,{-])<<:[ \t]+$/.test(before);
  if (typed === undefined && !isMerged) return undefined;
  const range = file.range(placed, offset - (typed?.length ?? 0), offset);
  // An alias stands behind its anchor.
  const names = [...text.slice(0, offset).matchAll(/(?:^|[:,[{-]|\s)[ \t]*&([^\s,[\]{}]+)/g)].map(([, name = '']) => name);
  if (names.length === 0) return undefined;
  return [...new Set(names)].map((name) => ({
    label: isMerged ? `*${name}` : name,
    kind: CompletionItemKind.Reference,
    textEdit: { range, newText: isMerged ? `*${name}` : name },
  }));
}
