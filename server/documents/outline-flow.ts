import { OutlineNode, type Spot } from './outline-node.ts';

/** So deep are mappings and lists in flow style looked into. */
const depthLimit = 100;

/**
 * Reads a mapping or list in flow style that begins at `from` into `node`, over as many lines as it takes. One that is never closed ends
 * with the first line that is indented no more than `column`.
 */
export function readFlow(text: string, from: number, node: OutlineNode, column: number, cursor: number): { end: number; spot?: Spot } {
  const reader = new FlowReader(text, from, column, cursor);
  reader.value(node, 0);
  return { end: reader.at, ...(reader.spot && { spot: reader.spot }) };
}

class FlowReader {
  readonly #text: string;
  readonly #column: number;
  readonly #cursor: number;
  at: number;
  spot: Spot | undefined;

  constructor(text: string, from: number, column: number, cursor: number) {
    this.#text = text;
    this.at = from;
    this.#column = column;
    this.#cursor = cursor;
  }

  /** Reads what stands next into a node. */
  value(node: OutlineNode, depth: number): void {
    const open = this.#text[this.at];
    if (open !== '{' && open !== '[') {
      node.value = this.#scalar();
      if (node.value.text !== '' || node.value.quoted) node.kind = 'scalar';
      return;
    }
    node.kind = open === '{' ? 'map' : 'list';
    node.flow = true;
    this.at++;
    const close = open === '{' ? '}' : ']';
    while (depth < depthLimit) {
      const from = this.at;
      if (!this.#skip()) {
        this.#mark(from, this.at, open === '{' ? { type: 'field', parent: node } : { type: 'item', parent: node });
        return;
      }
      const begin = this.at;
      const next = this.#text[this.at];
      const between = /[,}\]]/.test(next ?? '') ? begin : begin - 1;
      this.#mark(from, between, open === '{' ? { type: 'field', parent: node } : { type: 'item', parent: node });
      if (next === close) {
        this.at++;
        return;
      }
      if (next === ',' || next === '}' || next === ']') {
        this.at++;
        continue;
      }
      if (open === '{') this.#entry(node, depth);
      else this.#item(node, depth);
      if (this.at === begin) this.at++;
    }
  }

  #entry(map: OutlineNode, depth: number): void {
    const begin = this.at;
    const key = this.#scalar(true);
    const end = this.at;
    const node = new OutlineNode(key.text, map, begin, end, this.#column);
    const isKey = this.#skip() && this.#text[this.at] === ':';
    this.#mark(begin, end, { type: 'field', parent: map, ...(isKey && { self: node }) });
    // Half a word under the cursor is no field yet.
    if (!isKey) {
      if (this.#cursor < begin || this.#cursor > end) map.children.push(node);
      return;
    }
    map.children.push(node);
    this.at++;
    const from = this.at;
    const more = this.#skip();
    const next = this.#text[this.at];
    if (!more || next === ',' || next === '}' || next === ']') {
      this.#mark(from, this.at, { type: 'value', node });
      return;
    }
    this.#mark(from, this.at - 1, { type: 'value', node });
    const at = this.at;
    const composed = next === '{' || next === '[';
    this.value(node, depth + 1);
    if (!composed) this.#mark(at, this.at, { type: 'value', node });
  }

  #item(list: OutlineNode, depth: number): void {
    const begin = this.at;
    const node = new OutlineNode(list.children.length, list, begin, begin, this.#column);
    const composed = this.#text[begin] === '{' || this.#text[begin] === '[';
    this.value(node, depth + 1);
    const here = !composed && this.#cursor >= begin && this.#cursor <= this.at;
    if (here) this.#mark(begin, this.at, { type: 'item', parent: list });
    else list.children.push(node);
  }

  #mark(from: number, to: number, spot: Spot): void {
    if (this.#cursor >= from && this.#cursor <= to) this.spot ??= spot;
  }

  #scalar(key = false): { text: string; start: number; end: number; quoted: boolean } {
    const text = this.#text;
    const start = this.at;
    const quote = text[start];
    if (quote === '"' || quote === "'") {
      const close = text.indexOf(quote, start + 1);
      const line = text.indexOf('\n', start);
      const stop = line < 0 ? text.length : line;
      const end = close < 0 || close > stop ? stop : close;
      this.at = Math.min(end + 1, stop);
      return { text: text.slice(start + 1, end), start: start + 1, end, quoted: true };
    }
    while (this.at < text.length) {
      const character = text[this.at] ?? '';
      if (/[\n,{}[\]]/.test(character)) break;
      if (character === ':' && (key || /[\s,{}[\]]/.test(text[this.at + 1] ?? ' '))) break;
      if (character === '#' && /\s/.test(text[this.at - 1] ?? '')) break;
      this.at++;
    }
    const value = text.slice(start, this.at).trimEnd();
    this.at = start + value.length;
    return { text: value, start, end: start + value.length, quoted: false };
  }

  /** Passes over white space and comments; false at the end of what can belong to this value. */
  #skip(): boolean {
    const text = this.#text;
    while (this.at < text.length) {
      const character = text[this.at];
      if (character === '\n') {
        const start = this.at + 1;
        let next = start;
        while (text[next] === ' ' || text[next] === '\t') next++;
        const blank = next >= text.length || text[next] === '\n' || text[next] === '\r';
        if (!blank && next - start <= this.#column && !/[}\]]/.test(text[next] ?? '')) return false;
        this.at = next;
      } else if (character === ' ' || character === '\t' || character === '\r') this.at++;
      else if (character === '#') {
        const end = text.indexOf('\n', this.at);
        this.at = end < 0 ? text.length : end;
      } else return true;
    }
    return false;
  }
}
