import type { FieldPath } from './path.ts';

/** A value on one line; offsets are those of what is between the quotes. */
export interface OutlineValue {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/** A field or an item of an outline, with all that stands below it. */
export class OutlineNode {
  readonly name: string | number;
  readonly parent: OutlineNode | undefined;
  /** Where its name or its dash begins and ends. */
  readonly start: number;
  readonly end: number;
  /** The column of its name or dash; -1 of the document. */
  readonly column: number;
  kind: 'empty' | 'scalar' | 'text' | 'map' | 'list' = 'empty';
  /** The column at which its fields or dashes stand; -1 while there are none. */
  inner = -1;
  /** Whether what is below it is written in flow style. */
  flow = false;
  value: OutlineValue | undefined;
  readonly children: OutlineNode[] = [];

  constructor(name: string | number, parent: OutlineNode | undefined, start: number, end: number, column: number) {
    this.name = name;
    this.parent = parent;
    this.start = start;
    this.end = end;
    this.column = column;
  }

  get isField(): boolean {
    return typeof this.name === 'string' && this.parent !== undefined;
  }

  get path(): FieldPath {
    const path: (string | number)[] = [];
    for (let node: OutlineNode | undefined = this; node?.parent; node = node.parent) path.unshift(node.name);
    return path;
  }

  /** The field of that name, or the item of that index. */
  child(name: string | number): OutlineNode | undefined {
    return typeof name === 'number' ? this.children[name] : this.children.find((node) => node.name === name);
  }

  /** The node below, by the names that lead to it. */
  get(...names: readonly (string | number)[]): OutlineNode | undefined {
    return names.reduce<OutlineNode | undefined>((node, name) => node?.child(name), this);
  }

  /** The value as it is written; undefined when it is empty or no single value. */
  get text(): string | undefined {
    return this.value?.text === '' ? undefined : this.value?.text;
  }

  /** The text of the field below, by the names that lead to it. */
  textAt(...names: readonly (string | number)[]): string | undefined {
    return this.get(...names)?.text;
  }

  /** The items of the list below, by the names that lead to it. */
  items(...names: readonly string[]): readonly OutlineNode[] {
    const node = this.get(...names);
    return node?.kind === 'list' ? node.children : [];
  }

  /** Names and values of the mapping below, as labels are written. */
  pairs(...names: readonly string[]): ReadonlyMap<string, string> {
    const pairs = new Map<string, string>();
    for (const child of this.get(...names)?.children ?? []) {
      if (typeof child.name === 'string' && child.text !== undefined) pairs.set(child.name, child.text);
    }
    return pairs;
  }
}

/** What stands at a cursor: where a field, a list's item or a value would be written. */
export type Spot =
  /** On a line of its own, at a column; what is open there decides. `chain` leads from the root to what was read last. */
  | { readonly type: 'line'; readonly chain: readonly OutlineNode[]; readonly column: number }
  /** As a field of a mapping, or an item that a dash began. */
  | { readonly type: 'field'; readonly parent: OutlineNode; readonly self?: OutlineNode }
  /** As the value of a field. */
  | { readonly type: 'value'; readonly node: OutlineNode }
  /** As an item of a list in flow style. */
  | { readonly type: 'item'; readonly parent: OutlineNode }
  /** Where nothing is YAML: comments and blocks of text. */
  | { readonly type: 'text' };
