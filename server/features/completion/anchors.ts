import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import type { ManifestFile, Placed } from '../../documents/file.ts';

/** The anchors of a document that an alias may name, where one was begun; undefined elsewhere, and where there are none: a star begins schedules, too. */
export function anchorItems(file: ManifestFile, placed: Placed, offset: number): CompletionItem[] | undefined {
  const { text } = placed.manifest;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const [, typed] = /(?:^|[:,[{-])[ \t]*\*([^\s,[\]{}]*)$/.exec(text.slice(lineStart, offset)) ?? [];
  if (typed === undefined) return undefined;
  const range = file.range(placed, offset - typed.length, offset);
  // An alias stands behind its anchor.
  const names = [...text.slice(0, offset).matchAll(/(?:^|[:,[{-]|\s)[ \t]*&([^\s,[\]{}]+)/g)].map(([, name = '']) => name);
  if (names.length === 0) return undefined;
  return [...new Set(names)].map((name) => ({ label: name, kind: CompletionItemKind.Reference, textEdit: { range, newText: name } }));
}
