import type { ManagedFieldsEntry } from '../generated/types/meta/v1.ts';
import { difference, type FieldsV1, hasPath, isEmptySet, leaf } from './fields-v1.ts';
import { fieldsOf, isSameManager, sortEntries } from './managed-fields.ts';
import { fieldElement } from './path-element.ts';

const scaleVersion = 'autoscaling/v1';
const replicasInScale = ['spec', 'replicas'];

/** Where a kind has its number of replicas, field by field: `['spec', 'replicas']`. */
export type ReplicasPath = readonly string[];

function elementsOf(path: ReplicasPath): string[] {
  return path.map(fieldElement);
}

function setOf(path: ReplicasPath): FieldsV1 {
  return elementsOf(path).reduceRight<FieldsV1>((node, element) => ({ [element]: node }), leaf);
}

/**
 * The managedFields of a Scale: those entries of the object it scales that own its replicas. Follows apimachinery's
 * `managedfields.ScaleHandler`.
 */
export function scaleEntriesOf(entries: readonly ManagedFieldsEntry[], path: ReplicasPath): ManagedFieldsEntry[] {
  const elements = elementsOf(path);
  return sortEntries(
    entries
      .filter((entry) => hasPath(fieldsOf(entry), elements))
      .map((entry) => ({ ...entry, apiVersion: scaleVersion, fieldsV1: setOf(replicasInScale) })),
  );
}

/**
 * The managedFields of an object after its Scale was written: whoever owns the Scale's replicas now owns the object's. As upstream has it, an
 * entry that is made for that bears no time, and an updater's replicas always get an entry of their own.
 *
 * @param entries those of the object before
 * @param scaleEntries those of the Scale after, made from `scaleEntriesOf`
 * @param apiVersion the object's own
 */
export function entriesAfterScale(
  entries: readonly ManagedFieldsEntry[],
  scaleEntries: readonly ManagedFieldsEntry[],
  apiVersion: string,
  path: ReplicasPath,
): ManagedFieldsEntry[] | undefined {
  const elements = elementsOf(path);
  const replicas = setOf(path);
  const owners = scaleEntries
    .filter((entry) => hasPath(fieldsOf(entry), elementsOf(replicasInScale)))
    .map(({ time: _, ...entry }): ManagedFieldsEntry => ({ ...entry, apiVersion, fieldsV1: replicas }));
  const kept: ManagedFieldsEntry[] = [];
  for (const entry of entries) {
    const set = fieldsOf(entry);
    const still = entry.operation === 'Apply' ? owners.findIndex((owner) => isSameManager(owner, entry)) : -1;
    if (!hasPath(set, elements)) kept.push(entry);
    else if (still >= 0) {
      kept.push(entry);
      owners.splice(still, 1);
    } else {
      const rest = difference(set, replicas);
      if (!isEmptySet(rest)) kept.push({ ...entry, fieldsV1: rest });
    }
  }
  const result = sortEntries([...kept, ...owners]);
  return result.length === 0 ? undefined : result;
}
