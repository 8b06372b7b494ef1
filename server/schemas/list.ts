import type { StructuralSchema } from './structural.ts';

const anything: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const items: StructuralSchema = { type: 'array', items: anything };

/** What clients look at in a `List`: other fields of it they leave alone. */
export const anyList: StructuralSchema = { ...anything, properties: { items } };

/** What the list of one kind has beside its type; what its items are like is told of each. */
export const typedList: StructuralSchema = {
  type: 'object',
  properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: anything, items },
};
