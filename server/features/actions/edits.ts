import { isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import { readOutline } from '../../documents/outline.ts';
import type { FieldPath } from '../../documents/path.ts';
import { keyName, rangeOf, type Tree } from '../../documents/tree.ts';
import type { Style } from '../../schemas/skeleton.ts';
import { styleOf } from '../completion/writing.ts';

/** A replacement in a document's text; offsets from its start. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

type Plain = Readonly<Record<string, unknown>>;

/** Where a value stands or would stand: under which key or dash, and how far from the left that begins. */
interface Slot {
  readonly node: Node | null;
  /** The end of its key, or of its dash. */
  readonly after: number;
  readonly column: number;
  readonly inFlow: boolean;
  readonly inList: boolean;
}

/** Edits of one document in the style that it has: what is not touched keeps its text, comments among it. */
export class DocumentEdits {
  readonly replacements: Replacement[] = [];
  readonly text: string;
  readonly #tree: Tree;
  readonly #style: Style;
  readonly #newline: string;

  constructor(text: string, tree: Tree) {
    this.text = text;
    this.#tree = tree;
    this.#style = styleOf(readOutline(text).root);
    this.#newline = text.includes('\r\n') ? '\r\n' : '\n';
  }

  /**
   * Writes a value at a path. What is there already stays, and mappings and lists get what they lack; with `overwrite`, other scalars are replaced.
   * False, with nothing written, where that cannot be done: what an alias stands for belongs to others, too.
   */
  merge(path: FieldPath, value: unknown, overwrite = false): boolean {
    const before = this.replacements.length;
    const { slot, rest } = this.#descend(path);
    const whole = rest.reduceRight<unknown>((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value);
    if (slot && this.#mergeInto(slot, whole, overwrite)) return this.replacements.length > before;
    this.replacements.length = before;
    return false;
  }

  /** Takes a field or an item out, with the lines it stands on. What would be left empty is `{}`, or `[]`. */
  remove(path: FieldPath): boolean {
    const parent = this.#descend(path.slice(0, -1));
    const step = path.at(-1);
    const holder = parent.slot?.node;
    if (parent.rest.length > 0 || !parent.slot || step === undefined) return false;
    const index = isMap(holder) ? holder.items.findIndex(({ key }) => isScalar(key) && keyName(key) === step) : Number(step);
    return this.removeFrom(path.slice(0, -1), index);
  }

  /** The same, by the place among all fields or items of what the path leads to. */
  removeFrom(path: FieldPath, index: number): boolean {
    const { slot, rest } = this.#descend(path);
    if (!slot || rest.length > 0) return false;
    const holder = slot.node;
    if ((!isMap(holder) && !isSeq(holder)) || !holder.items[index]) return false;
    if (holder.items.length === 1) {
      if (path.length === 0) return false;
      this.#replaceValue(slot, isMap(holder) ? '{}' : '[]');
      return true;
    }
    const { start, end } = this.#itemSpan(holder, index);
    if (holder.flow) {
      const next = holder.items[index + 1];
      if (next) this.#push(start, this.#itemSpan(holder, index + 1).start, '');
      else this.#push(this.#itemSpan(holder, index - 1).end, end, '');
      return true;
    }
    const lineStart = this.text.lastIndexOf('\n', start - 1) + 1;
    const lineEnd = this.#lineAfter(end);
    const dash = isSeq(holder) ? this.text.lastIndexOf('-', start) : start;
    if (this.text.slice(lineStart, dash).trim() === '') {
      this.#push(lineStart, lineEnd, '');
      return true;
    }
    // It stands behind a dash, which the next one takes over.
    const indent = /^[ ]*/.exec(this.text.slice(lineEnd))?.[0].length ?? 0;
    this.#push(dash, lineEnd + indent, '');
    return true;
  }

  /** Writes other fields in place of one. */
  replaceField(path: FieldPath, fields: Plain): boolean {
    const { slot, rest } = this.#descend(path.slice(0, -1));
    const holder = slot?.node;
    if (rest.length > 0 || !isMap(holder)) return false;
    const index = holder.items.findIndex(({ key }) => isScalar(key) && keyName(key) === path.at(-1));
    if (index < 0) return false;
    const { start, end } = this.#itemSpan(holder, index);
    const indent = this.#tree.indentAt(start);
    this.#push(start, end, holder.flow ? flowText(fields).slice(1, -1).trim() : this.#lines(fields).join(this.#newline + indent));
    return true;
  }

  /** Writes another value in place of the one at a path, which may be absent behind its colon. */
  replaceValue(path: FieldPath, value: unknown): boolean {
    const { slot, rest } = this.#descend(path);
    if (!slot || rest.length > 0 || isAlias(slot.node)) return false;
    if (typeof value !== 'object' || value === null || slot.inFlow) this.#replaceValue(slot, flowText(value));
    else this.#fill(slot, value);
    return true;
  }

  /** Writes the lines of a block in place of the value at a path: fields, or items with their dashes. */
  replaceWithLines(path: FieldPath, lines: readonly string[]): boolean {
    const { slot, rest } = this.#descend(path);
    if (!slot || rest.length > 0 || slot.inFlow || path.length === 0) return false;
    this.#fillLines(slot, lines, isSeq(slot.node));
    return true;
  }

  /** Replaces a part of the text. */
  replace(start: number, end: number, newText: string): void {
    this.#push(start, end, newText);
  }

  /** Appends another document to the file; `last` is the text from this document to the file's end. */
  append(object: Plain, last: string): void {
    const at = last.trimEnd().length;
    const marked = /(^|\n)---[ \t]*$/.test(last.trimEnd());
    const begin = at === 0 ? '' : this.#newline + (marked ? '' : `---${this.#newline}`);
    this.#push(at, last.length, begin + this.#lines(object).join(this.#newline) + this.#newline);
  }

  #push(start: number, end: number, newText: string): void {
    this.replacements.push({ start, end, newText });
  }

  #descend(path: FieldPath): { slot: Slot | undefined; rest: FieldPath } {
    const { root } = this.#tree;
    let slot: Slot = { node: root, after: 0, column: -this.#style.field, inFlow: false, inList: false };
    for (const [at, step] of path.entries()) {
      const child = this.#child(slot, step);
      if (!child) return { slot: isAlias(slot.node) ? undefined : slot, rest: path.slice(at) };
      slot = child;
    }
    return { slot, rest: [] };
  }

  #child({ node, inFlow }: Slot, step: string | number): Slot | undefined {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && keyName(key) === step);
      return pair && this.#slotOf(node, pair, inFlow);
    }
    if (!isSeq(node) || typeof step !== 'number') return undefined;
    const item = node.items[step];
    if (!isNode(item)) return undefined;
    const { start } = rangeOf(item);
    if (node.flow) return { node: item, after: start, column: 0, inFlow: true, inList: true };
    const dash = this.text.lastIndexOf('-', start - 1);
    return { node: item, after: dash + 1, column: this.#column(dash), inFlow, inList: true };
  }

  #slotOf(map: YAMLMap, { key, value }: Pair, inFlow: boolean): Slot | undefined {
    if (!isScalar(key)) return undefined;
    const { start, end } = rangeOf(key);
    return {
      node: isNode(value) ? value : null,
      after: this.text.indexOf(':', end) + 1,
      column: this.#column(start),
      inFlow: inFlow || map.flow === true,
      inList: false,
    };
  }

  #mergeInto(slot: Slot, value: unknown, overwrite: boolean): boolean {
    const { node } = slot;
    if (isAlias(node)) return false;
    const absent = node === null || (isScalar(node) && node.value === null);
    if (typeof value !== 'object' || value === null) {
      if (absent) this.#fill(slot, value);
      else if (!isScalar(node)) return false;
      else if (overwrite && node.value !== value) this.#replaceValue(slot, flowText(value));
      return true;
    }
    if (absent || ((isMap(node) || isSeq(node)) && node.items.length === 0)) {
      this.#fill(slot, value);
      return true;
    }
    if (Array.isArray(value)) return isSeq(node) && this.#mergeList(node, value);
    return isMap(node) && this.#mergeMap(node, value as Plain, slot.inFlow, overwrite);
  }

  #mergeMap(map: YAMLMap, value: Plain, inFlow: boolean, overwrite: boolean): boolean {
    const lacking: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(value)) {
      const pair = map.items.find(({ key }) => isScalar(key) && keyName(key) === name);
      const slot = pair && this.#slotOf(map, pair, inFlow);
      if (!slot) lacking[name] = item;
      else if (!this.#mergeInto(slot, item, overwrite)) return false;
    }
    if (Object.keys(lacking).length === 0) return true;
    const last = map.items.length - 1;
    const { start } = this.#itemSpan(map, 0);
    if (map.flow || inFlow) this.#push(this.#itemSpan(map, last).end, this.#itemSpan(map, last).end, `, ${inside(flowText(lacking))}`);
    else this.#writeBelow(map, this.#lines(lacking), this.#tree.indentAt(start));
    return true;
  }

  #mergeList(list: YAMLSeq, values: readonly unknown[]): boolean {
    const there = new Set(list.items.map((item) => JSON.stringify(isNode(item) ? this.#tree.valueOf(item) : item)));
    const lacking = values.filter((value) => !there.has(JSON.stringify(value)));
    if (lacking.length === 0) return true;
    if (list.flow) {
      const { end } = this.#itemSpan(list, list.items.length - 1);
      this.#push(end, end, `, ${inside(flowText(lacking))}`);
    } else {
      this.#writeBelow(list, dashed(lacking, this.#style), this.#tree.indentAt(rangeOf(list).start));
    }
    return true;
  }

  /** Lines behind all that a block holds. */
  #writeBelow(block: Node, lines: readonly string[], indent: string): void {
    const last = lastOf(block);
    const { end } = rangeOf(last);
    const keepsEnd = isScalar(last) && /^[|>]\d?\+/.test(this.text.slice(rangeOf(last).start, end));
    if (keepsEnd && this.text[end - 1] === '\n') {
      this.#push(end, end, lines.map((line) => indent + line + this.#newline).join(''));
      return;
    }
    const at = this.#lineEnd(this.#trimmed(rangeOf(last).start, end));
    this.#push(at, at, lines.map((line) => this.#newline + indent + line).join(''));
  }

  /** A value where there is none, or an empty one. */
  #fill(slot: Slot, value: unknown): void {
    const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    if (slot.inFlow || typeof value !== 'object' || value === null || empty) {
      this.#replaceValue(slot, flowText(value));
      return;
    }
    if (Array.isArray(value)) this.#fillLines(slot, dashed(value, this.#style), true);
    else this.#fillLines(slot, this.#lines(value as Plain), false);
  }

  #fillLines(slot: Slot, lines: readonly string[], list: boolean): void {
    const indent = ' '.repeat(slot.column + (slot.inList ? 2 : list ? this.#style.dash : this.#style.field));
    const end = this.#valueEnd(slot);
    const lineEnd = this.#lineEnd(end);
    const comment = this.text.slice(end, lineEnd).trim();
    if (slot.inList && comment === '') {
      this.#push(slot.after, end, ` ${lines.join(this.#newline + indent)}`);
      return;
    }
    const written = lines.map((line) => this.#newline + indent + line).join('');
    this.#push(slot.after, lineEnd, (comment === '' ? '' : ` ${comment}`) + written);
  }

  #replaceValue(slot: Slot, newText: string): void {
    const apart = slot.inList && slot.inFlow ? '' : ' ';
    this.#push(slot.after, this.#valueEnd(slot), apart + newText);
  }

  #valueEnd({ node, after }: Slot): number {
    return node && rangeOf(node).end > after ? Math.max(this.#trimmed(rangeOf(node).start, endOf(node)), after) : after;
  }

  /** Where a field or an item begins and ends; a field begins with its name. */
  #itemSpan(holder: YAMLMap | YAMLSeq, index: number): { start: number; end: number } {
    const item: unknown = holder.items[index];
    if (isNode(item)) return { start: rangeOf(item).start, end: this.#trimmed(rangeOf(item).start, endOf(item)) };
    const { key, value } = item as Pair;
    const { start, end } = isNode(key) ? rangeOf(key) : { start: 0, end: 0 };
    if (!isNode(value) || endOf(value) <= end) return { start, end: this.text[end] === ':' ? end + 1 : end };
    return { start, end: this.#trimmed(end, endOf(value)) };
  }

  /** The lines of a mapping's fields, without the indentation of the mapping itself. */
  #lines(fields: Plain): string[] {
    return blockLines(fields, this.#style);
  }

  #column(offset: number): number {
    return offset - (this.text.lastIndexOf('\n', offset - 1) + 1);
  }

  #trimmed(start: number, end: number): number {
    return start + this.text.slice(start, end).trimEnd().length;
  }

  #lineEnd(offset: number): number {
    const newline = this.text.indexOf('\n', offset);
    if (newline < 0) return this.text.length;
    return this.text[newline - 1] === '\r' ? newline - 1 : newline;
  }

  #lineAfter(offset: number): number {
    const newline = this.text.indexOf('\n', offset);
    return newline < 0 ? this.text.length : newline + 1;
  }
}

