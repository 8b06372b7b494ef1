import { type CompletionItem, InsertTextFormat, InsertTextMode, type Range, type TextEdit } from 'vscode-languageserver';
import type { ManifestFile, Placed } from '../../documents/file.ts';
import type { OutlineNode } from '../../documents/outline-node.ts';
import { type Style, usualStyle } from '../../schemas/skeleton.ts';
import type { Place } from './places.ts';

const word = /[^\s,[\]{}"'#:]/;

/** How proposals get into the text at one place: which part they replace, and what indentation and dash they bring along. */
export class Writing {
  readonly place: Place;
  readonly style: Style;
  /** What is written of the word at the cursor so far. */
  readonly typed: string;
  readonly #range: Range;
  /** Written before what is chosen, and before each of its further lines. */
  readonly #before: string;
  readonly #indent: string;
  /** Written behind what is chosen: what parts it from the field it comes before. */
  readonly #behind: string;
  /** The comma that the entry before it lacks, in flow style. */
  readonly #comma: readonly TextEdit[];
  /** Whether what is chosen stands between quotes already. */
  readonly quoted: boolean;
  /** The quote that the name of a field was begun with; empty without one. */
  readonly quote: string = '';
  /** The part of a `$(NAME)` that the cursor is in. */
  readonly variable: { readonly range: Range; readonly close: string } | undefined;

  constructor(file: ManifestFile, placed: Placed, offset: number, place: Place, style: Style) {
    const { text } = placed.manifest;
    this.place = place;
    this.style = style;
    this.variable = variableAt(file, placed, offset);
    const value = place.kind === 'value' ? place.node.value : undefined;
    // What is chosen before a value takes its place, its quotes with it.
    const isBefore = value !== undefined && offset < value.start;
    this.quoted = value ? value.quoted && !isBefore : isOpenQuote(text, offset);
    let start = offset;
    let end = offset;
    if (place.self) {
      ({ start, end } = place.self);
    } else if (place.next) {
      // It stays as it is.
    } else if (isBefore) {
      end = value.quoted && text[value.end] === text[value.start - 1] ? value.end + 1 : value.end;
    } else if (value && value.start <= offset && value.end >= offset) {
      ({ start, end } = value);
    } else {
      // An item's dash is no part of the word behind it.
      const first = place.node.parent && !place.node.isField && !place.node.flow ? place.node.start + 1 : 0;
      while (start > first && word.test(text[start - 1] ?? '')) start--;
      while (end < text.length && word.test(text[end] ?? '')) end++;
      const before = text[start - 1] ?? '';
      if (place.kind === 'field' && (before === '"' || before === "'")) {
        this.quote = before;
        start--;
        if (text[end] === before) end++;
      }
    }
    this.typed = text.slice(start, offset);
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    const behind = text[start - 1];
    const glued = (behind === ':' || behind === '-') && !place.ownLine && start > lineStart;
    // Where the line is indented as it should be, that is left alone.
    const indented = place.ownLine && text.slice(lineStart, start) !== ' '.repeat(place.column);
    if (indented) start = lineStart;
    this.#range = file.range(placed, start, end);
    this.#before = indented ? ' '.repeat(place.column) : glued ? ' ' : '';
    this.#indent = ' '.repeat(Math.max(place.column, 0));
    const isEntry = this.inFlow && place.kind !== 'value' && !place.self;
    const apart = isEntry ? separator(text, end, place.node.column) : '';
    const comma = isEntry ? missingComma(text, start) : undefined;
    this.#comma = comma === undefined ? [] : [{ range: file.range(placed, comma, comma), newText: ',' }];
    this.#behind = place.next === undefined || apart !== '' ? apart : `\n${this.#indent}`;
  }

  get inFlow(): boolean {
    const { kind, node, ownLine } = this.place;
    return node.flow || (kind === 'item' && !ownLine) || (kind === 'value' && node.parent?.flow === true);
  }

  /** A variable's name in a `$(NAME)`. */
  variableItem(name: string, more: Partial<CompletionItem>): CompletionItem {
    const { range, close } = this.variable ?? { range: this.#range, close: '' };
    return { label: name, ...more, insertTextFormat: InsertTextFormat.PlainText, textEdit: { range, newText: name + close } };
  }

  /** The lines of a field, or of an item behind its dash. */
  item(label: string, lines: readonly string[], more: Partial<CompletionItem>): CompletionItem {
    const dash = this.place.kind === 'item' && this.place.ownLine;
    const indent = dash ? `${this.#indent}  ` : this.#indent;
    const [written = '', ...rest] = lines;
    const first = this.inFlow && this.quote !== '' ? written.replace(/^[^\s:]+/, `${this.quote}$&${this.quote}`) : written;
    // A line that ends here must not end in a space.
    const before = first === '' && rest.length > 0 && !dash ? this.#before.trimEnd() : this.#before;
    const text = [before + (dash ? `- ${first}` : first), ...rest.map((line) => indent + line)].join('\n') + this.#behind;
    return {
      label,
      ...more,
      ...(this.quote !== '' && { filterText: this.quote + (more.filterText ?? label) }),
      insertTextFormat: InsertTextFormat.Snippet,
      insertTextMode: InsertTextMode.asIs,
      textEdit: { range: this.#range, newText: text },
      ...(this.#comma.length > 0 && { additionalTextEdits: [...this.#comma, ...(more.additionalTextEdits ?? [])] }),
    };
  }
}

/** The name in a `$(NAME)` around the cursor, and what closes it. */
function variableAt(file: ManifestFile, placed: Placed, offset: number): Writing['variable'] {
  const { text } = placed.manifest;
  const begun = /\$\((\w*)$/.exec(text.slice(Math.max(0, offset - 200), offset));
  if (!begun) return undefined;
  const [rest = ''] = /^\w*/.exec(text.slice(offset, offset + 200)) ?? [];
  const end = offset + rest.length;
  return { range: file.range(placed, offset - (begun[1] ?? '').length, end), close: text[end] === ')' ? '' : ')' };
}

/** What has to stand between a new entry in flow style and one that follows it; a line that is further left than the collection is none of it. */
function separator(text: string, at: number, column: number): string {
  const [, space = '', next] = /^(\s*)(\S)?/.exec(text.slice(at, at + 500)) ?? [];
  if (next === undefined || /[,\]}#]/.test(next)) return '';
  const newline = space.lastIndexOf('\n');
  if (newline >= 0 && space.length - newline - 1 <= column) return '';
  return space === '' ? ', ' : ',';
}

/** Where the entry before a new one in flow style ends without a comma; undefined where it has one, or a comment stands between. */
function missingComma(text: string, at: number): number | undefined {
  const before = text.slice(Math.max(0, at - 500), at).trimEnd();
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (before === '' || /[{[,]$|(^|\s)#/.test(line)) return undefined;
  return at - (text.slice(Math.max(0, at - 500), at).length - before.length);
}

/** Whether a quote was opened on the line before the cursor and not closed. */
function isOpenQuote(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /[\s:[{,]"[^"]*$/.test(line) || /[\s:[{,]'[^']*$/.test(line);
}

/** How the document is indented, by the first field and the first list that show it. */
export function styleOf(root: OutlineNode): Style {
  let { field, dash }: { field: number; dash: number } = usualStyle;
  let foundField = false;
  let foundDash = false;
  const walk = (node: OutlineNode, depth: number): void => {
    if (depth > 12 || (foundField && foundDash)) return;
    if (!node.flow && node.isField && node.inner >= 0) {
      const step = node.inner - node.column;
      if (node.kind === 'map' && !foundField && step > 0 && step <= 8) {
        field = step;
        foundField = true;
      } else if (node.kind === 'list' && !foundDash && step >= 0 && step <= 8) {
        dash = step;
        foundDash = true;
      }
    }
    for (const child of node.children) walk(child, depth + 1);
  };
  walk(root, 0);
  return { field, dash };
}
