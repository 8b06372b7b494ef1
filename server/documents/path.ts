import { isMap, isNode, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { type Entry, keyName, rangeOf, type Tree } from './tree.ts';

/** The way to a field: names and list indices. */
export type FieldPath = readonly (string | number)[];

/** `spec.containers[0].image`, as the API server writes it. */
export function formatPath(path: FieldPath): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  return text;
}

/**
 * A path as the decoder writes it: entries of maps, which are `labels[app]` to validation, are fields like all others. `[-]`, the place behind the last
 * item of a list, stays.
 */
export function decodedPath(path: FieldPath): string {
  return formatPath(path.map((step) => (typeof step === 'string' ? decodedStep(step) : step)));
}

function decodedStep(step: string): string {
  // From its end: a search for `[` would go on to the end from each there is.
  const entry = /\]$(?<=\[(?!-\])(.+)\])/.exec(step)?.[1];
  return entry === undefined ? step : `${step.slice(0, -`[${entry}]`.length)}.${entry}`;
}

/** Reads a path as the API server writes it, `metadata.labels[app.kubernetes.io/name]` among them. Never fails. */
export function parsePath(text: string): FieldPath {
  const path: (string | number)[] = [];
  for (const match of text.matchAll(/\[([^\]]*)\]?|([^.[\]]+)/g)) {
    const [, bracket, name] = match;
    if (bracket === undefined) path.push(name ?? '');
    else path.push(/^\d+$/.test(bracket) ? Number(bracket) : bracket.replace(/^["']|["']$/g, ''));
  }
  return path;
}

/** Where a path leads in a document. */
export interface Located {
  readonly start: number;
  readonly end: number;
  /** False when a step was missing and this is the nearest parent that exists. */
  readonly exact: boolean;
  /** What stands there. */
  readonly node: Node | null;
}

/**
 * Finds a field. The range is the value's when that is a scalar, else the key's; of something missing, that of the nearest
 * parent there is; undefined only in an empty document.
 */
export function locate(tree: Tree, path: FieldPath): Located | undefined {
  const root = tree.resolve(tree.root);
  if (!root) return undefined;
  let node: Node | null = root;
  let key = objectKey(tree, root);
  for (let at = 0; at < path.length; ) {
    const step = path[at] ?? '';
    if (isSeq(node)) {
      const item: unknown = typeof step === 'number' ? node.items[step] : undefined;
      if (!isMap(item) && !isSeq(item) && !isScalar(item)) return { ...rangeOf(key), exact: false, node };
      node = tree.resolve(item);
      key = firstKey(item);
      at++;
    } else if (isMap(node)) {
      const found = findEntry(tree.entries(node), path, at);
      if (!found) return { ...rangeOf(key), exact: false, node };
      key = found.entry.key;
      node = tree.resolve(found.entry.value);
      at = found.next;
    } else {
      return { ...rangeOf(key), exact: false, node };
    }
  }
  if (isScalar(node) && node.range && node.range[1] > node.range[0]) key = node;
  return { ...rangeOf(key), exact: true, node };
}

/** Names with dots in them were torn apart by parsing: the longest run of steps that names a field wins. */
function findEntry(entries: readonly Entry[], path: FieldPath, at: number): { entry: Entry; next: number } | undefined {
  let name = '';
  let found: { entry: Entry; next: number } | undefined;
  for (let next = at; next < path.length; next++) {
    name = next === at ? String(path[next]) : `${name}.${path[next]}`;
    // Validation names some fields as Go does: `JSONPath`.
    const entry =
      entries.find((candidate) => candidate.name === name) ??
      entries.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (entry) found = { entry, next: next + 1 };
  }
  return found;
}

/** What stands for a node that has no name of its own: the first key of a mapping, else the node. */
export function firstKey(node: Node): Node {
  if (!isMap(node)) return node;
  const key: unknown = node.items[0]?.key;
  return isScalar(key) ? key : node;
}

/** What stands at an offset: the field, or the list item, and whether the offset is on its name. */
export interface Place {
  readonly path: FieldPath;
  readonly node: Node;
  readonly onKey: boolean;
}

/** The innermost field name, scalar or alias around an offset. Aliases are not followed: what they stand for is elsewhere. */
export function placeAt(tree: Tree, offset: number): Place | undefined {
  const path: (string | number)[] = [];
  let node = tree.root;
  while (node) {
    if (isMap(node)) {
      const map: YAMLMap = node;
      const entry = map.items.findLast((pair) => isScalar(pair.key) && (pair.key.range?.[0] ?? Number.POSITIVE_INFINITY) <= offset);
      if (!entry || !isScalar(entry.key)) return undefined;
      path.push(keyName(entry.key));
      if (offset <= rangeOf(entry.key).end) return { path, node: entry.key, onKey: true };
      node = isNode(entry.value) ? entry.value : null;
    } else if (isSeq(node)) {
      const index: number = node.items.findLastIndex((item) => isNode(item) && rangeOf(item).start <= offset);
      if (index < 0) return undefined;
      path.push(index);
      const item: unknown = node.items[index];
      node = isNode(item) ? item : null;
    } else {
      const { start, end } = rangeOf(node);
      return start <= offset && offset <= end ? { path, node, onKey: false } : undefined;
    }
  }
  return undefined;
}

/** What stands for a whole object: what it says it is, else its first key. */
export function objectKey(tree: Tree, object: Node): Node {
  const kind = isMap(object) ? tree.own(object).find((entry) => entry.name === 'kind') : undefined;
  return isScalar(kind?.value) && kind.value.value !== null ? kind.value : firstKey(object);
}