/** Data as the lines of a block. A style that has its dashes neither flush nor a full step behind is met as nearly as can be. */
function blockLines(fields: Plain, { field, dash }: Style): string[] {
  const text = stringify(fields, { version: '1.1', indent: field, indentSeq: dash > 0, lineWidth: 0 });
  return text.trimEnd().split('\n');
}

function dashed(items: readonly unknown[], style: Style): string[] {
  return blockLines({ items }, { ...style, dash: 0 }).slice(1);
}

/** Data in one line. */
export function flowText(value: unknown): string {
  return stringify(value, { version: '1.1', collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}

/** Without its brackets. */
function inside(flow: string): string {
  return flow.slice(1, -1).trim();
}

/** The last value in a node's text. */
function lastOf(node: Node): Node {
  if (isMap(node) && !node.flow) {
    const { key, value } = node.items.at(-1) ?? {};
    return isNode(value) && value.range && value.range[1] > value.range[0] ? lastOf(value) : isNode(key) ? key : node;
  }
  if (isSeq(node) && !node.flow) {
    const item = node.items.at(-1);
    return isNode(item) ? lastOf(item) : node;
  }
  return node;
}

/** Where a node's own text ends: before comments that follow what it holds. */
function endOf(node: Node): number {
  return rangeOf(lastOf(node)).end;
}
