import { goJson, goStructJson } from '../../api/go-json.ts';
import type { Json } from '../../api/object.ts';
import { getKey, isMap, type JsonMap, setKey } from '../../api/patches/json-tree.ts';
import { inOrder } from '../registry/metadata-order.ts';

/**
 * A patched document as upstream's messages show it: fields by name wherever the patch went and in all of what has no Go type, elsewhere as they
 * stand in the live object, of which the document shares what was not patched.
 */
export function shownDocument(document: Json, live: Json, hasGoType: boolean): string {
  return hasGoType ? goStructJson(ordered(document, live, '')) : goJson(document);
}

function ordered(document: Json, live: Json | undefined, name: string): Json {
  if (!isMap(document)) return document;
  if (document === live) return name === 'metadata' ? (inOrder(document) as JsonMap) : document;
  const sorted: JsonMap = {};
  for (const key of Object.keys(document).sort()) {
    const before = isMap(live) ? getKey(live, key) : undefined;
    // Metadata has an order of its own only where it is that of the object.
    setKey(sorted, key, ordered(getKey(document, key) ?? null, before, name === '' ? key : '.'));
  }
  return sorted;
}
