import type { Json } from '../object.ts';
import { getKey, isMap, type JsonMap, setKey } from './json-tree.ts';

/**
 * Applies a JSON merge patch (RFC 7386). Neither argument is changed; what the patch does not touch is shared with the result.
 *
 * @param document what is patched
 * @param patch objects merge, null removes, everything else replaces
 */
export function applyMergePatch(document: Json, patch: Json): Json {
  if (!isMap(patch)) return patch;
  const base = isMap(document) ? document : {};
  const result: JsonMap = { ...base };
  let changed = base !== document;
  for (const key of Object.keys(patch)) {
    const value = getKey(patch, key);
    const present = Object.hasOwn(base, key);
    if (value === null || value === undefined) {
      if (present) {
        delete result[key];
        changed = true;
      }
      continue;
    }
    const before = getKey(base, key);
    const merged = applyMergePatch(before ?? null, value);
    if (present && merged === before) continue;
    setKey(result, key, merged);
    changed = true;
  }
  return changed ? result : document;
}
