import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { isMap, isNode } from 'yaml';
import { nodeAt } from '../../documents/node-at.ts';
import { rangeOf } from '../../documents/tree.ts';
import { walk } from '../../schemas/describe.ts';
import { usualStyle } from '../../schemas/skeleton.ts';
import { refName } from '../../schemas/structural.ts';
import { type Action, editsOf, offer } from './action.ts';

/** Puts labels that were written right below a selector, as Services have theirs, into `matchLabels`; comments stay where they are. */
export const matchLabels: Action = (context) => {
  const { path, object, known, definitions, placed } = context;
  const diagnostics = context.reported.filter(({ problem }) => problem.code === 'unknown-field').map(({ diagnostic }) => diagnostic);
  const parent = path.slice(0, -1);
  const field = walk(known.schema, parent.slice(object.path.length), definitions);
  if (diagnostics.length === 0 || !field || !refName(field.schema)?.endsWith('.meta.v1.LabelSelector')) return [];
  const { tree, text } = placed.manifest;
  const node = nodeAt(tree, parent);
  const labels = object.at(parent).entries();
  const isLoose = labels.every(([name, { text: value }]) => value !== undefined && name !== 'matchLabels' && name !== 'matchExpressions');
  if (!isMap(node) || !isLoose) return [];
  const [first, last] = [node.items.at(0)?.key, node.items.at(-1)?.value];
  if (!isNode(first) || !isNode(last)) return [];
  const edits = editsOf(context);
  const { start } = rangeOf(first);
  const { end } = rangeOf(last);
  const insert = (at: number, newText: string) => edits.replacements.push({ start: at, end: at, newText });
  if (node.flow) {
    insert(start, 'matchLabels: { ');
    insert(end, ' }');
  } else {
    const deeper = ' '.repeat(usualStyle.field);
    insert(start, `matchLabels:${text.includes('\r\n') ? '\r\n' : '\n'}${tree.indentAt(start)}${deeper}`);
    for (let line = text.indexOf('\n', start); line >= 0 && line < end; line = text.indexOf('\n', line + 1)) insert(line + 1, deeper);
  }
  return offer(context, t('Put the labels into {0}', 'matchLabels'), CodeActionKind.QuickFix, edits, { diagnostics, isPreferred: true });
};
