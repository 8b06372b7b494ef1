import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import type { FieldPath } from './path.ts';
import { keyName, type Tree } from './tree.ts';

/** The node that a path leads to, as it is written: aliases are not followed and merged fields not seen. */
export function nodeAt(tree: Tree, path: FieldPath): Node | undefined {
  let node: unknown = tree.root;
  for (const step of path) {
    if (isMap(node)) node = node.items.find(({ key }) => isScalar(key) && keyName(key) === step)?.value;
    else node = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
  }
  return isNode(node) ? node : undefined;
}
