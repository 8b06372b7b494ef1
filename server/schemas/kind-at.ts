import { isMap, isScalar, isSeq } from 'yaml';
import type { Manifest } from '../documents/manifest.ts';
import type { FieldPath } from '../documents/path.ts';
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
  const { tree } = manifest;
  const [items, index] = path;
  if (items !== 'items' || typeof index !== 'number' || !isMap(tree.root)) return undefined;
  const list = tree.resolve(tree.find(tree.root, 'items')?.value);
  const object = isSeq(list) ? list.items[index] : undefined;
  if (!isMap(object)) return undefined;
  const text = (name: string) => {
    const value = tree.resolve(tree.find(object, name)?.value);
    return isScalar(value) && typeof value.value === 'string' ? value.value : undefined;
  };
  const itemKind = text('kind') ?? kind.text.slice(0, -'List'.length);
  const item = kinds.guess(text('apiVersion') ?? apiVersion?.text, itemKind);
  return item && { known: item, rest: path.slice(2), inList: true };
}
