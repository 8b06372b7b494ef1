import { isListKind } from '../../runtime/api/kinds/listed.ts';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { typeAt } from '../documents/objects.ts';
import type { OutlineNode } from '../documents/outline-node.ts';
import type { FieldPath } from '../documents/path.ts';
import { walk } from './describe.ts';
import type { Kinds, KnownKind } from './kinds.ts';

/** The kind that describes a node of an outline. */
export interface KindOf {
  readonly known: KnownKind;
  /** The object itself: the document, or an item of a list. */
  readonly object: OutlineNode;
}

/** Kinds that a document without a kind may be meant to be of, the likeliest first. */
const likely = ['Deployment', 'Service', 'Pod', 'ConfigMap', 'Ingress', 'StatefulSet', 'CronJob', 'Job', 'PersistentVolumeClaim'];

/** Finds the kind that describes a node: by what the document says it is, else by the fields that it has. */
export function kindOf(node: OutlineNode, root: OutlineNode, kinds: Kinds, definitions: Definitions): KindOf | undefined {
  const object = objectAround(node, root, kinds);
  if (!object) return undefined;
  const { apiVersion, kind } = typeAt(object);
  if (kind !== undefined) {
    const known = kinds.guess(apiVersion, kind) ?? kinds.guess(undefined, kind);
    return known && { known, object };
  }
  const paths = fieldsOf(object);
  // Nothing is known yet of what begins here.
  if (apiVersion === undefined && paths.length === 0) return undefined;
  // A kustomization may leave out what it is.
  const candidates = [...kinds.all(), ...kinds.tools].filter((known) =>
    apiVersion === undefined ? likely.includes(known.kind) || known.tool : known.apiVersion === apiVersion,
  );
  const rank = (known: KnownKind) => (likely.includes(known.kind) ? likely.indexOf(known.kind) : likely.length);
  const known = candidates
    .toSorted((left, right) => rank(left) - rank(right))
    .find((candidate) => paths.every((path) => walk(candidate.schema, path, definitions)));
  return known && { known, object };
}

/** The object that a node is part of: the document, or the innermost item of a list; of what a list says besides there is none. */
function objectAround(node: OutlineNode, root: OutlineNode, kinds: Kinds): OutlineNode | undefined {
  const chain: OutlineNode[] = [];
  for (let at: OutlineNode | undefined = node; at && at !== root; at = at.parent) chain.unshift(at);
  let object = root;
  for (let at = 0; isList(object, kinds); at += 2) {
    const item = chain[at]?.name === 'items' ? chain[at + 1] : undefined;
    if (!item) return undefined;
    object = item;
  }
  return object;
}

/** A custom kind may be called like a list. */
function isList(object: OutlineNode, kinds: Kinds): boolean {
  const { apiVersion, kind } = typeAt(object);
  return isListKind(kind) && !kinds.guess(apiVersion, kind);
}

/** The fields of an object down to a few levels: enough to tell kinds apart. */
function fieldsOf(node: OutlineNode, path: FieldPath = []): FieldPath[] {
  if (path.length > 5) return [];
  return node.children.flatMap((child) => {
    const here = [...path, child.name];
    return [here, ...fieldsOf(child, here)];
  });
}

/** Whether a node is an object: the document, or an item of a list. */
export function isObjectAt(node: OutlineNode, root: OutlineNode, kinds: Kinds): boolean {
  return node === root || (node.parent !== undefined && isItemsAt(node.parent, root, kinds));
}

/** Whether a node holds the objects of a list. */
export function isItemsAt(node: OutlineNode, root: OutlineNode, kinds: Kinds): boolean {
  return node.name === 'items' && node.parent !== undefined && isList(node.parent, kinds) && isObjectAt(node.parent, root, kinds);
}
