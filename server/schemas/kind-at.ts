import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Manifest } from '../documents/manifest.ts';
import type { FieldPath } from '../documents/path.ts';
import type { Tree } from '../documents/tree.ts';
import type { Kinds, KnownKind } from './kinds.ts';

/** The kind that describes a place of a document, and the path from that kind's object on. */
export interface KindAt {
  readonly known: KnownKind;
  readonly rest: FieldPath;
  /** Whether the object is an item of a `List`. */
  readonly inList: boolean;
}

/** Finds the kind at a place: the document's own, or inside a `List` that of the item. */
export function kindAt(manifest: Manifest, path: FieldPath, kinds: Kinds): KindAt | undefined {
  const { apiVersion, kind } = manifest.header;
  if (!kind) return undefined;
  const known = kinds.find(apiVersion?.text ?? '', kind.text) ?? kinds.guess(apiVersion?.text, kind.text);
  if (known || !kind.text.endsWith('List')) return known && { known, rest: path, inList: false };
  const { root } = manifest.tree;
  return isMap(root) ? kindOfItem(manifest.tree, root, { apiVersion: apiVersion?.text, kind: kind.text }, path, kinds) : undefined;
}

/** What a list says of the objects in it. */
interface Listed {
  readonly apiVersion: string | undefined;
  readonly kind: string;
}

/** The kind of the item that a path leads into; lists may stand in lists. */
function kindOfItem(tree: Tree, map: YAMLMap, of: Listed, path: FieldPath, kinds: Kinds): KindAt | undefined {
  const [items, index] = path;
  if (items !== 'items' || typeof index !== 'number') return undefined;
  const list = tree.resolve(tree.find(map, 'items')?.value);
  const object = isSeq(list) ? list.items[index] : undefined;
  if (!isMap(object)) return undefined;
  const text = (name: string) => {
    const value = tree.resolve(tree.find(object, name)?.value);
    return isScalar(value) && typeof value.value === 'string' ? value.value : undefined;
  };
  const own = { apiVersion: text('apiVersion') ?? of.apiVersion, kind: text('kind') ?? of.kind.slice(0, -'List'.length) };
  const rest = path.slice(2);
  const known = kinds.guess(own.apiVersion, own.kind);
  if (known) return { known, rest, inList: true };
  return own.kind.endsWith('List') ? kindOfItem(tree, object, own, rest, kinds) : undefined;
}
