import { compareElements, sortElements } from './path-element.ts';

/**
 * A set of field paths as `metadata.managedFields` writes it: `{"f:data": {".": {}, "f:a": {}}}`. A path is in the set if its node is empty or
 * has a `.`. Nodes are never changed once made, so sets share what they have in common.
 *
 * Keys are path elements: `f:` a field's name, `k:` the keys of an item in a list of objects, `v:` a value in a set, `i:` an index. All have a
 * prefix, so no name from a request can reach a prototype.
 */
export interface FieldsV1 {
  readonly [element: string]: FieldsV1;
}

type Building = { [element: string]: FieldsV1 };

/** A path that is in the set and has nothing below it; as a whole set, the empty one. */
export const leaf: FieldsV1 = Object.freeze({});

const self = '.';

/** Whether the set has no path at all. */
export function isEmptySet(set: FieldsV1): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether a node's own path is in the set. */
function isMember(node: FieldsV1): boolean {
  for (const key in node) return key === self || Object.hasOwn(node, self);
  return true;
}

/** A node from its parts; undefined if neither it nor anything below it is in the set. */
function makeNode(member: boolean, children: FieldsV1 | undefined): FieldsV1 | undefined {
  if (children === undefined || isEmptySet(children)) return member ? leaf : undefined;
  return member ? { [self]: leaf, ...children } : children;
}

/** Begins a node that is in the set itself. Its maker alone fills it, and ends with {@link endNode}: to put many children into another object takes long. */
export function beginNode(): { [element: string]: FieldsV1 } {
  return { [self]: leaf };
}

/** A node that was begun, and has all it is to have. */
export function endNode(node: FieldsV1): FieldsV1 {
  for (const key in node) if (key !== self) return node;
  return leaf;
}

/** What of a set is below one of some paths, or is one. Steps are path elements, or `*` for any. Upstream: `fieldpath.NewIncludeMatcherFilter`. */
export function onlyBelow(set: FieldsV1, paths: readonly (readonly string[])[]): FieldsV1 {
  const children: Building = {};
  for (const [element, node] of Object.entries(set)) {
    const rests = paths.filter(([step]) => step === '*' || step === element).map(([, ...rest]) => rest);
    if (element === self || rests.length === 0) continue;
    const below = rests.some((rest) => rest.length === 0) ? node : onlyBelow(node, rests);
    if (below === node || !isEmptySet(below)) children[element] = below;
  }
  return children;
}

/** Combines two sets path by path. Roots are no paths: they only hold what is below them. */
function combine(
  left: FieldsV1,
  right: FieldsV1,
  keep: { readonly left: boolean; readonly right: boolean; readonly both: boolean },
): FieldsV1 {
  const children: Building = {};
  let same = true;
  for (const key in left) {
    if (key === self) continue;
    const node = left[key];
    const other = right[key];
    if (node === undefined) continue;
    const combined = other === undefined ? (keep.left ? node : undefined) : combineNodes(node, other, keep);
    if (combined !== undefined) children[key] = combined;
    if (combined !== node) same = false;
  }
  if (keep.right) {
    for (const key in right) {
      const node = right[key];
      if (key === self || node === undefined || left[key] !== undefined) continue;
      children[key] = node;
      same = false;
    }
  }
  return same ? left : children;
}

function combineNodes(
  left: FieldsV1,
  right: FieldsV1,
  keep: { readonly left: boolean; readonly right: boolean; readonly both: boolean },
): FieldsV1 | undefined {
  const inLeft = isMember(left);
  const inRight = isMember(right);
  const member = inLeft ? (inRight ? keep.both : keep.left) : inRight && keep.right;
  const children = combine(left, right, keep);
  if (children === left) return member === inLeft ? left : withoutSelf(left, member);
  return makeNode(member, children);
}

/** The node with only what is below it, and with its own path if it is to be a member. */
function withoutSelf(node: FieldsV1, member: boolean): FieldsV1 | undefined {
  const { [self]: _, ...below } = node;
  return makeNode(member, below);
}

/** All paths of either set. */
export function union(left: FieldsV1, right: FieldsV1): FieldsV1 {
  return combine(left, right, { left: true, right: true, both: true });
}

/** The paths both sets have. */
export function intersection(left: FieldsV1, right: FieldsV1): FieldsV1 {
  return combine(left, right, { left: false, right: false, both: true });
}

/** The paths of the left set that the right one has not. The very left set if there is nothing to take away. */
export function difference(left: FieldsV1, right: FieldsV1): FieldsV1 {
  return combine(left, right, { left: true, right: false, both: false });
}

/** The left set without the paths of the right one and everything below them. */
export function recursiveDifference(set: FieldsV1, right: FieldsV1): FieldsV1 {
  if (!sharesElements(set, right)) return set;
  const children: Building = {};
  for (const key in set) {
    const node = set[key];
    const other = key === self ? undefined : right[key];
    if (node === undefined) continue;
    if (other === undefined) children[key] = node;
    else {
      if (isMember(other)) continue;
      const { [self]: _, ...rest } = recursiveDifference(node, other);
      const left = makeNode(isMember(node), rest);
      if (left !== undefined) children[key] = left;
    }
  }
  return children;
}

/** Whether two sets have anything right below their roots in common. */
function sharesElements(set: FieldsV1, right: FieldsV1): boolean {
  for (const key in right) if (key !== self && set[key] !== undefined) return true;
  return false;
}

/** Whether a path below the root is in the set. */
export function hasPath(set: FieldsV1, path: readonly string[]): boolean {
  let node: FieldsV1 | undefined = set;
  for (const element of path) node = node?.[element];
  return node !== undefined && path.length > 0 && isMember(node);
}

/** Whether the element right below the root is in the set itself. */
export function hasElement(set: FieldsV1, element: string): boolean {
  const node = set[element];
  return node !== undefined && isMember(node);
}

/** What a set says below one of its elements; undefined if nothing. */
export function below(set: FieldsV1, element: string): FieldsV1 | undefined {
  const node = set[element];
  if (node === undefined) return undefined;
  const { [self]: _, ...children } = node;
  return isEmptySet(children) ? undefined : children;
}

/** Adds `element` itself to a set. */
export function withMember(node: FieldsV1): FieldsV1 {
  return isMember(node) ? node : { [self]: leaf, ...node };
}

/** All paths, at each level first those that end there, as upstream lists them. */
export function pathsOf(set: FieldsV1, prefix: readonly string[] = []): string[][] {
  const elements = sortElements(Object.keys(set).filter((element) => element !== self));
  const ending = elements.filter((element) => hasElement(set, element)).map((element) => [...prefix, element]);
  return [...ending, ...elements.flatMap((element) => pathsOf(set[element] ?? leaf, [...prefix, element]))];
}

/** The same set with its keys in order, so that equal sets are written alike; the very set if they are. */
export function sorted(set: FieldsV1): FieldsV1 {
  let before: string | undefined;
  let inOrder = true;
  let changed: Building | undefined;
  for (const key in set) {
    const node = set[key] ?? leaf;
    const below = node === leaf ? leaf : sorted(node);
    if (below !== node) {
      changed ??= {};
      changed[key] = below;
    }
    if (before !== undefined && inOrder) inOrder = compareElements(before, key) < 0;
    before = key;
  }
  if (inOrder) return changed === undefined ? set : { ...set, ...changed };
  const result: Building = {};
  for (const key of sortElements(Object.keys(set))) result[key] = changed?.[key] ?? set[key] ?? leaf;
  return result;
}
