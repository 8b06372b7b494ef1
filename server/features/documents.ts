import type { Range } from 'vscode-languageserver';
import { groupOf } from '../../runtime/api/kinds/kind.ts';
import type { ManifestFile } from '../documents/file.ts';
import { locate, parsePath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import type { DocumentInfo } from '../protocol.ts';
import { kustomizeGroup } from '../schemas/kustomization.ts';
import type { Turns } from '../turns.ts';

/**
 * The documents of a file that say what kind they are; `problems` are those of each document, by index. When the file changes while others have their
 * turn, those looked at so far.
 */
export async function documentsOf(file: ManifestFile, problems: readonly (readonly Problem[])[], turns: Turns): Promise<DocumentInfo[]> {
  const { version } = file;
  const infos: DocumentInfo[] = [];
  for (const placed of file.documents) {
    if ((await turns.take(placed.end - placed.start)) && file.version !== version) break;
    const { apiVersion, kind, name, namespace, content } = placed.manifest.header;
    // A template is no object before it is rendered, a kustomization never.
    if (!apiVersion || !kind || placed.manifest.template || groupOf(apiVersion.text) === kustomizeGroup) continue;
    const end = placed.manifest.text.trimEnd().length;
    infos.push({
      range: file.range(placed, content, end),
      index: placed.index,
      apiVersion: apiVersion.text,
      kind: kind.text,
      name: name?.text ?? '',
      namespace: namespace?.text ?? '',
      valid: !(problems[placed.index] ?? []).some((problem) => problem.severity === 'error'),
    });
  }
  return infos;
}

/** Where a field of a document stands, or its nearest parent; `null` when there is no such document. */
export function locateIn(file: ManifestFile, documentIndex: number, path: string): Range | null {
  const placed = file.documents[documentIndex];
  if (!placed || placed.manifest.empty) return null;
  const { kind, content } = placed.manifest.header;
  const found = placed.manifest.tooLong ? undefined : locate(placed.manifest.tree, parsePath(path));
  if (!found) return file.range(placed, kind?.start ?? content, kind?.end ?? content + 1);
  return file.range(placed, found.start, found.end);
}
