import { t } from '@vscode/l10n';
import type { YAMLParseError } from 'yaml';
import type { Problem } from './problem.ts';
import { plainValueAt, quote } from './quoting.ts';

/** Nobody reads more, and to explain one may take a look at all that stands above it. */
const problemLimit = 100;

type Explained = Omit<Problem, 'severity' | 'code'>;

/**
 * The parser's errors in the words of somebody who writes manifests, each mistake once: at the place to change, and where it is clear what was
 * meant with what to write there. What the parser stumbles over afterwards in the same line is left out.
 */
export function syntaxProblems(text: string, errors: readonly YAMLParseError[]): Problem[] {
  const problems: Problem[] = [];
  const lines = new Set<number>();
  // Nothing is where it looks to be below a tab.
  const tab = errors.find(({ code }) => code === 'TAB_AS_INDENT');
  const readable = tab ? text.lastIndexOf('\n', tab.pos[0] - 1) : Number.POSITIVE_INFINITY;
  for (const error of errors) {
    if (error.code !== 'TAB_AS_INDENT' && error.pos[0] >= readable) continue;
    const line = text.lastIndexOf('\n', error.pos[0] - 1);
    if (lines.has(line) || (problems.length > 0 && error.message.includes('in YAML stream'))) continue;
    lines.add(line);
    problems.push({ ...explain(text, error), severity: 'error', code: 'syntax' });
    if (problems.length === problemLimit) break;
    // Behind a quote that is never closed everything is something else than it looks like.
    if (error.message.startsWith('Missing closing')) break;
  }
  return problems;
}

function explain(text: string, error: YAMLParseError): Explained {
  const [start, end] = error.pos;
  const plain: Explained = { start, end: Math.max(start, end), message: shorten(error.message) };
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return tabs(text, start);
    case 'BAD_SCALAR_START':
    case 'BAD_ALIAS':
      return reserved(text, start);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return nested(text, start) ?? plain;
    case 'MULTILINE_IMPLICIT_KEY':
      return noField(text, start) ?? plain;
    case 'BAD_INDENT':
      return (error.message.startsWith('All ') ? indentation(text, start) : undefined) ?? plain;
    case 'UNEXPECTED_TOKEN':
      if (error.message.includes('block-seq-ind on same line')) return listBehindName(text, start);
      return (/^[ \t]*$/.test(beforeIn(text, start)) ? (indentation(text, start) ?? markerAbove(text, start)) : undefined) ?? plain;
    case 'MISSING_CHAR':
      if (error.message.startsWith('Implicit map keys')) return noField(text, start) ?? plain;
      return (error.message.startsWith('Sequence item without') ? indentation(text, start) : undefined) ?? plain;
    case 'BAD_DQ_ESCAPE': {
      const sequence = text.slice(start, start + 2);
      const edit = { title: t('Write {0}', `\\${sequence}`), start, end: start, newText: '\\' };
      return { ...plain, message: t('{0}: in double quotes a backslash begins an escape', shorten(error.message)), edit };
    }
    default:
      return plain;
  }
}

function tabs(text: string, start: number): Explained {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const end = lineStart + (/^(?:[ \t]|-(?=[ \t]))*/.exec(text.slice(lineStart))?.[0].length ?? 0);
  // Behind a dash a tab is one space: what stands there lines up with the lines below, whose tabs are two.
  const newText = text.slice(lineStart, end).replaceAll('-\t', '- ').replaceAll('\t', '  ');
  const edit = { title: t('Indent with spaces'), start: lineStart, end, newText };
  return { start: lineStart, end, message: t('Tabs are not allowed as indentation: use spaces'), edit };
}

const meanings: Readonly<Record<string, () => string>> = {
  '*': () => t('an alias of an anchor'),
  '&': () => t('an anchor'),
  '%': () => t('a directive'),
  '@': () => t('reserved in YAML'),
  '`': () => t('reserved in YAML'),
  ',': () => t('a separator in flow style'),
};

function reserved(text: string, start: number): Explained {
  const span = plainValueAt(text, start);
  const first = text.charAt(start);
  const fix = quote(text.slice(span.start, span.end));
  return {
    ...span,
    fix,
    message: t('A text that begins with {0} ({1}) must be put in quotes, {2}', first, meanings[first]?.() ?? t('a sign of YAML'), fix),
  };
}

