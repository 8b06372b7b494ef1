import type { Range, TextEdit } from 'vscode-languageserver';
import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { ManifestFile, Placed } from '../documents/file.ts';
import { Manifest } from '../documents/manifest.ts';
import { rangeOf } from '../documents/tree.ts';

/** How far the items of a list stand behind its name: as they do, by one step, or not at all. */
export type ListIndentation = 'keep' | 'indented' | 'flush';

export interface FormatOptions {
  readonly tabSize: number;
  readonly listIndentation: ListIndentation;
}

/**
 * Indents everything, or what stands in a range, evenly, takes away white space at the ends of lines and beside the colons of fields, and leaves one
 * blank line of several. Words, quotes, comments and line ends stay. Broken documents and templates are left alone, and so is a document that would not mean exactly the same afterwards.
 */
export function formatEdits(file: ManifestFile, options: FormatOptions, range?: Range): TextEdit[] {
  return file.tooLong ? [] : file.documents.flatMap((placed) => documentEdits(file, placed, options, range));
}

/** Reads `kubeside.format.listIndentation`. */
export function listIndentationOf(setting: unknown): ListIndentation {
  return setting === 'indented' || setting === 'flush' ? setting : 'keep';
}

function documentEdits(file: ManifestFile, placed: Placed, options: FormatOptions, range: Range | undefined): TextEdit[] {
  const { manifest } = placed;
  if (manifest.template || manifest.tooLong || manifest.empty || !manifest.tree.sound) return [];
  const first = file.positionAt(placed.start).line;
  const isMeant = (line: number) => !range || (line + first >= range.start.line && line + first <= lastLineOf(range));
  const before = manifest.text.split('\n');
  const layout = new Layout(manifest.text, before, options);
  if (!layout.place(manifest.tree.root)) return [];
  const after = before.map((line, at) => (isMeant(at) ? layout.line(line, at) : line));
  const isKept = (at: number) => !isMeant(at) || !layout.isSurplus(at);
  if (!meansTheSame(manifest, new Manifest(after.filter((_, at) => isKept(at)).join('\n')))) return [];
  return after.flatMap((changed, at) => {
    if (!isKept(at)) {
      return [{ range: { start: { line: first + at, character: 0 }, end: { line: first + at + 1, character: 0 } }, newText: '' }];
    }
    // An editor counts the line break as no part of the line.
    const line = bare(before[at] ?? '');
    const newText = bare(changed);
    const where = { start: { line: first + at, character: 0 }, end: { line: first + at, character: line.length } };
    return newText === line ? [] : [{ range: where, newText }];
  });
}

/** Whoever selects whole lines ends before the first character of the next one. */
function lastLineOf({ start, end }: Range): number {
  return end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
}

function meansTheSame(one: Manifest, other: Manifest): boolean {
  const value = ({ tree }: Manifest) => JSON.stringify(tree.document.toJS({ maxAliasCount: -1 }));
  return other.tree.sound && value(one) === value(other);
}

/** Where each line of a document belongs. */
class Layout {
  readonly #text: string;
  readonly #lines: readonly string[];
  readonly #options: FormatOptions;
  /** New columns of the lines that begin with a field or an item. */
  readonly #columns = new Map<number, number>();
  /** Where in a line a colon stands with too much space beside it: from the end of the field's name to its value. */
  readonly #colons = new Map<number, { readonly from: number; readonly to: number }>();
  /** How far lines inside of a value move. */
  readonly #moved = new Map<number, number>();
  readonly #starts: readonly number[];

