import { groupOf } from '../../runtime/api/kinds/kind.ts';
import { isListKind, type TypeMeta, typeOf, typeOfItem } from '../../runtime/api/kinds/listed.ts';
import type { ApiObject, Json } from '../../runtime/api/object.ts';
import { isMap } from '../../runtime/api/patches/json-tree.ts';
import type { Reading } from '../documents/workspace-documents.ts';
import type { ObjectFacts } from '../index/facts.ts';
import type { Found } from '../index/found.ts';

/** The objects that were found in files of the workspace, whole; what is broken by now is left out. They are shared and not to be changed. */
export async function readObjects(found: readonly Found<ObjectFacts>[], reading: Reading): Promise<ApiObject[]> {
  const wanted = new Set(found.map(({ what }) => keyOf(what.group, what.kind, what.name)));
  const uris = [...new Set(found.map(({ uri }) => uri))];
  const files = await Promise.all(uris.map((uri) => reading.read(uri)));
  const objects = files.flatMap((file) => (file?.documents ?? []).flatMap((document) => objectsIn(document)));
  return objects.filter(({ apiVersion, kind, metadata }) => wanted.has(keyOf(groupOf(apiVersion), kind, metadata.name ?? '')));
}

function objectsIn(written: Json, list: TypeMeta = {}): ApiObject[] {
  if (!isMap(written)) return [];
  const type = typeOfItem(list, typeOf(written));
  if (isListKind(type.kind) && Array.isArray(written.items)) return written.items.flatMap((item) => objectsIn(item, type));
  const object = { ...type, ...written };
  return isApiObject(object) ? [object] : [];
}

function isApiObject(value: unknown): value is ApiObject {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind, metadata } = value as Partial<ApiObject>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata === 'object' && metadata !== null;
}

function keyOf(group: string, kind: string, name: string): string {
  return `${group} ${kind} ${name}`;
}
