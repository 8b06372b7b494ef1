import { isMap, isNode, isScalar, isSeq, type Node, YAMLMap, YAMLSeq } from 'yaml';
import type { Tree } from '../documents/tree.ts';
import type { StructuralSchema } from './structural.ts';

/** A value with the defaults of the fields that mappings in it lack; the same value where they lack none. */
export function defaulted(tree: Tree, raw: Node, schema: StructuralSchema): Node {
  const node = tree.resolve(raw);
  if (isMap(node)) return defaultedMap(tree, node, schema) ?? raw;
  if (isSeq(node)) return defaultedList(tree, node, schema) ?? raw;
  return raw;
}

function defaultedMap(tree: Tree, map: YAMLMap, { properties = {}, additionalProperties }: StructuralSchema): YAMLMap | undefined {
  // Null is dropped where the schema has a default and no null.
  const entries = tree.entries(map).filter(({ name, value }) => {
    const field = properties[name];
    return field?.default === undefined || field.nullable || !isNull(tree.resolve(value));
  });
  const written = new Set(entries.map(({ name }) => name));
  const missing = Object.entries(properties).filter(([name, field]) => field.default !== undefined && !written.has(name));
  const changed = entries.flatMap(({ name, key, value }) => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (!value || !schema) return [];
    const after = defaulted(tree, value, schema);
    return after === value ? [] : [{ name, key, value: after }];
  });
  if (missing.length + changed.length === 0) return undefined;
  const whole = new YAMLMap<unknown, unknown>();
  whole.range = map.range ?? null;
  const others = new Map(changed.map((entry) => [entry.name, entry]));
  whole.items = entries.map((entry) => tree.document.createPair(entry.key, (others.get(entry.name) ?? entry).value));
  whole.items.push(...missing.map(([name, field]) => defaultPair(tree, name, field)));
  return whole;
}

function isNull(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** A default may lack fields that have defaults themselves. */
function defaultPair(tree: Tree, name: string, field: StructuralSchema) {
  const pair = tree.document.createPair(name, field.default);
  if (isNode(pair.value)) pair.value = defaulted(tree, pair.value, field);
  return pair;
}

function defaultedList(tree: Tree, list: YAMLSeq, { items }: StructuralSchema): YAMLSeq | undefined {
  if (!items) return undefined;
  const after = list.items.map((item) => (isNode(item) ? defaulted(tree, item, items) : item));
  if (after.every((item, index) => item === list.items[index])) return undefined;
  const whole = new YAMLSeq<unknown>();
  whole.range = list.range ?? null;
  whole.items = after;
  return whole;
}
