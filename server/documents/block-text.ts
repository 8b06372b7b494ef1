import { Scalar } from 'yaml';
import { type ReadScalar, written } from './read-nodes.ts';

/** A line of a block of text: how many spaces it begins with, and where the rest of it stands. */
interface Line {
  readonly indent: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a block of text whose header (`|`, `>-`, …) begins at `header` and whose lines begin at `from`, all of them indented by more than `column`;
 * undefined when nothing is in it or its first lines do not tell how far it is indented.
 */
export function readBlockText(text: string, header: number, from: number, column: number): ReadScalar | undefined {
  const lines: Line[] = [];
  let indent = 0;
  /** The longest of the blank lines above the first one with text. */
  let blank = 0;
  let kept = 0;
  let end = from;
  for (let at = from; at < text.length; ) {
    const line = lineAt(text, at);
    const isBlank = line.start >= line.end;
    if (isBlank && indent === 0) blank = Math.max(blank, line.indent);
    if (!isBlank && indent === 0) {
      if (line.indent <= column || line.indent < blank) return undefined;
      indent = line.indent;
    }
    if (!isBlank && line.indent < indent) break;
    const newline = text.indexOf('\n', line.end);
    at = newline < 0 ? text.length : newline + 1;
    lines.push(line);
    // Blank lines at the end belong to it only when they are longer than it is indented.
    if (isBlank && (indent === 0 || line.indent <= indent)) continue;
    kept = lines.length;
    end = at;
  }
  if (indent === 0) return undefined;
  const isFolded = text[header] === '>';
  const content = lines.slice(0, kept).map(({ start, end, indent: own }) => text.slice(start - Math.max(own - indent, 0), end));
  const value = (isFolded ? folded(content) : content.join('\n')) + (text[header + 1] === '-' ? '' : '\n');
  return written(new Scalar(value), value, isFolded ? 'BLOCK_FOLDED' : 'BLOCK_LITERAL', header, end);
}

function lineAt(text: string, at: number): Line {
  let start = at;
  while (text[start] === ' ') start++;
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  return { indent: start - at, start, end: text[end - 1] === '\r' && end > start ? end - 1 : end };
}

/** Line breaks become spaces, but for those around lines that are indented further; of blank lines between others one break is left out. */
function folded(lines: readonly string[]): string {
  const first = lines.findIndex((line) => line !== '');
  let value = '\n'.repeat(first);
  let separator = '';
  let wasIndented = false;
  for (const line of lines.slice(first)) {
    if (line.startsWith(' ')) {
      if (separator === ' ') separator = '\n';
      else if (!wasIndented && separator === '\n') separator = '\n\n';
      value += separator + line;
      separator = '\n';
      wasIndented = true;
    } else if (line === '') {
      if (separator === '\n') value += '\n';
      else separator = '\n';
    } else {
      value += separator + line;
      separator = ' ';
      wasIndented = false;
    }
  }
  return value;
}
