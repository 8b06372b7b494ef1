import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { OutlineNode } from '../documents/outline-node.ts';
import type { FieldPath } from '../documents/path.ts';
import { walk } from './describe.ts';
import type { Kinds, KnownKind } from './kinds.ts';

/** The kind that describes a node of an outline. */
export interface KindOf {
  readonly known: KnownKind;
  /** The object itself: the document, or an item of a `List`. */
  readonly object: OutlineNode;
}

/** Kinds that a document without a kind may be meant to be of, the likeliest first. */
const likely = ['Deployment', 'Service', 'Pod', 'ConfigMap', 'Ingress', 'StatefulSet', 'CronJob', 'Job', 'PersistentVolumeClaim'];

/** Finds the kind that describes a node: by what the document says it is, else by the fields that it has. */
export function kindOf(node: OutlineNode, root: OutlineNode, kinds: Kinds, definitions: Definitions): KindOf | undefined {
  const object = root.textAt('kind') === 'List' ? itemAround(node) : root;
  if (!object) return undefined;
  const kind = object.textAt('kind');
  if (kind !== undefined) {
    const known = kinds.guess(object.textAt('apiVersion'), kind) ?? kinds.guess(undefined, kind);
    return known && { known, object };
  }
  const apiVersion = object.textAt('apiVersion');
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

function itemAround(node: OutlineNode): OutlineNode | undefined {
  let at: OutlineNode | undefined = node;
  while (at && !(at.parent?.name === 'items' && at.parent.parent?.parent === undefined && !at.isField)) at = at.parent;
  return at?.parent ? at : undefined;
}

/** The fields of an object down to a few levels: enough to tell kinds apart. */
function fieldsOf(node: OutlineNode, path: FieldPath = []): FieldPath[] {
  if (path.length > 5) return [];
  return node.children.flatMap((child) => {
    const here = [...path, child.name];
    return [here, ...fieldsOf(child, here)];
  });
}

/** Whether a node is an object: the document, or an item of a `List`. */
export function isObjectAt(node: OutlineNode, root: OutlineNode): boolean {
  if (node === root) return true;
  return root.textAt('kind') === 'List' && node.parent?.name === 'items' && node.parent.parent === root;
}
