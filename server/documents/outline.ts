import { readFlow } from './outline-flow.ts';
import { OutlineNode, type OutlineValue, type Spot } from './outline-node.ts';
import type { FieldPath } from './path.ts';

/** A document as its lines show it. */
export interface Outline {
  readonly root: OutlineNode;
  /** What stands at the cursor that it was read with. */
  readonly spot: Spot | undefined;
}

const quotedField = /(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\n]|'')*)')[ \t]*:(?=[ \t\r\n]|$)/y;
const below = /(?:\r?\n[ \t]*(?:#[^\n]*)?(?=\r?\n|$))*\r?\n( *)(?=[^\s#])/y;
const blockText = /^(?:[&!]\S+[ \t]+)*[|>][-+\d]*[ \t]*(?:#.*)?$/;

/**
 * Reads a document by its indentation, line by line, and never gives up: a half-typed line costs no more than itself. With a cursor it also
 * says what stands there; the word under the cursor is then no part of the outline.
 */
export function readOutline(text: string, cursor = -1): Outline {
  return new Reader(text, cursor).read();
}

class Reader {
  readonly #text: string;
  readonly #cursor: number;
  #root = new OutlineNode('', undefined, 0, 0, -1);
  /** From the root to what was read last: what the next line may belong to. */
  #chain: OutlineNode[] = [this.#root];
  #spot: Spot | undefined;

  constructor(text: string, cursor: number) {
    this.#text = text;
    this.#cursor = cursor;
  }

  read(): Outline {
    const text = this.#text;
    for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at <= text.length; ) {
      const newline = text.indexOf('\n', at);
      const end = newline < 0 ? text.length : newline;
      at = this.#line(at, end);
    }
    return { root: this.#root, spot: this.#spot };
  }

  get #last(): OutlineNode {
    return this.#chain[this.#chain.length - 1] ?? this.#root;
  }

  /** The last of the chain that lines may belong to: what is in flow style is complete. */
  get #block(): OutlineNode {
    while (this.#chain.length > 1 && this.#last.flow) this.#chain.pop();
    return this.#last;
  }

  /** Reads one line and says where the next one begins. */
  #line(start: number, end: number): number {
    const text = this.#text;
    const here = this.#cursor >= start && this.#cursor <= end;
    let at = start;
    while (at < end && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++;
    const indent = at - start;
    const first = at < end ? text.charCodeAt(at) : 13;
    const last = this.#last;
    const blank = first === 13 || at === end;
    // What is written between a block's lines belongs to the block, however far left the cursor is.
    const column = blank && here ? Math.max(this.#cursor - start, this.#indentBelow(end)) : indent;
    if (last.kind === 'text' && ((blank && !here) || column > last.column)) {
      if (here) this.#spot = { type: 'text' };
      return end + 1;
    }
    if (blank) {
      if (here) this.#spot = { type: 'line', chain: [...this.#chain], column };
      return end + 1;
    }
    if (first === 35 && here && this.#cursor < at) {
      // Room before a comment is for something to write.
      this.#spot = { type: 'line', chain: [...this.#chain], column: this.#cursor - start };
      return end + 1;
    }
    if (first === 35 || (indent === 0 && (first === 37 || text.startsWith('...', start)))) {
      if (here) this.#spot = { type: 'text' };
      // What is written behind the end of a document begins another one.
      else if (first === 46 && this.#cursor > end) this.#begin();
      return end + 1;
    }
    if (indent === 0 && text.startsWith('---', start) && /^---([ \t\r\n]|$)/.test(text.slice(start, start + 4))) {
      at = start + 3;
      while (at < end && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++;
      if (at >= end || text.charCodeAt(at) === 35 || text.charCodeAt(at) === 13) {
        if (here) this.#spot = this.#cursor > start + 3 && this.#cursor <= at ? { type: 'field', parent: this.#root } : { type: 'text' };
        return end + 1;
      }
    }
    return this.#content(start, at, end, here);
  }

  #begin(): void {
    this.#root = new OutlineNode('', undefined, 0, 0, -1);
    this.#chain = [this.#root];
  }

  /** How far the next line with content is indented; 0 where there is none. */
  #indentBelow(from: number): number {
    below.lastIndex = from;
    return below.exec(this.#text)?.[1]?.length ?? 0;
  }

  /** The dashes, the field and the value of a line. */
  #content(start: number, from: number, end: number, here: boolean): number {
    const text = this.#text;
    let at = from;
    let item: OutlineNode | undefined;
    // Before the first character of a line's content nothing can be written.
    if (here && this.#cursor < from) this.#spot = { type: 'text' };
    while (text.charCodeAt(at) === 45 && (at + 1 >= end || /\s/.test(text[at + 1] ?? ''))) {
      item = this.#item(at - start, at);
      at++;
      while (at < end && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++;
    }
    const column = at - start;
    if (at >= end || text.charCodeAt(at) === 13 || text.charCodeAt(at) === 35) {
      if (here) this.#spot ??= item && this.#cursor <= at ? { type: 'field', parent: item } : { type: 'text' };
      return end + 1;
    }
    const key = keyAt(text, at, end);
    if (key) {
      const node = this.#entry(key.name, column, at, key.end);
      const { colon } = key;
      if (here && this.#cursor >= at && this.#cursor < colon) {
        this.#spot ??= { type: 'field', parent: node.parent ?? this.#root, self: node };
      }
      return this.#value(node, colon, end, here);
    }
    if (item) return this.#value(item, at, end, here, true);
    if (this.#chain.length === 1 && (text[at] === '{' || text[at] === '[')) return this.#value(this.#root, at, end, here);
    if (here) this.#spot ??= { type: 'line', chain: [...this.#chain], column };
    return end + 1;
  }

  /** The value behind a field's colon or an item's dash. */
  #value(node: OutlineNode, from: number, lineEnd: number, here: boolean, isItem = false): number {
    const text = this.#text;
    let at = from;
    while (at < lineEnd && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++;
    const rest = text.slice(at, lineEnd).trimEnd();
    const comment = commentIn(rest);
    const atValue = here && this.#cursor >= from;
    if (atValue && comment >= 0 && this.#cursor > at + comment) this.#spot ??= { type: 'text' };
    if (rest === '' || comment === 0) {
      if (atValue) this.#spot ??= { type: 'value', node };
      return lineEnd + 1;
    }
    const first = rest[0] ?? '';
    const marked = first === '&' || first === '!';
    if ((marked || first === '|' || first === '>') && blockText.test(rest)) {
      node.kind = 'text';
      if (atValue) this.#spot ??= { type: 'text' };
      return lineEnd + 1;
    }
    if (first === '{' || first === '[') {
      const flow = readFlow(text, at, node, node.column, this.#cursor);
      this.#spot ??= flow.spot;
      // The rest of the line that closes it is nothing to read.
      const next = text.indexOf('\n', flow.end);
      return Math.max(lineEnd + 1, next < 0 ? text.length + 1 : next + 1);
    }
    const anchor = marked ? (/^(?:[&!]\S*[ \t]*)+/.exec(rest)?.[0].length ?? 0) : 0;
    const start = at + anchor;
    const value = scalar(text, start, at + (comment < 0 ? rest.length : comment));
    // Half a word behind a dash may become a field as well as a value.
    const half = atValue && isItem && !value.quoted;
    if (!half && (value.text !== '' || value.quoted)) {
      node.kind = 'scalar';
      node.value = value;
    }
    if (atValue) this.#spot ??= half ? { type: 'field', parent: node } : { type: 'value', node };
    return lineEnd + 1;
  }

  /** Takes in a dash: an item of the list that is open there. */
  #item(column: number, at: number): OutlineNode {
    const list = this.#listAt(column);
    if (list.kind === 'empty') {
      list.kind = 'list';
      list.inner = column;
    }
    const item = new OutlineNode(list.children.length, list, at, at, column);
    list.children.push(item);
    this.#chain.push(item);
    return item;
  }

  /** The list that a dash belongs to; what stands further right ends here. */
  #listAt(column: number): OutlineNode {
    let closed: OutlineNode | undefined;
    for (;;) {
      const last = this.#block;
      if (last.kind === 'list' && last.inner === column) return last;
      if (last.kind === 'empty' && (last.column < column || (last.column === column && last.isField))) return last;
      if (last.kind === 'list') {
        // A dash that stands a little off its list's still belongs to it.
        if (last.inner < column || last.column < column) return last;
        closed = last;
      }
      if (this.#chain.length === 1) return last;
      if (last.kind === 'map' && last.inner < column && closed) {
        this.#chain.push(closed);
        return closed;
      }
      if (last.kind === 'map' && last.inner < column) {
        // A dash where no list is open: it belongs to the field before it.
        const before = last.children.at(-1);
        if (before && (before.kind === 'empty' || before.kind === 'list')) {
          this.#chain.push(before);
          return before;
        }
      }
      this.#chain.pop();
    }
  }

  /** Takes in a field: of the mapping that is open there. */
  #entry(name: string, column: number, at: number, end: number): OutlineNode {
    const map = this.#mapAt(column);
    if (map.kind !== 'map') {
      map.kind = 'map';
      map.inner = column;
      map.value = undefined;
    }
    const node = new OutlineNode(name, map, at, end, column);
    map.children.push(node);
    this.#chain.push(node);
    return node;
  }

  #mapAt(column: number): OutlineNode {
    let closed: OutlineNode | undefined;
    for (;;) {
      const last = this.#block;
      if (last.kind === 'map' && last.inner === column) return last;
      const open = last.kind === 'empty' || (last.kind === 'scalar' && !last.isField);
      if (open && last.column < column) return last;
      if (last.kind === 'map' && last.inner < column) {
        // A little off to the left of a mapping that was open deeper: it still belongs there.
        if (closed) this.#chain.push(closed);
        return closed ?? last;
      }
      if (this.#chain.length === 1) return last;
      if (last.kind === 'map') closed = last;
      this.#chain.pop();
    }
  }
}

/** Where the comment behind a value begins; -1 without one. */
function commentIn(rest: string): number {
  if (rest.charCodeAt(0) === 35) return 0;
  for (let at = rest.indexOf('#', 1); at > 0; at = rest.indexOf('#', at + 1)) {
    const before = rest.charCodeAt(at - 1);
    if (before === 32 || before === 9) return at - 1;
  }
  return -1;
}

/** The field that a line's content begins with: its name, where that ends, and where its value may begin. */
function keyAt(text: string, at: number, end: number): { name: string; end: number; colon: number } | undefined {
  const first = text.charCodeAt(at);
  if (first === 34 || first === 39) {
    quotedField.lastIndex = at;
    const match = quotedField.exec(text);
    if (!match) return undefined;
    const name = match[1] ?? match[2]?.replaceAll("''", "'") ?? '';
    const colon = at + match[0].length;
    return colon <= end ? { name, end: at + text.slice(at, colon - 1).trimEnd().length, colon } : undefined;
  }
  // What begins like this is no plain name: flow style, anchors, aliases, tags, blocks of text and the rest of YAML's signs.
  if ('[]{},&*!|>%@`'.includes(text[at] ?? '')) return undefined;
  for (let colon = text.indexOf(':', at); colon >= 0 && colon < end; colon = text.indexOf(':', colon + 1)) {
    const after = colon + 1 < end ? text.charCodeAt(colon + 1) : 32;
    if (after !== 32 && after !== 9 && after !== 13) continue;
    const name = text.slice(at, colon).trimEnd();
    return commentIn(name) >= 0 ? undefined : { name, end: at + name.length, colon: colon + 1 };
  }
  return undefined;
}

function scalar(text: string, start: number, end: number): OutlineValue {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, start + 1);
    const stop = close < 0 || close >= end ? end : close;
    return { text: text.slice(start + 1, stop), start: start + 1, end: stop, quoted: true };
  }
  const value = text.slice(start, end).trimEnd();
  return { text: value, start, end: start + value.length, quoted: false };
}

/** Goes down a path of the outline. */
export function nodeAt(root: OutlineNode, path: FieldPath): OutlineNode | undefined {
  let node: OutlineNode | undefined = root;
  for (const step of path) node = node?.child(step);
  return node;
}
