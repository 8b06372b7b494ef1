import { Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, YAMLMap } from 'yaml';
import { rangeOf, type Tree } from '../../documents/tree.ts';

/** A replacement in a document's text; offsets from its start. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

type Fields = Pair<unknown, unknown>;

/**
 * An object on its way to another API version. The tree is changed in place and only what was changed is written anew, so that all other text,
 * and the comments in what is rewritten, stay as they are. The tree must be nobody else's.
 */
export class Migration {
  readonly object: YAMLMap;
  readonly #tree: Tree;
  readonly #text: string;
  readonly #changes: Change[] = [];
  readonly #rewritten = new Map<Node, { start: number; end: number }>();

  constructor(text: string, tree: Tree, object: YAMLMap) {
    this.#text = text;
    this.#tree = tree;
    this.object = object;
  }

  /** The field of a mapping that a path leads to. */
  at(map: YAMLMap | undefined, ...names: readonly string[]): Node | undefined {
    let node: Node | null | undefined = map;
    for (const name of names) node = isMap(node) ? this.#tree.resolve(pairOf(node, name)?.value as Node | null) : undefined;
    return node ?? undefined;
  }

  mapAt(map: YAMLMap | undefined, ...names: readonly string[]): YAMLMap | undefined {
    const node = this.at(map, ...names);
    return isMap(node) ? node : undefined;
  }

  /** The mappings in a list. */
  mapsAt(map: YAMLMap | undefined, ...names: readonly string[]): YAMLMap[] {
    const node = this.at(map, ...names);
    return isSeq(node) ? node.items.map((item) => this.#tree.resolve(item as Node)).filter((item) => isMap(item)) : [];
  }

  /** What a node says, as plain data. */
  valueOf(node: Node): unknown {
    return this.#tree.valueOf(node);
  }

  /** Writes a node anew once all is done; call it before the node is changed. */
  rewrite(node: Node): void {
    const { start, end } = rangeOf(node);
    // A comment before the node stays where it is, in the text around it.
    if (!isAlias(node)) delete node.commentBefore;
    this.#rewritten.set(node, { start, end: start + this.#text.slice(start, end).trimEnd().length });
  }

  /** Writes another text in place of a scalar. */
  replace(node: Node | undefined, newText: string): void {
    if (node) this.#changes.push({ ...rangeOf(node), newText });
  }

  /** Gives a field another name. */
  rename(map: YAMLMap | undefined, name: string, newName: string): void {
    const key = map && pairOf(map, name)?.key;
    if (isScalar(key)) this.replace(key, newName);
  }

  /** Writes a field before another one, or first. */
  add(map: YAMLMap, field: Readonly<Record<string, unknown>>, before?: string): void {
    const key = (pairOf(map, before ?? '') ?? map.items[0])?.key;
    if (!isScalar(key)) return;
    const { start } = rangeOf(key);
    const indent = this.#tree.indentAt(start);
    const written = map.flow ? `${JSON.stringify(field).slice(1, -1)}, ` : `${render(field, indent)}\n${indent}`;
    this.#changes.push({ start, end: start, newText: written });
  }

  /** Takes a field out, with the lines it stands on. */
  remove(map: YAMLMap | undefined, name: string): void {
    const pair = map && pairOf(map, name);
    if (!map || !pair || !isScalar(pair.key)) return;
    const next = map.items[map.items.indexOf(pair) + 1]?.key;
    const { start } = rangeOf(pair.key);
    const { end } = rangeOf((pair.value as Node | null) ?? pair.key);
    if (isScalar(next)) this.#changes.push({ start, end: rangeOf(next).start, newText: '' });
    else this.#changes.push({ start: this.#text.lastIndexOf('\n', start - 1) + 1, end: this.#lineAfter(end), newText: '' });
  }

  /** What is to be written, from the first place to the last. */
  changes(): Change[] {
    const rewritten = [...this.#rewritten].map(([node, { start, end }]) => ({
      start,
      end,
      newText: render(node, ' '.repeat(start - (this.#text.lastIndexOf('\n', start - 1) + 1))),
    }));
    return [...this.#changes, ...rewritten].sort((a, b) => a.start - b.start);
  }

  #lineAfter(offset: number): number {
    if (this.#text[offset - 1] === '\n') return offset;
    const newline = this.#text.indexOf('\n', offset);
    return newline < 0 ? this.#text.length : newline + 1;
  }
}

/** A node, or plain data, as text whose lines after the first are indented. */
function render(value: unknown, indent: string): string {
  const document = new Document(value, { version: '1.1' });
  const text = document.toString({ lineWidth: 0 }).trimEnd();
  return text.replaceAll(/\n(?=[^\n])/g, `\n${indent}`);
}

/** The field of a mapping, with its name. */
export function pairOf(map: YAMLMap, name: string): Fields | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}

/** Takes a field out of a mapping that is to be rewritten and gives it back under another name. */
export function take(map: YAMLMap, name: string, newName = name): Fields | undefined {
  const pair = pairOf(map, name);
  if (!pair) return undefined;
  map.items.splice(map.items.indexOf(pair), 1);
  if (isScalar(pair.key)) pair.key.value = newName;
  return pair;
}

/** A new mapping of those fields that there are; undefined when there are none. */
export function mapOf(pairs: readonly (Fields | undefined)[]): YAMLMap | undefined {
  const items = pairs.filter((pair) => pair !== undefined);
  if (items.length === 0) return undefined;
  const map = new YAMLMap();
  map.items = items;
  return map;
}

/** Puts a field into a mapping that is to be rewritten: at a place, or last. */
export function put(map: YAMLMap, name: string, value: unknown, at = map.items.length): void {
  if (value === undefined) return;
  const { items } = new Document({ [name]: null }).contents as YAMLMap;
  const [pair] = items;
  if (!pair) return;
  pair.value = isNode(value) ? value : new Document(value).contents;
  map.items.splice(at, 0, pair);
}
