import type { Span } from './span.ts';

/** A text as a YAML scalar in quotes: double ones, unless something in it would have to be escaped. */
export function quote(text: string): string {
  return /["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}

/** The plain value that begins at an offset, to the end of its line: without white space and comment behind it. In flow style it ends at `,`, `]` or `}`. */
export function plainValueAt(text: string, start: number): Span {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', start);
  const line = text.slice(start, newline < 0 ? text.length : newline);
  const comment = line.search(/[ \t]#/);
  const value = comment < 0 ? line : line.slice(0, comment);
  const before = text.slice(lineStart, start);
  const inFlow = count(before, /[[{]/g) > count(before, /[\]}]/g);
  const end = inFlow ? value.slice(1).search(/[,\]}]/) + 1 || value.length : value.length;
  return { start, end: start + value.slice(0, end).trimEnd().length };
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}
