import { Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { kubernetesSchema } from '../../runtime/api/yaml/dialect.ts';
import { readBlockText } from './block-text.ts';
import { LineReader } from './line-reader.ts';
import { type ReadCollection, type ReadScalar, type ReadValue, ranged, written } from './read-nodes.ts';

/** Tabs, control characters and carriage returns in lines; most texts have nothing of the kind but line feeds, which is found out faster. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const rare = /[\x00-\x09\x0b\x0c\x0e-\x1f]|\r(?!\n)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\x00-\x09\x0b-\x1f]/;

/** Collections are not read any deeper. */
const depthLimit = 50;
/** Longer names of fields are wrong, or written by a program. */
const keyLimit = 1000;

/**
 * Reads a document in the style that nearly all manifests are written in: mappings and lists in block style, values in one line or in blocks of text;
 * or a document that is one line in flow style, as programs write streams of them.
 * Gives the nodes that the `yaml` library makes of it, their ranges too, but without comments, in a fraction of the time. Of anything else, mistakes
 * among it, it gives undefined: that is the library's.
 */
export function readBlockStyle(text: string): ReadCollection | undefined {
  return control.test(text) && rare.test(text) ? undefined : new BlockReader(text).root();
}

class BlockReader {
  readonly #text: string;
  readonly #line: LineReader;
  /** The column in which the next line begins; -1 behind the last one. */
  #column = -1;
  /** The column of the comment above the next line that stands farthest right and belongs to no value; -1 when there is none. */
  #comments = -1;

  constructor(text: string) {
    this.#text = text;
    this.#line = new LineReader(text);
  }

  root(): ReadCollection | undefined {
    this.#nextLine();
    if (this.#column === 0 && this.#text.startsWith('---', this.#line.at)) {
      this.#line.at += 3;
      if (!this.#line.end()) return undefined;
      this.#nextLine();
    }
    const root = this.#column < 0 ? undefined : this.#line.atFlow ? this.#flow() : this.#collection(0);
    return root && this.#column < 0 ? root : undefined;
  }

  /** A document that is one collection in flow style. Comments below it belong to the document. */
  #flow(): ReadCollection | undefined {
    const value = this.#line.flow();
    return value && this.#ended(value, Number.POSITIVE_INFINITY);
  }

  /** Goes on to the next line that is neither blank nor a comment. Comments indented by more than `column` belong to the value above them, which ends there. */
  #nextLine(column = Number.POSITIVE_INFINITY): number {
    const line = this.#line;
    let end = line.at;
    this.#comments = -1;
    for (let start = end; ; start = line.at) {
      line.skipSpaces();
      this.#column = line.at - start;
      if (line.atComment) {
        const belongs = this.#comments < 0 && this.#column > column;
        if (!belongs) this.#comments = Math.max(this.#comments, this.#column);
        line.end();
        if (belongs) end = line.at;
      } else if (line.atEnd) {
        this.#column = -1;
        return end;
      } else if (!line.end()) return end;
    }
  }

  #collection(depth: number): ReadCollection | undefined {
    if (depth > depthLimit) return undefined;
    return this.#line.atItem ? this.#list(this.#column, depth) : this.#map(this.#column, depth);
  }

  /** A mapping; its first field's name may have been read already. */
  #map(column: number, depth: number, first = this.#key(column)): ReadCollection | undefined {
    if (!first) return undefined;
    const map = new YAMLMap<ReadScalar, ReadValue>(kubernetesSchema);
    let end = 0;
    for (let key: ReadScalar | undefined = first; ; key = this.#key(column)) {
      const value = key && this.#value(column, depth);
      if (!key || !value) return undefined;
      map.items.push(new Pair(key, value));
      end = value.range[2];
      if (this.#column !== column) return this.#closed(map, column, first.range[0], end);
    }
  }

  #list(column: number, depth: number): ReadCollection | undefined {
    const start = this.#line.at;
    const list = new YAMLSeq<ReadValue>(kubernetesSchema);
    for (;;) {
      const item = this.#item(column, depth);
      if (!item) return undefined;
      list.items.push(item);
      if (this.#column !== column || !this.#line.atItem) return this.#closed(list, column, start, item.range[2]);
    }
  }

  /** A collection that the next line is no part of: comments above that line may be, where they stand. */
  #closed(collection: YAMLMap<ReadScalar, ReadValue> | YAMLSeq<ReadValue>, column: number, start: number, end: number): ReadCollection {
    const hasComments = column > 0 && this.#comments >= column;
    if (hasComments) this.#comments = -1;
    return ranged(collection, [start, end, hasComments ? this.#line.at : end]);
  }

  /** A field's name; reading goes on behind its colon. */
  #key(column: number): ReadScalar | undefined {
    // In the first column it may be a marker that ends the document.
    if (column === 0 && '-.'.includes(this.#text.charAt(this.#line.at))) return undefined;
    const key = this.#line.scalar();
    return key && this.#isName(key) ? key : undefined;
  }

  /** Whether a colon follows a scalar that was read; goes on behind it. */
  #isName(scalar: ReadScalar): boolean {
    const line = this.#line;
    line.skipSpaces();
    if (!line.atColon || scalar.range[1] - scalar.range[0] > keyLimit) return false;
    line.at++;
    return true;
  }

  /** What a field has behind its colon or below. */
  #value(column: number, depth: number): ReadValue | undefined {
    const line = this.#line;
    line.skipSpaces();
    const { at, atComment } = line;
    if (!line.end()) return this.#inLine(column);
    this.#nextLine();
    if (this.#column > column) return this.#collection(depth + 1);
    if (this.#column === column && line.atItem) return this.#list(column, depth + 1);
    // Comments may belong to a value that is not there.
    return atComment || this.#comments >= 0 ? undefined : written(new Scalar(null), '', 'PLAIN', at, at);
  }

  #item(column: number, depth: number): ReadValue | undefined {
    const line = this.#line;
    const dash = line.at++;
    line.skipSpaces();
    if (line.atFlow || line.atBlockText) return this.#inLine(column);
    const scalar = line.scalar();
    if (scalar && this.#isName(scalar)) return this.#map(column + scalar.range[0] - dash, depth + 1, scalar);
    return scalar && this.#ended(scalar, column);
  }

  /** A value that begins in this line. */
  #inLine(column: number): ReadValue | undefined {
    const line = this.#line;
    if (line.atBlockText) return this.#blockText(column);
    const value = line.atFlow ? line.flow() : line.scalar();
    return value && this.#ended(value, column);
  }

  /** A value with the rest of its line; where it goes on in the next one, that is found out by its column. */
  #ended<Read extends ReadValue>(value: Read, column: number): Read | undefined {
    if (!this.#line.end()) return undefined;
    value.range[2] = this.#nextLine(column);
    return value;
  }

  #blockText(column: number): ReadScalar | undefined {
    const line = this.#line;
    const header = line.at;
    line.at += this.#text[header + 1] === '-' ? 2 : 1;
    if (!line.end()) return undefined;
    const text = readBlockText(this.#text, header, line.at, column);
    if (!text) return undefined;
    line.at = text.range[2];
    this.#nextLine();
    return text;
  }
}
