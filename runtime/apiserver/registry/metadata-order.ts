import type { ObjectMeta } from '../../api/generated/types/meta/v1.ts';

/** Metadata in JSON, of which fields may be undefined. */
type WrittenMeta = { readonly [Field in keyof ObjectMeta]: ObjectMeta[Field] | undefined };

/** Metadata to be written, with its fields in the order in which Go writes them: that of its `ObjectMeta`. What is not there is undefined. */
export function inOrder(metadata: WrittenMeta): WrittenMeta {
  return {
    name: metadata.name,
    generateName: metadata.generateName,
    namespace: metadata.namespace,
    selfLink: metadata.selfLink,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    generation: metadata.generation,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    labels: metadata.labels,
    annotations: metadata.annotations,
    ownerReferences: metadata.ownerReferences,
    finalizers: metadata.finalizers,
    managedFields: metadata.managedFields,
  };
}
