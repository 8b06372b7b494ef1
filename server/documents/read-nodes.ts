import type { Range, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/** Nodes of which it is known where they begin, where their values end, and where all that belongs to them does: comments and line breaks, too. */
type Ranged<Node> = Node & { range: Range };

export type ReadScalar = Ranged<Scalar>;
export type ReadCollection = Ranged<YAMLMap<ReadScalar, ReadValue>> | Ranged<YAMLSeq<ReadValue>>;
export type ReadValue = ReadScalar | ReadCollection;

/** Writes down how a scalar is written and where. */
export function written(scalar: Scalar, source: string, type: Scalar.Type, start: number, end: number): ReadScalar {
  scalar.range = [start, end, end];
  // In this order the library does it, too: so all scalars have the same shape.
  scalar.source = source;
  scalar.type = type;
  return scalar as ReadScalar;
}

export function ranged(collection: YAMLMap<ReadScalar, ReadValue> | YAMLSeq<ReadValue>, range: Range): ReadCollection {
  collection.range = range;
  return collection as ReadCollection;
}
