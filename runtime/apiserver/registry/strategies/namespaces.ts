import type { DeleteOptions } from '../../../api/generated/types/meta/v1.ts';
import { type ApiObject, arrayAt, ensureDict } from '../api-object.ts';
import { foregroundFinalizer, orphanFinalizer } from '../collection-finalizers.ts';
import type { Strategy } from '../strategy.ts';
import { selectableWithoutNamespace } from './selectable.ts';

/** The finalizer that every namespace has until its content is gone. */
const kubernetesFinalizer = 'kubernetes';

/** Rules of `pkg/registry/core/namespace`. */
export const namespaceStrategy: Strategy = {
  returnsDeleted: true,
  selectable: selectableWithoutNamespace(['status.phase']),
  prepareForCreate(namespace) {
    namespace.status = { phase: 'Active' };
    const spec = ensureDict(namespace, 'spec');
    const finalizers = arrayAt(spec, 'finalizers');
    if (!finalizers.includes(kubernetesFinalizer)) spec.finalizers = [...finalizers, kubernetesFinalizer];
    labelWithName(namespace);
  },
  prepareForUpdate(namespace, old) {
    keepFinalizers(namespace, old);
    labelWithName(namespace);
  },
  plainPreconditions: true,
  isHeld: (namespace) => arrayAt(namespace, 'spec', 'finalizers').length > 0,
  beginDeletion(namespace, request) {
    const { metadata } = namespace;
    namespace.status = { ...ensureDict(namespace, 'status'), phase: 'Terminating' };
    const finalizers = metadata.finalizers ?? [];
    const collected = wantedCollection(finalizers, request);
    const others = finalizers.filter((finalizer) => finalizer !== orphanFinalizer && finalizer !== foregroundFinalizer);
    if (others.length + collected.length > 0) metadata.finalizers = [...others, ...collected];
    else delete metadata.finalizers;
  },
};

/** The finalizers for the garbage collector. Unlike for other kinds, who wants no orphans wants the dependents gone first. */
function wantedCollection(finalizers: readonly string[], { orphanDependents, propagationPolicy }: DeleteOptions): string[] {
  if (orphanDependents !== undefined) return [orphanDependents ? orphanFinalizer : foregroundFinalizer];
  if (propagationPolicy === 'Orphan') return [orphanFinalizer];
  if (propagationPolicy === 'Foreground') return [foregroundFinalizer];
  if (propagationPolicy !== undefined) return [];
  return [orphanFinalizer, foregroundFinalizer].filter((finalizer) => finalizers.includes(finalizer));
}

/** Only the subresource `finalize` changes the namespace's own finalizers. */
function keepFinalizers(namespace: ApiObject, old: ApiObject): void {
  namespace.spec = { ...ensureDict(namespace, 'spec'), finalizers: arrayAt(old, 'spec', 'finalizers') };
}

function labelWithName(namespace: ApiObject): void {
  const { name } = namespace.metadata;
  if (name) namespace.metadata.labels = { ...namespace.metadata.labels, 'kubernetes.io/metadata.name': name };
}
