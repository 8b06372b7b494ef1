import type { FieldPath } from './path.ts';

/** Where a cursor stands in a document, found from indentation alone: half-written manifests seldom parse. */
export interface Cursor {
  /** The path of the mapping or list that a new line at the cursor would belong to. */
  readonly parent: FieldPath;
  /** Whether the cursor's line holds nothing but white space. */
  readonly blank: boolean;
  /** The text before the cursor in its line. */
  readonly before: string;
  /** Whether the cursor is inside a block of text (`|` or `>`), where nothing is YAML. */
  readonly inText: boolean;
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
  const dash = /^\s*-(\s|$)/.test(line);
  const indent = blank ? before.length : indentOf(line);
  return { parent: parentOf(lines, indent, dash), blank, before, inText: isText(lines, indent) };
}

/** Whether a line that is indented by `indent` belongs to a block scalar begun above. */
function isText(lines: readonly string[], indent: number): boolean {
  let limit = indent;
  for (let at = lines.length - 1; at >= 0 && limit > 0; at--) {
    const line = (lines[at] ?? '').trimEnd();
    const start = indentOf(line);
    if (line === '' || start >= limit) continue;
    if (/(:|-)[ \t]+([&!]\S+[ \t]+)*[|>][-+\d]*([ \t]+#.*)?$/.test(line)) return true;
    limit = start;
  }
  return false;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Walks up from a line that is indented by `indent`; `inItem` says that it begins an item of a list. */
function parentOf(lines: readonly string[], indent: number, inItem: boolean): FieldPath {
  const path: (string | number)[] = [];
  // Names must stand left of `limit` to be parents of what was found so far.
  let limit = indent;
  // The items of the list that is being walked up through: how far left its dashes stand, and how many were passed.
  let list: { column: number; index: number } | undefined = inItem ? { column: indent, index: 0 } : undefined;
  for (let at = lines.length - 1; at >= 0 && (limit > 0 || list); at--) {
    const line = lines[at] ?? '';
    const start = indentOf(line);
    const text = line.slice(start);
    if (text === '' || text.startsWith('#')) continue;
    if (text.startsWith('---')) break;
    const dash = /^-(\s+|$)/.exec(text)?.[0].length ?? 0;
    const column = start + dash;
    const match = field.exec(text.slice(dash));
    // The list of a name may begin as far left as the name itself.
    if (match && (list ? column <= list.column : column < limit)) {
      path.unshift(match[1] ?? match[2] ?? match[3] ?? '', ...(list ? [list.index] : []));
      list = undefined;
      limit = column;
    }
    if (dash === 0) continue;
    if (list?.column === start) list.index++;
    else if (!list && start < limit) {
      list = { column: start, index: 0 };
      limit = start;
    }
  }
  return path;
}
