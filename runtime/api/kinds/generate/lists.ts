import atomicStructs from '../atomic-structs.json';
import fields from '../fields.json';
import unions from '../unions.json';
import type { Drafts } from './definition.ts';

interface FieldFacts {
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly listType?: string;
  readonly listMapKeys?: readonly string[];
  readonly mapType?: string;
  readonly enum?: readonly string[];
}

/** Adds what stands only in the Go sources: merge keys, list and map types, enums, unions, and which structs are owned as a whole. */
export function addListFacts(drafts: Drafts): void {
  const lists = fields.lists as Readonly<Record<string, Readonly<Record<string, FieldFacts>>>>;
  for (const [type, facts] of Object.entries(lists)) {
    const properties = drafts.get(type.replace(/^k8s\.io\./, 'io.k8s.'))?.properties;
    if (!properties) continue;
    for (const [field, fact] of Object.entries(facts)) {
      const property = properties[field];
      if (!property) continue;
      if (fact.patchStrategy !== undefined) property['x-kubernetes-patch-strategy'] = fact.patchStrategy;
      if (fact.patchMergeKey !== undefined) property['x-kubernetes-patch-merge-key'] = fact.patchMergeKey;
      if (fact.listType !== undefined) property['x-kubernetes-list-type'] = fact.listType;
      if (fact.listMapKeys !== undefined) property['x-kubernetes-list-map-keys'] = fact.listMapKeys;
      if (fact.mapType !== undefined) property['x-kubernetes-map-type'] = fact.mapType;
      const values = property.type === 'array' ? property.items : property;
      if (fact.enum && values?.type === 'string' && !values.enum) values.enum = [...fact.enum];
    }
  }
  for (const name of atomicStructs) {
    const draft = drafts.get(name);
    if (draft) draft['x-kubernetes-map-type'] = 'atomic';
  }
  for (const [name, told] of Object.entries(unions)) {
    const draft = drafts.get(name);
    if (draft) draft['x-kubernetes-unions'] = told;
  }
}
