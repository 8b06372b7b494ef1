import { Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { kubernetesSchema, plainScalar } from '../../runtime/api/yaml/dialect.ts';
import { type ReadCollection, type ReadScalar, type ReadValue, ranged, written } from './read-nodes.ts';

const newline = 10;
const carriageReturn = 13;
const space = 32;
const doubleQuote = 34;
const hash = 35;
const singleQuote = 39;
const comma = 44;
const dash = 45;
const colon = 58;
const greaterThan = 62;
const questionMark = 63;
const squareOpen = 91;
const backslash = 92;
const squareClose = 93;
const curlyOpen = 123;
const pipe = 124;
const curlyClose = 125;

/** What no plain scalar begins with, and the `<` of merge keys. */
const indicators = ',[]{}#&*!|>\'"%@`<\ufeff';

/** Collections in flow style are not read any deeper. */
const depthLimit = 50;

/**
 * Reads values that stand in one line, as most do, into the nodes that the `yaml` library makes of them. What is written in rarer ways or wrong
 * gives undefined. The text has no tabs, and carriage returns at ends of lines only.
 */
export class LineReader {
  readonly #text: string;
  /** Where reading goes on. */
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The character that stands next; NaN behind the last one. */
  get code(): number {
    return this.#text.charCodeAt(this.at);
  }

  get atEnd(): boolean {
    return this.at >= this.#text.length;
  }

  get atComment(): boolean {
    return this.code === hash;
  }

  get atItem(): boolean {
    return this.#isMark(dash);
  }

  get atColon(): boolean {
    return this.#isMark(colon);
  }

  get atFlow(): boolean {
    const { code } = this;
    return code === squareOpen || code === curlyOpen;
  }

  get atBlockText(): boolean {
    const { code } = this;
    return code === pipe || code === greaterThan;
  }

  #isMark(sign: number): boolean {
    return this.code === sign && isBlank(this.#text.charCodeAt(this.at + 1));
  }

  skipSpaces(): void {
    while (this.code === space) this.at++;
  }

  /** Goes on to the next line, over nothing but spaces and a comment; false when anything else stands there. */
  end(): boolean {
    this.skipSpaces();
    if (!isLineEnd(this.code) && !(this.atComment && isBlank(this.#text.charCodeAt(this.at - 1)))) return false;
    const end = this.#text.indexOf('\n', this.at);
    this.at = end < 0 ? this.#text.length : end + 1;
    return true;
  }

  /** A scalar; reading goes on at its end. */
  scalar(inFlow = false): ReadScalar | undefined {
    const { code } = this;
    if (code === doubleQuote) return this.#doubleQuoted();
    return code === singleQuote ? this.#singleQuoted() : this.#plain(inFlow);
  }

  #plain(inFlow: boolean): ReadScalar | undefined {
    const text = this.#text;
    const start = this.at;
    const first = text.charCodeAt(start);
    if (isBlank(first) || indicators.includes(text.charAt(start))) return undefined;
    const mayBeMark = first === dash || first === questionMark || first === colon;
    if (mayBeMark && isBoundary(text.charCodeAt(start + 1), inFlow)) return undefined;
    let end = start;
    for (let at = start; ; at++) {
      const code = text.charCodeAt(at);
      if (code === space) {
        if (text.charCodeAt(at + 1) === hash) break;
        continue;
      }
      if (isBoundary(code, inFlow)) break;
      if (code === colon && isBoundary(text.charCodeAt(at + 1), inFlow)) break;
      end = at + 1;
    }
    this.at = end;
    const source = text.slice(start, end);
    return written(plainScalar(source), source, 'PLAIN', start, end);
  }

  #doubleQuoted(): ReadScalar | undefined {
    const start = this.at;
    let end = start + 1;
    for (let code = this.#text.charCodeAt(end); code !== doubleQuote; code = this.#text.charCodeAt(end)) {
      if (isLineEnd(code)) return undefined;
      end += code === backslash ? 2 : 1;
    }
    const raw = this.#text.slice(start + 1, end);
    if (rareEscape.test(raw)) return undefined;
    this.at = end + 1;
    const value = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
    return written(new Scalar(value), value, 'QUOTE_DOUBLE', start, end + 1);
  }

  #singleQuoted(): ReadScalar | undefined {
    const start = this.at;
    let end = start + 1;
    for (;;) {
      const code = this.#text.charCodeAt(end);
      if (isLineEnd(code)) return undefined;
      if (code !== singleQuote) end++;
      else if (this.#text.charCodeAt(end + 1) === singleQuote) end += 2;
      else break;
    }
    this.at = end + 1;
    const value = this.#text.slice(start + 1, end).replaceAll("''", "'");
    return written(new Scalar(value), value, 'QUOTE_SINGLE', start, end + 1);
  }

  /** A mapping or list in flow style; reading goes on behind it. */
  flow(depth = 0): ReadCollection | undefined {
    if (depth > depthLimit) return undefined;
    const start = this.at;
    const collection = this.code === curlyOpen ? this.#flowMap(depth) : this.#flowList(depth);
    if (!collection) return undefined;
    collection.flow = true;
    return ranged(collection, [start, this.at, this.at]);
  }

  #flowMap(depth: number): YAMLMap<ReadScalar, ReadValue> | undefined {
    const map = new YAMLMap<ReadScalar, ReadValue>(kubernetesSchema);
    const isWhole = this.#flowItems(map.items, curlyClose, () => {
      const key = this.#flowKey();
      const value = key && this.#flowValue(depth);
      return value && new Pair(key, value);
    });
    return isWhole ? map : undefined;
  }

  #flowList(depth: number): YAMLSeq<ReadValue> | undefined {
    const list = new YAMLSeq<ReadValue>(kubernetesSchema);
    return this.#flowItems(list.items, squareClose, () => this.#flowValue(depth)) ? list : undefined;
  }

  /** Reads items with commas between them, from the bracket before the first one to the one behind the last; false when something else is met. */
  #flowItems<Item>(items: Item[], close: number, read: () => Item | undefined): boolean {
    do {
      this.at++;
      this.skipSpaces();
      if (items.length === 0 && this.code === close) break;
      const item = read();
      if (!item) return false;
      items.push(item);
    } while (this.code === comma);
    if (this.code !== close) return false;
    this.at++;
    return true;
  }

  #flowKey(): ReadScalar | undefined {
    const key = this.scalar(true);
    this.skipSpaces();
    if (!key || !this.atColon) return undefined;
    this.at++;
    this.skipSpaces();
    return key;
  }

  #flowValue(depth: number): ReadValue | undefined {
    const value = this.atFlow ? this.flow(depth + 1) : this.scalar(true);
    if (!value) return undefined;
    this.skipSpaces();
    value.range[2] = this.at;
    return value;
  }
}

/** Escapes that JSON has not, or that may be no characters. */
const rareEscape = /\\[^"\\/bfnrt]/;

function isLineEnd(code: number): boolean {
  return code === newline || code === carriageReturn || Number.isNaN(code);
}

function isBlank(code: number): boolean {
  return code === space || isLineEnd(code);
}

/** Whether a character cannot be in a plain scalar, or ends it behind a colon. */
function isBoundary(code: number, inFlow: boolean): boolean {
  return isBlank(code) || (inFlow && isFlowIndicator(code));
}

function isFlowIndicator(code: number): boolean {
  return code === comma || code === squareOpen || code === squareClose || code === curlyOpen || code === curlyClose;
}
