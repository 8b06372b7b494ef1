import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { isMap, isNode, isSeq, type Node } from 'yaml';
import { type FieldPath, parsePath } from '../../documents/path.ts';
import { keyName, rangeOf } from '../../documents/tree.ts';
import { type Action, editsOf, offer } from './action.ts';

/** Takes out a field that nobody knows, or that stands there twice. */
export const removeField: Action = (context) =>
  context.reported.flatMap(({ problem, diagnostic }) => {
    if (problem.code !== 'unknown-field' && problem.code !== 'duplicate-field') return [];
    const found = fieldAt(context.placed.manifest.tree.root, problem.start, []);
    const edits = editsOf(context);
    if (!found || !edits.removeFrom(found.path, found.index)) return [];
    const name = String(parsePath(problem.path ?? '').at(-1));
    return offer(context, t('Remove {0}', name), CodeActionKind.QuickFix, edits, { diagnostics: [diagnostic] });
  });

/** The mapping that holds a field, and the field's place in it: of two with the same name, the one whose name begins here. */
function fieldAt(node: unknown, offset: number, path: FieldPath): { path: FieldPath; index: number } | undefined {
  if (isMap(node)) {
    for (const [index, { key, value }] of node.items.entries()) {
      if (!isNode(key)) continue;
      if (rangeOf(key).start === offset) return { path, index };
      if (isNode(value) && holds(value, offset)) return fieldAt(value, offset, [...path, keyName(key)]);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries())
      if (isNode(item) && holds(item, offset)) return fieldAt(item, offset, [...path, index]);
  }
  return undefined;
}

function holds(node: Node, offset: number): boolean {
  const { start, end } = rangeOf(node);
  return start <= offset && offset < end;
}
