import type { Json } from '../object.ts';
import { getKey, isMap, type JsonMap } from '../patches/json-tree.ts';
import { typeOfField } from './compare.ts';
import type { FieldType, ListType } from './field-types.ts';
import { below, type FieldsV1, hasElement, leaf, withMember } from './fields-v1.ts';
import { indexItems, itemElement } from './list-items.ts';
import { fieldElement, fieldNameOf } from './path-element.ts';

/** The paths a configuration speaks of: those its author owns by applying it. Undefined if there are none. */
export function fieldSetOf(value: Json, type: FieldType): FieldsV1 | undefined {
  switch (type.kind) {
    case 'scalar':
      return leaf;
    case 'untyped':
      return type.deduced && isMap(value) ? mapFields(value, type) : leaf;
    case 'map':
      if (type.atomic) return leaf;
      return isMap(value) ? mapFields(value, type) : undefined;
    case 'list':
      if (type.relation === 'atomic') return leaf;
      return Array.isArray(value) ? listFields(value, type) : undefined;
  }
}

function mapFields(map: JsonMap, type: FieldType): FieldsV1 | undefined {
  const children: { [element: string]: FieldsV1 } = {};
  for (const name of Object.keys(map)) {
    const value = getKey(map, name);
    if (value === undefined) continue;
    const node = fieldSetOf(value, typeOfField(type, name));
    // Fields of structs are owned by what is in them; entries of maps, and what is empty, by themselves, too.
    const declared = type.kind === 'map' && type.field(name) !== undefined;
    const member = value === null || (isMap(value) && Object.keys(value).length === 0) || !declared;
    if (member) children[fieldElement(name)] = withMember(node ?? leaf);
    else if (node !== undefined) children[fieldElement(name)] = node;
  }
  return Object.keys(children).length === 0 ? undefined : children;
}

function listFields(list: readonly Json[], type: ListType): FieldsV1 | undefined {
  const children: { [element: string]: FieldsV1 } = {};
  for (const [element, items] of indexItems(list, type)) {
    const node = items.length > 1 ? leaf : fieldSetOf(items[0] ?? null, type.element);
    children[element] = withMember(node ?? leaf);
  }
  return Object.keys(children).length === 0 ? undefined : children;
}

/** The set with the paths of structs that it only has something below of. Removing such a path then takes the struct away with its last field. */
export function withNamedFields(set: FieldsV1, type: FieldType): FieldsV1 {
  const result: { [element: string]: FieldsV1 } = {};
  for (const element of Object.keys(set)) {
    const node = set[element] ?? leaf;
    const name = fieldNameOf(element);
    if (element === '.') {
      result[element] = node;
    } else if (name === undefined) {
      result[element] = type.kind === 'list' ? withNamedFields(node, type.element) : node;
    } else {
      const inner = withNamedFields(node, typeOfField(type, name));
      result[element] = type.kind === 'map' && type.field(name) !== undefined ? withMember(inner) : inner;
    }
  }
  return result;
}

/** The value without the paths of a set. Null if nothing is left of it. Follows structured-merge-diff's `RemoveItems`. */
export function removeFields(value: Json, set: FieldsV1, type: FieldType): Json {
  if (Array.isArray(value)) return type.kind === 'list' && type.relation !== 'atomic' ? removeItems(value, set, type) : null;
  if (!isMap(value)) return type.kind === 'scalar' || type.kind === 'untyped' ? value : null;
  if ((type.kind === 'map' && type.atomic) || (type.kind === 'untyped' && !type.deduced)) return null;
  const entries: [string, Json][] = [];
  for (const name of Object.keys(value)) {
    const element = fieldElement(name);
    const field = getKey(value, name);
    if (field === undefined || hasElement(set, element)) continue;
    const inner = below(set, element);
    entries.push([name, inner === undefined ? field : removeInside(field, inner, typeOfField(type, name))]);
  }
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** What holds fields that go stays, if only empty: it does not go itself. */
function removeInside(value: Json, set: FieldsV1, type: FieldType): Json {
  const left = removeFields(value, set, type);
  if (left !== null) return left;
  return Array.isArray(value) ? [] : isMap(value) ? {} : null;
}

function removeItems(list: readonly Json[], set: FieldsV1, type: ListType): Json {
  const items: Json[] = [];
  for (const item of list) {
    const element = itemElement(item, type);
    if (hasElement(set, element)) continue;
    const inner = below(set, element);
    items.push(inner === undefined ? item : removeInside(item, inner, type.element));
  }
  return items.length === 0 ? null : items;
}