  constructor(text: string, lines: readonly string[], options: FormatOptions) {
    this.#text = text;
    this.#lines = lines;
    this.#options = options;
    let start = 0;
    this.#starts = lines.map((line) => {
      start += line.length + 1;
      return start - line.length - 1;
    });
  }

  /** Finds a place for everything; false where YAML is written in a way that is not understood here. */
  place(root: Node | null): boolean {
    return isBlock(root) && this.#collection(root, 0);
  }

  /** A line at its new place. */
  line(line: string, at: number): string {
    const moved = this.#moved.get(at);
    if (moved !== undefined) return line.trim() === '' ? line : shift(line, moved);
    const colon = this.#colons.get(at);
    const narrow = colon ? `${line.slice(0, colon.from)}: ${line.slice(colon.to)}` : line;
    const trimmed = narrow.replace(/(?<![ \t])[ \t]+(?=\r?$)/, '');
    const column = this.#columns.get(at);
    if (column !== undefined) {
      const [, mark = '', dashes = ''] = /^(\uFEFF?) *((?:-[ \t]+)*)/.exec(trimmed) ?? [];
      const rest = trimmed.slice(mark.length).trimStart().slice(dashes.length);
      return mark + ' '.repeat(column) + '- '.repeat(dashes.split('-').length - 1) + rest;
    }
    return /^ *#/.test(trimmed) ? shift(trimmed, this.#commentShift(at)) : trimmed;
  }

  /** Whether a line is blank and so is the one above it. */
  isSurplus(at: number): boolean {
    const isBlank = (line: number) => this.#lines[line]?.trim() === '' && !this.#moved.has(line);
    // The last line is where the next document, or nothing, begins.
    return at < this.#lines.length - 1 && isBlank(at) && isBlank(at - 1);
  }

  /** A comment goes with the field below it when it stands in its column, else with the one above. */
  #commentShift(at: number): number {
    const near = (step: number) => {
      for (let line = at + step; line >= 0 && line < this.#lines.length; line += step) if (this.#columns.has(line)) return line;
      return undefined;
    };
    const indent = (line: number | undefined) => indentOf(this.#lines[line ?? -1] ?? '');
    const below = near(1);
    const line = below !== undefined && indent(below) === indent(at) ? below : (near(-1) ?? below);
    if (line === undefined) return 0;
    // Beside the first field of an item a comment stands behind the dashes before that.
    let behind = 0;
    let dashes = 0;
    for (const [dash] of (this.#lines[line] ?? '').trimStart().matchAll(/-[ \t]+/gy)) {
      if (indent(at) - indent(line) < behind + dash.length) break;
      behind += dash.length;
      dashes++;
    }
    return (this.#columns.get(line) ?? 0) - indent(line) + 2 * dashes - behind;
  }

  #collection(node: YAMLMap | YAMLSeq, column: number): boolean {
    return isMap(node) ? this.#map(node, column) : this.#list(node, column);
  }

  #map(map: YAMLMap, column: number): boolean {
    return map.items.every(({ key, value }) => {
      if (!(isScalar(key) || isAlias(key)) || !key.range) return false;
      const spot = this.#begin(key.range[0], column);
      if (!spot) return false;
      if (!isValue(value)) return true;
      if (isScalar(key)) this.#narrow(key.range[1], spot);
      if (!isBlock(value)) return this.#move(value, spot.line, column - spot.column);
      const inside = this.#spot(rangeOf(value).start);
      return (
        inside.line > spot.line &&
        this.#collection(value, column + (isSeq(value) ? this.#listStep(inside.column - spot.column) : this.#options.tabSize))
      );
    });
  }

  /** Notes the space beside the colon of a field whose value begins in the same line. */
  #narrow(keyEnd: number, { line, start }: { readonly line: number; readonly start: number }): void {
    const beside = /[ \t]*:[ \t]+(?=[^\s#])/y;
    beside.lastIndex = keyEnd;
    if (beside.test(this.#text)) this.#colons.set(line, { from: keyEnd - start, to: beside.lastIndex - start });
  }

  #list(list: YAMLSeq, column: number): boolean {
    return list.items.every((item) => {
      if (!isValue(item) || !item.range) return false;
      const dash = /-[ \t]*(?:[&!]\S*[ \t]+)*$/.exec(this.#text.slice(this.#spot(item.range[0]).start, item.range[0]));
      const spot = dash && this.#begin(item.range[0] - dash[0].length, column);
      if (!spot) return false;
      return isBlock(item) ? this.#collection(item, column + 2) : this.#move(item, spot.line, column - spot.column);
    });
  }

  /** Notes the new column of what begins at an offset, unless dashes before it in its line do already; undefined where neither holds. */
  #begin(offset: number, column: number) {
    const spot = this.#spot(offset);
    const before = this.#text.slice(spot.start, offset);
    if (/^\uFEFF? *$/.test(before)) this.#columns.set(spot.line, column);
    else if (!/^\uFEFF? *(?:-[ \t]+)+$/.test(before)) return undefined;
    return spot;
  }

  #listStep(step: number): number {
    const { listIndentation, tabSize } = this.#options;
    return listIndentation === 'flush' || (listIndentation === 'keep' && step === 0) ? 0 : tabSize;
  }

  /** The lines of a value behind its first one keep their distance from it. Blank ones below it belong to it only where it says so. */
  #move(value: Node, line: number, by: number): boolean {
    const { start, end } = rangeOf(value);
    const text = this.#text.slice(start, end);
    const isKeeping = /^[|>]\d?\+/.test(text);
    const last = this.#spot(Math.max(start, isKeeping ? end - 1 : start + text.trimEnd().length - 1)).line;
    for (let at = line + 1; at <= last; at++) this.#moved.set(at, by);
    return true;
  }

  #spot(offset: number): { readonly line: number; readonly start: number; readonly column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = this.#starts[low] ?? 0;
    return { line: low, start, column: offset - start };
  }
}

function bare(line: string): string {
  return line.replace(/\r$/, '');
}

function shift(line: string, by: number): string {
  return by >= 0 ? ' '.repeat(by) + line : line.slice(Math.min(-by, indentOf(line)));
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function isBlock(node: unknown): node is YAMLMap | YAMLSeq {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}

function isValue(node: unknown): node is Node {
  return isBlock(node) || isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);
}
