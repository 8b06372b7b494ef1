import type { Json } from '../object.ts';
import { getKey, isMap, type JsonMap, setKey } from '../patches/json-tree.ts';
import { typeOfField } from './compare.ts';
import type { FieldType, ListType } from './field-types.ts';
import { indexItems, itemElement } from './list-items.ts';

/**
 * Merges a configuration into a live value: what the configuration says wins, what it does not speak of stays. Lists with keys keep the order of
 * the configuration as far as it can be had without moving the other items. Follows structured-merge-diff's `Merge`.
 */
export function mergeValues(live: Json | undefined, config: Json | undefined, type: FieldType): Json | undefined {
  if (config === undefined) return live;
  if (live === undefined || live === config) return config;
  switch (type.kind) {
    case 'map':
      return type.atomic ? config : mergeIfMaps(live, config, type);
    case 'untyped':
      return type.deduced && isMap(live) && isMap(config) ? mergeIfMaps(live, config, type) : config;
    case 'list':
      return type.relation === 'atomic' ? config : mergeIfLists(live, config, type);
    case 'scalar':
      return config;
  }
}

/** Null says no more about the fields of a map than an empty one. */
function mergeIfMaps(live: Json, config: Json, type: FieldType): Json | undefined {
  const left = isMap(live) ? live : undefined;
  const right = isMap(config) ? config : undefined;
  if (left === undefined || Object.keys(left).length === 0) return config;
  if (right === undefined) return config === null ? left : config;
  const merged: JsonMap = { ...left };
  for (const name of Object.keys(right)) {
    const value = mergeValues(getKey(left, name), getKey(right, name), typeOfField(type, name));
    if (value !== undefined) setKey(merged, name, value);
  }
  return merged;
}

function mergeIfLists(live: Json, config: Json, type: ListType): Json {
  if (!Array.isArray(live) || live.length === 0) return config;
  if (!Array.isArray(config)) return config === null ? live : config;
  return mergeLists(live, config, type);
}

/**
 * Walks both lists at once. Items of the configuration come in its order; an item only the live list has stays in front of the next item that
 * both have.
 */
function mergeLists(live: readonly Json[], config: readonly Json[], type: ListType): Json[] {
  const liveItems = indexItems(live, type);
  const configItems = indexItems(config, type);
  const liveOrder = live.map((item) => itemElement(item, type));
  const configOrder = [...configItems.keys()];
  const shared = configOrder.filter((element) => liveItems.has(element));
  const merged: Json[] = [];
  const done = new Set<string>();
  let nextShared = 0;
  let left = 0;
  let right = 0;

  const take = (element: string): void => {
    const before = liveItems.get(element);
    // Of live items with the same keys none is merged: which one would be meant?
    const item = mergeValues(before?.length === 1 ? before[0] : undefined, configItems.get(element)?.[0], type.element);
    if (item !== undefined) merged.push(item);
    done.add(element);
    right++;
    if (shared[nextShared] === element) nextShared++;
  };

  while (left < liveOrder.length || right < configOrder.length) {
    const liveElement = liveOrder[left];
    const configElement = configOrder[right];
    if (liveElement !== undefined && configElement !== undefined) {
      if (liveElement === configElement) {
        take(configElement);
        left++;
        continue;
      }
      if (configItems.has(liveElement) && nextShared < shared.length && shared[nextShared] !== liveElement) {
        left++;
        continue;
      }
    }
    if (liveElement !== undefined) {
      if (!configItems.has(liveElement)) {
        const item = live[left];
        if (item !== undefined) merged.push(item);
        left++;
        continue;
      }
      if (done.has(liveElement)) left++;
    }
    if (configElement !== undefined) take(configElement);
  }
  return merged;
}
