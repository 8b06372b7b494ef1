import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { isMap, isNode, isSeq, type Node } from 'yaml';
import type { FieldPath } from '../../documents/path.ts';
import { keyName, rangeOf } from '../../documents/tree.ts';
import { type Action, editsOf, offer } from './action.ts';

/** Fields that nobody knows, that stand there twice, or that are dropped. */
const needless: ReadonlySet<unknown> = new Set(['unknown-field', 'duplicate-field', 'idle-namespace']);

/** Takes out a field that is of no use. */
export const removeField: Action = (context) =>
  context.reported.flatMap(({ problem, diagnostic }) => {
    if (!needless.has(problem.code)) return [];
    const found = fieldAt(context.placed.manifest.tree.root, problem.start, []);
    const edits = editsOf(context);
    if (!found || !edits.removeFrom(found.path, found.index)) return [];
    return offer(context, t('Remove {0}', found.name), CodeActionKind.QuickFix, edits, { diagnostics: [diagnostic] });
  });

/** The mapping that holds a field, and the field's place in it: of two with the same name, the one whose name begins here. */
function fieldAt(node: unknown, offset: number, path: FieldPath): { path: FieldPath; index: number; name: string } | undefined {
  if (isMap(node)) {
    for (const [index, { key, value }] of node.items.entries()) {
      if (!isNode(key)) continue;
      if (rangeOf(key).start === offset) return { path, index, name: keyName(key) };
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
