import { t } from '@vscode/l10n';
import { isMap } from 'yaml';
import type { Problem } from '../documents/problem.ts';
import { rangeOf, type Tree } from '../documents/tree.ts';
import type { Failure } from './apply-patches.ts';
import type { Operation } from './json-patch.ts';
import { escapeStep, stepsOf } from './json-pointer.ts';
import { valueAt } from './value-at.ts';

/** The edit that adds what is missing above a path, in operations of their own before this one; undefined where something else is wrong. */
export function addParents(tree: Tree, operation: Operation, { object }: Failure): Problem['edit'] {
  const op = operation.scalar('op')?.text;
  const pointer = operation.pointer('path');
  if (!pointer || (op !== 'add' && op !== 'copy' && op !== 'move')) return undefined;
  const steps = stepsOf(pointer.text);
  const isThere = (length: number) => valueAt(object, steps.slice(0, length)) !== undefined;
  const first = steps.findIndex((_, index) => !isThere(index));
  const above = first > 0 ? valueAt(object, steps.slice(0, first - 1)) : undefined;
  // Into a list nothing is put by its number unless what is before it is there.
  if (typeof above !== 'object' || above === null || Array.isArray(above)) return undefined;
  const added = steps.slice(first).map(({ name }, index) => ({
    path: `/${steps
      .slice(0, first + index)
      .map((step) => escapeStep(step.name))
      .join('/')}`,
    value: /^(-|\d+)$/.test(name) ? '[]' : '{}',
  }));
  const { start } = operation;
  const before = tree.textOf({ start: start - tree.indentAt(start).length, end: start });
  const between = /^\s*-\s+$/.test(before) ? `\n${before}` : ', ';
  const newText = added.map((parent) => written(tree, operation, parent) + between).join('');
  return { title: t('Add {0} before', added[0]?.path ?? ''), start, end: start, newText };
}

/** An operation in the style of the one that it comes before. */
function written(tree: Tree, { node, start }: Operation, { path, value }: { readonly path: string; readonly value: string }): string {
  const members = [
    ['op', 'add'],
    ['path', path],
  ];
  if (!isMap(node) || !node.flow) {
    return [...members, ['value', value]].map((member) => member.join(': ')).join(`\n${tree.indentAt(start)}`);
  }
  const quote = tree.textOf(rangeOf(node)).includes('"') ? '"' : '';
  const texts = members.map(([name, text]) => `${quote}${name}${quote}: ${quote}${text}${quote}`);
  return `{${[...texts, `${quote}value${quote}: ${value}`].join(', ')}}`;
}
