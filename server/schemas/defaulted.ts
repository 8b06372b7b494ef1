import { isMap, type Node, YAMLMap } from 'yaml';
import type { Tree } from '../documents/tree.ts';
import type { StructuralSchema } from './structural.ts';

/** A mapping with the defaults of the fields that it lacks; anything else as it is. */
export function defaulted(tree: Tree, raw: Node, { properties = {} }: StructuralSchema): Node {
  const node = tree.resolve(raw);
  if (!isMap(node)) return raw;
  const written = new Set(tree.entries(node).map(({ name }) => name));
  const missing = Object.entries(properties).filter(([name, field]) => field.default !== undefined && !written.has(name));
  if (missing.length === 0) return raw;
  const whole = new YAMLMap<unknown, unknown>();
  whole.range = node.range ?? null;
  whole.items = [...node.items, ...missing.map(([name, field]) => tree.document.createPair(name, field.default))];
  return whole;
}
