import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { isMasked } from '../../runtime/api/yaml/template.ts';
import type { FieldPath } from './path.ts';
import type { Span } from './span.ts';
import { rangeOf, type Tree } from './tree.ts';

/** A field of a manifest and all that is below it, read without caring what is missing: an absent field has no text, items or entries. */
export class Field {
  readonly #tree: Tree;
  readonly #node: Node | null;
  /** The field that this one was reached from, and the way from there. */
  readonly #above: Field | undefined;
  readonly #steps: FieldPath;
  readonly #key: Node | undefined;
  #path: FieldPath | undefined;

  constructor(tree: Tree, node: Node | null | undefined, above?: Field, steps: FieldPath = [], key?: Node) {
    this.#tree = tree;
    this.#node = tree.resolve(node);
    this.#above = above;
    this.#steps = steps;
    this.#key = key;
  }

  /** Put together when it is asked for: most fields that are looked for are not there. */
  get path(): FieldPath {
    this.#path ??= this.#above ? [...this.#above.path, ...this.#steps] : this.#steps;
    return this.#path;
  }

  /** The field below, by the names that lead to it. */
  get(...names: readonly string[]): Field {
    let node = this.#node;
    let key: Node | undefined;
    for (const name of names) {
      const entry = isMap(node) ? this.#tree.find(node, name) : undefined;
      node = this.#tree.resolve(entry?.value);
      key = entry?.key;
    }
    return new Field(this.#tree, node, this, names, key);
  }

  /** The field at a path of the document; this one is the object that the path begins at or passes through. */
  at(path: FieldPath): Field {
    return path
      .slice(this.path.length)
      .reduce<Field>((field, step) => (typeof step === 'number' ? field.#item(step) : field.get(step)), this);
  }

  #item(index: number): Field {
    const item = isSeq(this.#node) ? this.#node.items[index] : undefined;
    return new Field(this.#tree, isNode(item) ? item : null, this, [index]);
  }

  /** The items of a list. */
  items(): Field[] {
    if (!isSeq(this.#node)) return [];
    return this.#node.items.map((_, index) => this.#item(index));
  }

  /** The fields of a mapping with their names. */
  entries(): [string, Field][] {
    if (!isMap(this.#node)) return [];
    return this.#tree.entries(this.#node).map(({ name, key, value }) => [name, new Field(this.#tree, value, this, [name], key)]);
  }

  get exists(): boolean {
    return this.#node !== null && !(isScalar(this.#node) && this.#node.value === null);
  }

  get isMapping(): boolean {
    return isMap(this.#node);
  }

  /** A string that says something. */
  get text(): string | undefined {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    return typeof value === 'string' && value !== '' && !isMasked(value) ? value : undefined;
  }

  get number(): number | undefined {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    return typeof value === 'number' ? value : undefined;
  }

  /** A number or a quantity, as it is written. */
  get amount(): string | undefined {
    return this.number?.toString() ?? this.text;
  }

  get isTrue(): boolean {
    return this.flag === true;
  }

  get flag(): boolean | undefined {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    return typeof value === 'boolean' ? value : undefined;
  }

  /** Where the value stands, without its quotes; of an alias, where its anchor does. */
  get span(): Span {
    return this.#node ? bare(this.#node) : { start: 0, end: 0 };
  }

  /** The value as a program knows it; nobody has checked its shape. */
  value(): unknown {
    return this.#tree.valueOf(this.#node);
  }

  /** The value as JSON, so that values can be compared. */
  source(): string {
    return JSON.stringify(this.value());
  }

  get quoted(): boolean {
    return this.#node !== null && isQuoted(this.#node);
  }

  /** The edit that writes a field (`name: value`, in one line) at the head of this mapping; undefined when it is none. */
  adding(field: string): { start: number; end: number; newText: string } | undefined {
    const first: unknown = isMap(this.#node) ? this.#node.items[0]?.key : undefined;
    if (!isMap(this.#node) || !isScalar(first)) return undefined;
    const { start } = rangeOf(first);
    const newText = this.#node.flow ? `${field}, ` : `${field}\n${this.#tree.indentAt(start)}`;
    return { start, end: start, newText };
  }

  /** The edit that writes another item behind the last one of this list; undefined when it is none, or empty. */
  addingItem(item: string): { start: number; end: number; newText: string } | undefined {
    const last: unknown = isSeq(this.#node) ? this.#node.items.at(-1) : undefined;
    if (!isSeq(this.#node) || !isScalar(last)) return undefined;
    const { end } = rangeOf(last);
    if (this.#node.flow) return { start: end, end, newText: `, ${item}` };
    // The last item may have a comment behind it, and any number of spaces behind its dash.
    const lineEnd = this.#tree.lineEnd(end);
    return { start: lineEnd, end: lineEnd, newText: `\n${this.#tree.indentAt(rangeOf(this.#node).start)}- ${item}` };
  }

  get keyQuoted(): boolean {
    return this.#key !== undefined && isQuoted(this.#key);
  }

  /** What stands for an object: its kind, else the name of its first field, where only a list says what it is. */
  get head(): Field {
    const kind = this.get('kind');
    const first: unknown = isMap(this.#node) ? this.#node.items[0]?.key : undefined;
    return kind.exists || !isScalar(first) ? kind : new Field(this.#tree, first, this, []);
  }

  /** Where the field's name stands. */
  get keySpan(): Span {
    return this.#key ? bare(this.#key) : this.span;
  }
}

function bare(node: Node): Span {
  const { start, end } = rangeOf(node);
  return isQuoted(node) ? { start: start + 1, end: end - 1 } : { start, end };
}

function isQuoted(node: Node): boolean {
  return isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
}

function isNode(item: unknown): item is Node {
  return typeof item === 'object' && item !== null && 'range' in item;
}
