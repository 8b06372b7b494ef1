import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { isAlias, isMap, isNode, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { nodeAt } from '../../documents/node-at.ts';
import type { FieldPath } from '../../documents/path.ts';
import { rangeOf } from '../../documents/tree.ts';
import { type Action, type ActionContext, editsOf, offer } from './action.ts';

/** Longer lines are not offered. */
const widthLimit = 100;

/** Writes a collection in flow style as a block, one level at a time, and a short block in one line. */
export const flowStyle: Action = (context) => {
  const { path, placed } = context;
  const { tree } = placed.manifest;
  for (let length = 1; length <= path.length; length++) {
    const node = nodeAt(tree, path.slice(0, length));
    if ((isMap(node) || isSeq(node)) && node.flow) return toBlock(context, path.slice(0, length), node);
  }
  const node = nodeAt(tree, path);
  return isMap(node) || isSeq(node) ? toFlow(context, node, path) : [];
};

function toBlock(context: ActionContext, path: FieldPath, node: YAMLMap | YAMLSeq) {
  const { text } = context.placed.manifest;
  const lines = isMap(node)
    ? node.items.map(
        ({ key, value }) =>
          `${oneLine(text, key)}:${isNode(value) && rangeOf(value).end > rangeOf(value).start ? ` ${withProperties(text, value)}` : ''}`,
      )
    : node.items.map((item) => `- ${isNode(item) ? withProperties(text, item) : ''}`);
  const edits = editsOf(context);
  const whole = rangeOf(node);
  const lost =
    node.items.length === 0 ||
    node.anchor !== undefined ||
    node.tag !== undefined ||
    /(^|\s)#|\n[ \t]*\r?\n/.test(text.slice(whole.start, whole.end));
  if (lost || lines.includes(':') || !edits.replaceWithLines(path, lines)) return [];
  return offer(context, t('Write as a block'), CodeActionKind.RefactorRewrite, edits);
}

/** A node's text in one line; a line break in flow style is a space. */
function oneLine(text: string, node: unknown): string {
  if (!isNode(node)) return '';
  const { start, end } = rangeOf(node);
  return text
    .slice(start, end)
    .trim()
    .replaceAll(/\s*\r?\n\s*/g, ' ');
}

/** The same with its anchor. */
function withProperties(text: string, node: Node): string {
  return !isAlias(node) && node.anchor ? `&${node.anchor} ${oneLine(text, node)}` : oneLine(text, node);
}

function toFlow(context: ActionContext, node: YAMLMap | YAMLSeq, path: FieldPath) {
  const { text } = context.placed.manifest;
  const { start, end } = rangeOf(node);
  const written = isPlainBlock(node) && !/(^|\s)#/.test(text.slice(start, end).trimEnd()) ? inFlow(text, node) : undefined;
  if (written === undefined || written.length > widthLimit) return [];
  const edits = editsOf(context);
  const from = text.lastIndexOf(typeof path.at(-1) === 'number' ? '-' : ':', start) + 1;
  edits.replace(from, start + text.slice(start, end).trimEnd().length, ` ${written}`);
  return /^\s*$/.test(text.slice(from, start)) ? offer(context, t('Write in one line'), CodeActionKind.RefactorRewrite, edits) : [];
}

/** Whether nothing in a block would be lost in one line: no anchors or tags, no text over several lines. */
function isPlainBlock(node: unknown): boolean {
  if (!isNode(node) || isAlias(node)) return true;
  if (node.anchor || node.tag) return false;
  if (isMap(node)) return node.items.length > 0 && node.items.every(({ key, value }) => isPlainBlock(key) && isPlainBlock(value));
  if (isSeq(node)) return node.items.length > 0 && node.items.every(isPlainBlock);
  return isScalar(node) && !/^BLOCK/.test(node.type ?? '') && !(node.source ?? '').includes('\n');
}

function inFlow(text: string, node: unknown): string {
  if (isMap(node)) return `{ ${node.items.map(({ key, value }) => `${inFlow(text, key)}: ${inFlow(text, value)}`.trimEnd()).join(', ')} }`;
  if (isSeq(node)) return `[${node.items.map((item) => inFlow(text, item)).join(', ')}]`;
  const written = oneLine(text, node);
  // What ends or begins a value in flow style was plain text in the block.
  return isScalar(node) && node.type === 'PLAIN' && /[,[\]{}]/.test(written) ? JSON.stringify(written) : written;
}
