import type { Json } from '../object.ts';
import { asMap, checkAgainstOrder, findByKey, identityOf, noMergeKey, orderElements, withoutDuplicates } from './element-order.ts';
import { formatGo, getKey, goTypeOf, isMap, type JsonMap, setKey } from './json-tree.ts';
import { PatchError } from './patch-error.ts';
import { PatchSchema, type SchemaLookup } from './patch-schema.ts';

const directive = '$patch';
const retainKeys = '$retainKeys';
const deleteFromPrimitiveList = '$deleteFromPrimitiveList';
const setElementOrder = '$setElementOrder';

/**
 * Applies a strategic merge patch: like a merge patch, but lists merge item by item where the schema names a merge key, and directives in the
 * patch (`$patch`, `$retainKeys`, `$deleteFromPrimitiveList/…`, `$setElementOrder/…`) delete, replace and order. Follows apimachinery's
 * `strategicpatch`. Neither argument is changed; what the patch does not touch is shared with the result.
 *
 * @param schemaOf finds definitions, with `x-kubernetes-patch-strategy` and `x-kubernetes-patch-merge-key` on the fields of objects
 * @param definition name of the document's own definition, `io.k8s.api.core.v1.Pod`
 * @throws PatchError 400, 422 or 500, as upstream classifies it
 */
export function applyStrategicMergePatch(document: JsonMap, patch: JsonMap, schemaOf: SchemaLookup, definition: string): JsonMap {
  const schema = new PatchSchema(schemaOf(definition) ?? {}, definition.split('.').at(-1) ?? definition, schemaOf);
  return mergeMap(document, patch, schema);
}

function mergeMap(original: JsonMap, patch: JsonMap, schema: PatchSchema): JsonMap {
  const command = getKey(patch, directive);
  if (command !== undefined) return obeyMapDirective(command, patch);

  const result = { ...original };
  applyRetainKeys(result, patch);
  const ordered = mergeOrderedLists(result, patch, schema);

  for (const patchKey of Object.keys(patch)) {
    if (patchKey === retainKeys || patchKey.startsWith(setElementOrder) || ordered.has(patchKey)) continue;
    const deleting = patchKey.startsWith(deleteFromPrimitiveList);
    const key = deleting ? fieldOf(patchKey, deleteFromPrimitiveList) : patchKey;
    mergeField(result, key, getKey(patch, patchKey) ?? null, deleting, schema);
  }
  return result;
}

function mergeField(result: JsonMap, key: string, value: Json, deleting: boolean, schema: PatchSchema): void {
  if (value === null) {
    delete result[key];
    return;
  }
  const before = getKey(result, key);
  if (before === undefined || goTypeOf(before) !== goTypeOf(value)) {
    if (!deleting) setOrDrop(result, key, asNewValue(value));
    return;
  }
  if (isMap(before) && isMap(value)) {
    const field = schema.field(key, false);
    setKey(result, key, field.strategy === 'replace' ? value : mergeMap(before, value, field.schema));
  } else if (Array.isArray(before) && Array.isArray(value)) {
    setKey(result, key, mergeList(before, value, key, deleting, schema));
  } else {
    setKey(result, key, value);
  }
}

function obeyMapDirective(command: Json, patch: JsonMap): JsonMap {
  if (command === 'replace') {
    const { [directive]: _, ...rest } = patch;
    return rest;
  }
  if (command === 'delete') return {};
  throw unknownDirective(command, patch);
}

function unknownDirective(command: Json, patch: JsonMap): PatchError {
  return new PatchError(500, `unknown patch type: ${formatGo(command)} in map: ${formatGo(patch)}`);
}

/** `$retainKeys` names all fields that may stay; a patch must not set others. */
function applyRetainKeys(result: JsonMap, patch: JsonMap): void {
  const list = getKey(patch, retainKeys);
  if (list === undefined) return;
  const malformed = () => new PatchError(400, 'invalid patch format of retainKeys');
  if (!Array.isArray(list)) throw malformed();
  const retained = new Set<Json>(list);
  for (const key of Object.keys(patch)) {
    if (key === retainKeys || getKey(patch, key) === null) continue;
    if (key.startsWith(deleteFromPrimitiveList) || key.startsWith(setElementOrder)) continue;
    if (!retained.has(key)) throw malformed();
  }
  for (const key of Object.keys(result)) if (!retained.has(key)) delete result[key];
}

/** Merges the lists that come with a `$setElementOrder`; returns the names of those that are done. */
function mergeOrderedLists(result: JsonMap, patch: JsonMap, schema: PatchSchema): ReadonlySet<string> {
  const done = new Set<string>();
  for (const patchKey of Object.keys(patch)) {
    if (!patchKey.startsWith(setElementOrder)) continue;
    const order = listOf(getKey(patch, patchKey));
    const key = fieldOf(patchKey, setElementOrder);
    const live = Object.hasOwn(result, key) ? listOf(getKey(result, key)) : undefined;
    const items = Object.hasOwn(patch, key) ? listOf(getKey(patch, key)) : undefined;
    const field = schema.field(key, true);
    checkAgainstOrder(items ?? [], order, field.mergeKey);
    if (live === undefined && items === undefined) continue;

    let merged: readonly Json[];
    if (items === undefined) merged = live ?? [];
    else if (live === undefined) merged = withoutDirectives(items);
    else merged = mergeList(live, items, key, false, schema);
    setKey(result, key, orderElements(merged, order, placesAfter(live ?? [], merged, field.mergeKey), field.mergeKey));
    done.add(key);
  }
  return done;
}

