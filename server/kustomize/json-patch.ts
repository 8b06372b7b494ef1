import { t } from '@vscode/l10n';
import { isMap, isNode, isScalar, isSeq } from 'yaml';
import { didYouMean } from '../documents/did-you-mean.ts';
import { firstKey, formatPath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import { rangeOf, type Tree } from '../documents/tree.ts';
import { nearest } from '../schemas/distance.ts';

/** The operations of RFC 6902, and the members each needs beside `op` and `path`. */
const operations: Readonly<Record<string, readonly string[]>> = {
  add: ['value'],
  replace: ['value'],
  test: ['value'],
  remove: [],
  move: ['from'],
  copy: ['from'],
};
const members = ['op', 'path', 'from', 'value'];

/** What is wrong with a JSON patch. */
export function jsonPatchProblems(tree: Tree): Problem[] {
  if (!isSeq(tree.root)) return [];
  return tree.root.items.filter(isNode).flatMap((item, index) => {
    const map = isMap(item) ? item : undefined;
    const spot = rangeOf(firstKey(item));
    const report = (span: { start: number; end: number }, name: string, message: string, code: string, fix?: string): Problem => {
      const path = formatPath(name === '' ? [index] : [index, name]);
      return { ...span, severity: 'error', code, path, message: `${path}: ${message}`, ...(fix !== undefined && { fix }) };
    };
    if (!map) return [report(spot, '', `Invalid value: ${t('an operation is a mapping with op and path')}`, 'type')];
    const entries = tree.entries(map);
    const problems: Problem[] = [];
    for (const { name, key } of entries) {
      const meant = nearest(name, members);
      const hint = didYouMean(meant);
      if (!members.includes(name)) problems.push(report(rangeOf(key), name, `unknown field "${name}"${hint}`, 'unknown-field', meant));
    }
    const value = (name: string) => {
      const node = tree.resolve(entries.find((entry) => entry.name === name)?.value);
      return isScalar(node) ? { node, text: node.value } : undefined;
    };
    const op = value('op');
    const known = typeof op?.text === 'string' && Object.hasOwn(operations, op.text) ? operations[op.text] : undefined;
    if (op && !known) {
      const names = Object.keys(operations);
      const meant = nearest(String(op.text), names);
      problems.push(
        report(
          rangeOf(op.node),
          'op',
          `Unsupported value: ${JSON.stringify(op.text)}: supported values: ${names.map((name) => `"${name}"`).join(', ')}`,
          'enum',
          meant,
        ),
      );
    }
    for (const name of ['op', 'path', ...(known ?? [])]) {
      if (!entries.some((entry) => entry.name === name)) problems.push(report(spot, name, 'Required value', 'required'));
    }
    for (const name of ['path', 'from']) {
      const pointer = value(name);
      if (pointer && typeof pointer.text === 'string' && pointer.text !== '' && !pointer.text.startsWith('/')) {
        problems.push(
          report(
            rangeOf(pointer.node),
            name,
            `Invalid value: ${JSON.stringify(pointer.text)}: ${t('a JSON pointer begins with "/"')}`,
            'pattern',
            `/${pointer.text.replaceAll('.', '/')}`,
          ),
        );
      }
    }
    return problems;
  });
}
