import { t } from '@vscode/l10n';
import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { groupOf } from '../../runtime/api/kinds/kind.ts';
import { Field } from '../documents/field.ts';
import type { ManifestFile } from '../documents/file.ts';
import { Tree } from '../documents/tree.ts';
import { isToolFile } from '../schemas/kinds.ts';
import { kustomizeGroup } from '../schemas/kustomization.ts';
import type { Kustomizations } from './kustomizations.ts';
import { namedPaths, targetOf } from './paths.ts';

/** Offers to take a manifest into the kustomization of its folder, when that names it nowhere yet. */
export async function addToResources(
  file: ManifestFile,
  kustomizations: Kustomizations,
  read: (uri: string) => Promise<string | undefined>,
): Promise<CodeAction[]> {
  const slash = file.uri.lastIndexOf('/');
  const uri = kustomizations.inFolder(file.uri.slice(0, slash));
  const isObject = file.documents.some(({ manifest: { header } }) => {
    const { apiVersion, kind } = header;
    return apiVersion && kind && groupOf(apiVersion.text) !== kustomizeGroup && !isToolFile(apiVersion.text, kind.text);
  });
  if (uri === undefined || uri === file.uri || kustomizations.isPatch(file.uri) || !isObject) return [];
  const text = await read(uri);
  const tree = new Tree(text ?? '');
  if (text === undefined || !tree.sound) return [];
  const root = new Field(tree, tree.root);
  if (namedPaths(root).some(({ path }) => targetOf(path, uri) === file.uri)) return [];
  const name = decodeURIComponent(file.uri.slice(slash + 1));
  const edit = addition(text, root, name);
  if (!edit) return [];
  const position = TextDocument.create(uri, 'yaml', 0, text).positionAt(edit.at);
  const title = t('Add {0} to the resources of {1}', name, uri.slice(uri.lastIndexOf('/') + 1));
  const changes = { [uri]: [{ range: { start: position, end: position }, newText: edit.newText }] };
  return [{ title, kind: CodeActionKind.RefactorRewrite, edit: { changes } }];
}

/** An item behind the last one of `resources`, or the list itself at the end; undefined in flow style. */
function addition(text: string, root: Field, name: string): { at: number; newText: string } | undefined {
  const resources = root.get('resources');
  const last = resources.items().at(-1);
  if (!last) {
    if (resources.keySpan.end > resources.keySpan.start) return undefined;
    return { at: text.length, newText: `${text === '' || text.endsWith('\n') ? '' : '\n'}resources:\n  - ${name}\n` };
  }
  const lineStart = text.lastIndexOf('\n', last.span.start - 1) + 1;
  const dash = /^\s*-\s+/.exec(text.slice(lineStart))?.[0];
  if (dash === undefined) return undefined;
  const newline = text.indexOf('\n', last.span.end);
  return newline < 0 ? { at: text.length, newText: `\n${dash}${name}` } : { at: newline + 1, newText: `${dash}${name}\n` };
}
