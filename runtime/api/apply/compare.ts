import type { Json } from '../object.ts';
import { equalJson, getKey, isMap, type JsonMap } from '../patches/json-tree.ts';
import type { FieldType, ListType, MapType } from './field-types.ts';
import { beginNode, endNode, type FieldsV1, leaf } from './fields-v1.ts';
import { indexItems } from './list-items.ts';
import { fieldElement } from './path-element.ts';

/** What one object has that the other has not, or has otherwise. Undefined where there is nothing. */
export interface Comparison {
  /** Paths that were added or have another value. */
  readonly changed: FieldsV1 | undefined;
  readonly removed: FieldsV1 | undefined;
}

const changedLeaf: Comparison = { changed: leaf, removed: undefined };
const emptyMap: JsonMap = {};

/** Whether fields that JSON leaves out have the values that Go gives them (as in objects that are decoded), or are not there (as in what is merged). */
export type Gaps = 'filled' | 'left';

/**
 * Compares two values of a type, with structured-merge-diff's rules: maps and lists with keys field by field and item by item, everything
 * atomic as a whole. Values that are the very same are not looked into.
 *
 * @returns undefined if the values are equal
 */
export function compareValues(left: Json, right: Json, type: FieldType, gaps: Gaps): Comparison | undefined {
  if (left === right) return undefined;
  switch (type.kind) {
    case 'map':
      if (!type.atomic && isMapOrNull(left) && isMapOrNull(right)) {
        // Nothing and an empty map are not the same.
        if ((left === null && isEmptyMap(right)) || (right === null && isEmptyMap(left))) return changedLeaf;
        return compareMaps(left ?? emptyMap, right ?? emptyMap, type, gaps);
      }
      break;
    case 'list':
      if (type.relation !== 'atomic' && isListOrNull(left) && isListOrNull(right)) return compareLists(left, right, type, gaps);
      break;
    case 'untyped':
      if (type.deduced && isMap(left) && isMap(right)) return compareMaps(left, right, type, gaps);
      break;
    default:
  }
  return equalJson(left, right) || (gaps === 'filled' && equalFilled(left, right, type)) ? undefined : changedLeaf;
}

/** Whether values that are owned as a whole are equal once their gaps are filled. */
function equalFilled(left: Json, right: Json, type: FieldType): boolean {
  if (type.kind === 'list' && Array.isArray(left) && Array.isArray(right)) {
    const { element } = type;
    return left.length === right.length && left.every((item, index) => equalFilled(item, right[index] ?? null, element));
  }
  if (type.kind !== 'map' || !isMap(left) || !isMap(right)) return equalJson(left, right);
  const filled = (map: JsonMap, name: string) => getKey(Object.hasOwn(map, name) ? map : type.implied, name);
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) => {
    const [before, after] = [filled(left, name), filled(right, name)];
    return before === after || (before !== undefined && after !== undefined && equalFilled(before, after, typeOfField(type, name)));
  });
}

function isMapOrNull(value: Json): value is JsonMap | null {
  return value === null || isMap(value);
}

function isEmptyMap(value: JsonMap | null): boolean {
  return value !== null && Object.keys(value).length === 0;
}

function isListOrNull(value: Json): value is Json[] | null {
  return value === null || Array.isArray(value);
}

/** Type of a map's field, declared or not. */
export function typeOfField(type: FieldType, name: string): FieldType {
  if (type.kind !== 'map') return type;
  return type.field(name) ?? type.element ?? undeclared;
}

/** Fields no schema knows, which only stored objects can have. */
const undeclared: FieldType = { kind: 'untyped', deduced: false };

/** Collects comparisons of what a value holds. */
class Collector {
  #changed: { [element: string]: FieldsV1 } | undefined;
  #removed: { [element: string]: FieldsV1 } | undefined;

  add(element: string, { changed, removed }: Comparison): void {
    if (changed !== undefined) this.change(element, changed);
    if (removed !== undefined) this.remove(element, removed);
  }

  change(element: string, node: FieldsV1): void {
    this.#changed ??= {};
    this.#changed[element] = node;
  }

  remove(element: string, node: FieldsV1): void {
    this.#removed ??= {};
    this.#removed[element] = node;
  }

