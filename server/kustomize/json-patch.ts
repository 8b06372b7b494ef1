import { t } from '@vscode/l10n';
import { isMap, isNode, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { didYouMean } from '../documents/did-you-mean.ts';
import { firstKey, formatPath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import type { Span } from '../documents/span.ts';
import { type Entry, rangeOf, type Tree } from '../documents/tree.ts';
import { nearest } from '../schemas/distance.ts';
import { strayTilde } from './json-pointer.ts';

/** The operations of RFC 6902, and the members each needs beside `op` and `path`. */
export const operations: Readonly<Record<string, readonly string[]>> = {
  add: ['value'],
  replace: ['value'],
  test: ['value'],
  remove: [],
  move: ['from'],
  copy: ['from'],
};
const members = ['op', 'path', 'from', 'value'];

/** A member that is a scalar, and what it says. */
export interface Member {
  readonly node: Scalar;
  readonly text: unknown;
}

/** One operation of a JSON patch as it is written. */
export class Operation {
  readonly index: number;
  readonly node: Node;
  readonly entries: readonly Entry[];
  /** What stands for the operation as a whole. */
  readonly spot: Span;
  readonly #tree: Tree;

  constructor(tree: Tree, node: Node, index: number) {
    this.#tree = tree;
    this.index = index;
    this.node = node;
    this.entries = isMap(node) ? tree.entries(node) : [];
    this.spot = rangeOf(firstKey(node));
  }

  /** Where it begins. */
  get start(): number {
    return rangeOf(this.node).start;
  }

  /** A member that is a scalar. */
  scalar(name: string): Member | undefined {
    const node = this.#tree.resolve(this.entry(name)?.value);
    return isScalar(node) ? { node, text: node.value } : undefined;
  }

  entry(name: string): Entry | undefined {
    return this.entries.find((entry) => entry.name === name);
  }

  /** The path in a member, with the scalar it stands in. */
  pointer(name: 'path' | 'from'): { readonly node: Scalar; readonly text: string } | undefined {
    const member = this.scalar(name);
    return typeof member?.text === 'string' ? { node: member.node, text: member.text } : undefined;
  }
}

/** The operations of a JSON patch. */
export function operationsOf(tree: Tree): Operation[] {
  return isSeq(tree.root) ? tree.root.items.filter(isNode).map((item, index) => new Operation(tree, item, index)) : [];
}

/** What is wrong with the form of a JSON patch. */
export function jsonPatchProblems(tree: Tree): Problem[] {
  return operationsOf(tree).flatMap(formProblems);
}

function formProblems(operation: Operation): Problem[] {
  const { index, entries, spot } = operation;
  const report = (span: Span, name: string, message: string, code: string, fix?: string): Problem => {
    const path = formatPath(name === '' ? [index] : [index, name]);
    return { ...span, severity: 'error', code, path, message: `${path}: ${message}`, ...(fix !== undefined && { fix }) };
  };
  if (!isMap(operation.node)) return [report(spot, '', `Invalid value: ${t('an operation is a mapping with op and path')}`, 'type')];
  const problems: Problem[] = [];
  for (const { name, key } of entries) {
    const meant = nearest(name, members);
    const hint = didYouMean(meant);
    if (!members.includes(name)) problems.push(report(rangeOf(key), name, `unknown field "${name}"${hint}`, 'unknown-field', meant));
  }
  const op = operation.scalar('op');
  const known = typeof op?.text === 'string' && Object.hasOwn(operations, op.text) ? operations[op.text] : undefined;
  if (op && !known) {
    const names = Object.keys(operations);
    const meant = nearest(String(op.text), names);
    const supported = names.map((name) => `"${name}"`).join(', ');
    const message = `Unsupported value: ${JSON.stringify(op.text)}: supported values: ${supported}`;
    problems.push(report(rangeOf(op.node), 'op', message, 'enum', meant));
  }
  for (const name of ['op', 'path', ...(known ?? [])]) {
    if (!operation.entry(name)) problems.push(report(spot, name, 'Required value', 'required'));
  }
  for (const name of ['path', 'from'] as const) {
    const entry = operation.entry(name);
    const pointer = operation.pointer(name);
    if (entry && !pointer) {
      const shown = JSON.stringify(operation.scalar(name)?.text ?? null);
      problems.push(report(rangeOf(entry.value ?? entry.key), name, `Invalid value: ${shown}: must be of type string`, 'type'));
    }
    const wrong = pointer && pointerProblem(pointer.text);
    if (wrong)
      problems.push(
        report(rangeOf(pointer.node), name, `Invalid value: ${JSON.stringify(pointer.text)}: ${wrong.why}`, 'pattern', wrong.fix),
      );
  }
  return problems;
}

/** Why a text is no JSON pointer, and what was meant. */
function pointerProblem(pointer: string): { readonly why: string; readonly fix: string } | undefined {
  if (pointer !== '' && !pointer.startsWith('/'))
    return { why: t('a JSON pointer begins with "/"'), fix: `/${pointer.replaceAll('.', '/')}` };
  if (strayTilde(pointer) === undefined) return undefined;
  return { why: t('"~" is written as "~0" in a JSON pointer, and "/" in a name as "~1"'), fix: pointer.replace(/~(?![01])/g, '~0') };
}