/** Either a second colon in one line, or deeper lines under a field that has its value already. */
function nested(text: string, start: number): Explained | undefined {
  const span = plainValueAt(text, start);
  const value = text.slice(span.start, span.end);
  if (/:([ \t]|$)/.test(value)) {
    const fix = quote(value);
    return { ...span, fix, message: t('A text with ": " in it must be put in quotes, {0}', fix) };
  }
  // Behind the colon one looks back for what it names: a name could begin at every character.
  const name = /:(?<=([^\s-][^:]*):)[ \t]*$/.exec(beforeIn(text, start))?.[1];
  const next = text.indexOf('\n', start) + 1;
  if (name === undefined || next === 0) return undefined;
  const problem = indentation(text, next);
  return problem && { ...problem, message: t('Wrong indentation: {0} has a value already, so no field can stand below it', name) };
}

/** A line that has no colon, or no white space behind it, swallowed the next one. */
function noField(text: string, start: number): Explained | undefined {
  const span = plainValueAt(text, start);
  const line = text.slice(span.start, span.end);
  if (almostMarker.test(line)) return marker(span);
  if (line.startsWith('-')) return { ...span, message: t('An item of a list cannot stand here: the lines around it are fields') };
  const squeezed = /^([\w./-]+):(\S.*)$/.exec(line);
  if (squeezed) return { ...span, message: t('White space is missing behind the colon'), fix: `${squeezed[1]}: ${squeezed[2]}` };
  const spaced = /^([\w./-]+)[ \t]+(\S+)$/.exec(line);
  if (spaced) return { ...span, message: t('A colon is missing behind the name of the field'), fix: `${spaced[1]}: ${spaced[2]}` };
  return { ...span, message: t('This line is no field: a colon and white space are missing') };
}

/** What was meant to part documents. */
const almostMarker = /^(?:--|-{4,})$/;

function marker(span: Pick<Problem, 'start' | 'end'>): Explained {
  return { ...span, fix: '---', message: t('A line of three dashes parts documents: {0}', '---') };
}

/** The line above that was meant to begin the document. */
function markerAbove(text: string, at: number): Explained | undefined {
  const lines = text.slice(0, at).split('\n');
  const index = lines.findLastIndex((line) => almostMarker.test(line.trimEnd()));
  if (index < 0) return undefined;
  const start = lines.slice(0, index).reduce((length, line) => length + line.length + 1, 0);
  return marker({ start, end: start + (lines[index] ?? '').trimEnd().length });
}

function listBehindName(text: string, start: number): Explained {
  const span = plainValueAt(text, start);
  const before = beforeIn(text, start);
  const column = before.search(/[^\s-]/);
  const gap = start - before.length + before.trimEnd().length;
  const edit = { title: t('Move the list to the next line'), start: gap, end: start, newText: `\n${' '.repeat(Math.max(column, 0) + 2)}` };
  return { ...span, edit, message: t('A list cannot begin in the line of its name: put it on the next line, or a text in quotes') };
}

/** A line whose column fits nothing above it; undefined where nothing stands above. */
function indentation(text: string, at: number): Explained | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const indent = /^ */.exec(text.slice(start))?.[0].length ?? 0;
  const columns = openColumns(text.slice(0, start));
  if (columns.size === 0) return undefined;
  const meant = [...columns].sort((one, other) => Math.abs(one - indent) - Math.abs(other - indent) || other - one)[0];
  const shown = [...columns].sort((one, other) => one - other).map((column) => column + 1);
  const span = plainValueAt(text, start + indent);
  const message =
    shown.length === 1
      ? t('Wrong indentation: what stands above begins in column {0}, this line in {1}', shown[0] ?? 1, indent + 1)
      : t('Wrong indentation: what stands above begins in one of the columns {0}, this line in {1}', shown.join(', '), indent + 1);
  if (meant === undefined || meant === indent) return { ...span, message };
  const edit = { title: t('Indent by {0} instead of {1}', meant, indent), start, end: start + indent, newText: ' '.repeat(meant) };
  return { ...span, message, edit };
}

/** Columns where fields that are open at the end of a text begin. */
function openColumns(text: string): Set<number> {
  const open = new Set<number>();
  let least = Number.POSITIVE_INFINITY;
  // From the end on, as the line that begins farthest left may be near.
  for (let end = text.length; end >= 0 && least > 0; ) {
    const start = end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end);
    const column = line.startsWith('---') ? undefined : /^(?: *- )* *(?=[^\s#-])/.exec(line)?.[0].length;
    if (column !== undefined && column < least) {
      open.add(column);
      least = column;
    }
    end = start - 1;
  }
  return open;
}

function beforeIn(text: string, at: number): string {
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
}

function shorten(message: string): string {
  const line = message.split('\n', 1)[0] ?? message;
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}