/**
 * The order in which items of a live list stand once others are deleted. Upstream deletes in place and appends behind: as many new items as
 * were deleted count as if they had stood at the end of the live list.
 */
function placesAfter(live: readonly Json[], merged: readonly Json[], mergeKey: string): readonly Json[] {
  if (mergeKey === '' || !live.every(isMap)) return live;
  const before = new Set(live.map((item) => identityOf(item, mergeKey)));
  const after = new Set(merged.map((item) => identityOf(item, mergeKey)));
  const kept = live.filter((item) => after.has(identityOf(item, mergeKey)));
  const added = merged.filter((item) => !before.has(identityOf(item, mergeKey)));
  return [...kept, ...added.slice(0, live.length - kept.length)];
}

function listOf(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  throw new PatchError(500, `expected a []interface {}, but received a ${goTypeOf(value)}`);
}

/** The field a directive such as `$setElementOrder/containers` speaks of. */
function fieldOf(key: string, prefix: string): string {
  const slash = key.indexOf('/');
  if (slash >= 0 && key.slice(0, slash) === prefix) return key.slice(slash + 1);
  const what = prefix === setElementOrder ? 'setElementOrder' : 'primitive';
  throw new PatchError(400, `invalid patch format of ${what} list`);
}

function mergeList(live: readonly Json[], patch: readonly Json[], key: string, deleting: boolean, schema: PatchSchema): Json[] {
  const field = schema.field(key, true);
  if (field.strategy !== 'merge' && !deleting) return [...patch];
  if (live.length === 0 && patch.length === 0) return [...live];

  if (!areMaps(live, patch)) {
    if (deleting) return live.filter((item) => !patch.includes(item));
    return orderElements(withoutDuplicates([...live, ...patch]), patch, live, '');
  }
  const { mergeKey } = field;
  if (mergeKey === '') throw new PatchError(500, `cannot merge lists without merge key for ${field.schema.name}`);
  const { remaining, items } = obeyItemDirectives(live, patch, mergeKey);
  const merged = [...remaining];
  for (const item of items) {
    const identity = identityOf(item, mergeKey);
    const place = findByKey(merged, mergeKey, identity);
    const found = place < 0 ? undefined : merged[place];
    if (found === undefined) merged.push(item);
    else merged[place] = mergeMap(asMap(found), asMap(item), field.schema);
  }
  return orderElements(merged, items, remaining, mergeKey);
}

/** Takes `$patch` items out of a patch list and does what they say to the live one. */
function obeyItemDirectives(live: readonly Json[], patch: readonly Json[], mergeKey: string): { remaining: Json[]; items: Json[] } {
  let remaining = [...live];
  let replacing = false;
  const items: Json[] = [];
  for (const entry of patch) {
    const item = asMap(entry);
    const command = getKey(item, directive);
    if (command === undefined) {
      items.push(item);
    } else if (command === 'delete') {
      const identity = getKey(item, mergeKey);
      if (identity === undefined) throw noMergeKey(item, mergeKey);
      remaining = remaining.filter((other) => getKey(asMap(other), mergeKey) !== identity);
    } else if (command === 'replace') {
      replacing = true;
    } else if (command === 'merge') {
      throw new PatchError(500, 'merging lists cannot yet be specified in the patch');
    } else {
      throw unknownDirective(command, item);
    }
  }
  return replacing ? { remaining: [], items } : { remaining, items };
}

/** Whether the items of both lists are objects; all must be of one type. */
function areMaps(live: readonly Json[], patch: readonly Json[]): boolean {
  const types = new Set([...live, ...patch].map(goTypeOf));
  if (types.has('[]interface {}')) throw new PatchError(422, 'lists of lists are not supported');
  if (types.size > 1) throw new PatchError(500, `list element types are not identical: ${formatGo([[...live], [...patch]])}`);
  return types.has('map[string]interface {}');
}

/** A value of the patch where the document has none: nulls say nothing there and `$patch` has nothing to act on. Undefined if nothing is left. */
function asNewValue(value: Json): Json | undefined {
  if (Array.isArray(value)) return withoutDirectives(value.map((item) => (item === null ? item : withoutNulls(item))));
  return isMap(value) ? withoutDirective(withoutNulls(value)) : value;
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  const result: JsonMap = {};
  for (const key of Object.keys(value)) {
    const field = getKey(value, key);
    if (field !== null && field !== undefined) setKey(result, key, withoutNulls(field));
  }
  return result;
}

function withoutDirective(value: Json): Json | undefined {
  if (Array.isArray(value)) return withoutDirectives(value);
  if (!isMap(value)) return value;
  if (Object.hasOwn(value, directive)) return undefined;
  const result: JsonMap = {};
  for (const key of Object.keys(value)) setOrDrop(result, key, withoutDirective(getKey(value, key) ?? null));
  return result;
}

function withoutDirectives(list: readonly Json[]): Json[] {
  return list.map(withoutDirective).filter((item) => item !== undefined);
}

function setOrDrop(map: JsonMap, key: string, value: Json | undefined): void {
  if (value === undefined) delete map[key];
  else setKey(map, key, value);
}