  finish(): Comparison | undefined {
    if (this.#changed === undefined && this.#removed === undefined) return undefined;
    return { changed: this.#changed, removed: this.#removed };
  }
}

function compareMaps(left: JsonMap, right: JsonMap, type: FieldType, gaps: Gaps): Comparison | undefined {
  const implied = gaps === 'filled' && type.kind === 'map' ? type.implied : emptyMap;
  const collector = new Collector();
  for (const name of Object.keys(right)) {
    const value = getKey(right, name);
    if (value === undefined) continue;
    const before = getKey(Object.hasOwn(left, name) ? left : implied, name);
    const fieldType = typeOfField(type, name);
    if (before === undefined) {
      collector.change(fieldElement(name), everythingIn(value, fieldType, gaps));
    } else {
      const comparison = compareValues(before, value, fieldType, gaps);
      if (comparison !== undefined) collector.add(fieldElement(name), comparison);
    }
  }
  for (const name of Object.keys(left)) {
    if (Object.hasOwn(right, name)) continue;
    const value = getKey(left, name);
    if (value === undefined) continue;
    const after = getKey(implied, name);
    const fieldType = typeOfField(type, name);
    if (after === undefined) {
      collector.remove(fieldElement(name), everythingIn(value, fieldType, gaps));
    } else {
      const comparison = compareValues(value, after, fieldType, gaps);
      if (comparison !== undefined) collector.add(fieldElement(name), comparison);
    }
  }
  return collector.finish();
}

function compareLists(left: readonly Json[] | null, right: readonly Json[] | null, type: ListType, gaps: Gaps): Comparison | undefined {
  // Nothing and an empty list are not the same.
  if (!left?.length && !right?.length) return left === null || right === null ? changedLeaf : undefined;
  const collector = new Collector();
  const before = indexItems(left ?? [], type);
  const after = indexItems(right ?? [], type);
  for (const [element, items] of after) {
    const old = before.get(element);
    const [item = null] = items;
    if (old === undefined) {
      collector.change(element, items.length > 1 ? leaf : everythingIn(item, type.element, gaps));
    } else if (old.length > 1 && items.length > 1) {
      // Items with the same keys are owned together.
      if (!equalJson(old, items)) collector.change(element, leaf);
    } else if (items.length > 1) {
      collector.add(element, { changed: leaf, removed: everythingIn(old[0] ?? null, type.element, gaps) });
    } else if (old.length > 1) {
      collector.add(element, { changed: everythingIn(item, type.element, gaps), removed: leaf });
    } else {
      const comparison = compareValues(old[0] ?? null, item, type.element, gaps);
      if (comparison !== undefined) collector.add(element, comparison);
    }
  }
  for (const [element, items] of before) {
    if (!after.has(element)) collector.remove(element, items.length > 1 ? leaf : everythingIn(items[0] ?? null, type.element, gaps));
  }
  return collector.finish();
}

/** The node of a value that the other side has not at all: its own path and every path below it. */
export function everythingIn(value: Json, type: FieldType, gaps: Gaps): FieldsV1 {
  if (Array.isArray(value)) {
    if (type.kind !== 'list' || type.relation === 'atomic') return leaf;
    const node = beginNode();
    for (const [element, items] of indexItems(value, type)) {
      node[element] = items.length > 1 ? leaf : everythingIn(items[0] ?? null, type.element, gaps);
    }
    return endNode(node);
  }
  if (!isMap(value) || isOwnedWhole(type)) return leaf;
  const node = beginNode();
  for (const name of Object.keys(value)) {
    const field = getKey(value, name);
    if (field !== undefined) node[fieldElement(name)] = everythingIn(field, typeOfField(type, name), gaps);
  }
  if (gaps === 'filled' && type.kind === 'map') addImplied(node, value, type);
  return endNode(node);
}

function addImplied(node: { [element: string]: FieldsV1 }, value: JsonMap, type: MapType): void {
  for (const [name, implied] of Object.entries(type.implied)) {
    if (!Object.hasOwn(value, name)) node[fieldElement(name)] = everythingIn(implied, typeOfField(type, name), 'filled');
  }
}

/** Whether a map of this type has no paths below it. */
function isOwnedWhole(type: FieldType): boolean {
  switch (type.kind) {
    case 'map':
      return type.atomic;
    case 'untyped':
      return !type.deduced;
    default:
      return true;
  }
}
