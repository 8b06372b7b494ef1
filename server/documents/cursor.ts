import type { FieldPath } from './path.ts';

/** Where a cursor stands in a document, found from indentation alone: half-written manifests seldom parse. */
export interface Cursor {
  /** The path of the mapping or list that a new line at the cursor would belong to. */
  readonly parent: FieldPath;
  /** Whether the cursor's line holds nothing but white space. */
  readonly blank: boolean;
  /** The text before the cursor in its line. */
  readonly before: string;
}

const field = /^(?:"([^"]*)"|'([^']*)'|([^\s#'"[\]{},&*!|>%@`-][^#]*?|-[^\s#][^#]*?))[ \t]*:(?:[ \t]|$)/;

/** Finds the cursor's place by walking up over lines that are indented less and less. */
export function cursorAt(text: string, offset: number): Cursor {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const before = text.slice(lineStart, offset);
  const blank = line.trim() === '';
  const lines = text.slice(0, lineStart).split('\n').slice(0, -1);
  const parent = parentOf(lines, blank ? before.length : indentOf(line));
  // Behind a dash begins an item of the list; which one it is makes no difference to what may stand in it.
  return { parent: /^\s*-\s/.test(before) ? [...parent, 0] : parent, blank, before };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function parentOf(lines: readonly string[], indent: number): FieldPath {
  const path: (string | number)[] = [];
  // Names must stand left of `limit` to be parents of what was found so far.
  let limit = indent;
  // The items of the list that is being walked up through: how far left its dashes stand, and how many were passed.
  let list: { column: number; index: number } | undefined;
  for (let at = lines.length - 1; at >= 0 && (limit > 0 || list); at--) {
    const line = (lines[at] ?? '').trimEnd();
    const start = indentOf(line);
    let rest = line.slice(start);
    if (rest === '' || rest.startsWith('#')) continue;
    if (rest.startsWith('---')) break;
    let column = start;
    const dash = /^-(\s+|$)/.exec(rest);
    if (dash) {
      if (list && start === list.column) list.index++;
      rest = rest.slice(dash[0].length);
      column = start + dash[0].length;
      if (!list && start < limit) {
        const name = field.exec(rest);
        if (name && column < limit && line.trimEnd().endsWith(':')) path.unshift(name[1] ?? name[2] ?? name[3] ?? '');
        list = { column: start, index: 0 };
        limit = start;
      }
      continue;
    }
    const name = field.exec(rest);
    if (!name) continue;
    if (list) {
      if (start > list.column) continue;
      path.unshift(name[1] ?? name[2] ?? name[3] ?? '', list.index);
      list = undefined;
      limit = start;
    } else if (start < limit) {
      path.unshift(name[1] ?? name[2] ?? name[3] ?? '');
      limit = start;
    }
  }
  return path;
}
