import { type CompletionItem, CompletionItemKind, type Position } from 'vscode-languageserver';
import type { ManifestFile } from '../documents/file.ts';
import type { Kustomizations } from '../kustomize/kustomizations.ts';
import { isKustomizationFile, pathSort } from '../kustomize/paths.ts';

/** Files and folders that could be named where the cursor stands in a kustomization; undefined where no path is wanted. */
export function completePath(
  file: ManifestFile,
  position: Position,
  kustomizations: Pick<Kustomizations, 'near'>,
): CompletionItem[] | undefined {
  const placed = isKustomizationFile(file.uri) && !file.tooLong ? file.at(position) : undefined;
  if (!placed) return undefined;
  const { text } = placed.manifest;
  const above = text.slice(0, file.offsetAt(position) - placed.start);
  const before = above.slice(above.lastIndexOf('\n') + 1);
  const root = [...above.matchAll(/^(\w+):/gm)].at(-1)?.[1] ?? '';
  const [, own, written] = /^\s*(?:-\s+)?(?:(\w+):\s+)?([\w./-]*)$/.exec(before) ?? [];
  const isItem = own === undefined && /^\s*-\s/.test(before);
  // A list stands below the last name that has nothing behind it.
  const name = isItem ? [...above.matchAll(/^[ \t]*(?:-\s+)?(\w+):[ \t]*(?:#.*)?$/gm)].at(-1)?.[1] : own;
  const sort = name === undefined ? undefined : pathSort(root, name, isItem);
  if (written === undefined || sort === undefined) return undefined;
  const named = new Set([...text.matchAll(/^[ \t]*-\s+(?:path:\s+)?([^\s#]+)\s*$/gm)].map((match) => match[1]));
  const range = { start: { line: position.line, character: position.character - written.length }, end: position };
  return kustomizations
    .near(file.uri)
    .filter((path) => sort === 'folder' || /\.ya?ml$/.test(path))
    .filter((path) => path === written || !named.has(path))
    .map((path, index) => ({
      label: path,
      sortText: String(index).padStart(4, '0'),
      kind: /\.ya?ml$/.test(path) ? CompletionItemKind.File : CompletionItemKind.Folder,
      textEdit: { range, newText: path },
    }));
}
