import { type ApiObject, arrayAt, ensureDict } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';
import { selectableWithoutNamespace } from './selectable.ts';

/** The finalizer that every namespace has until its content is gone. */
const kubernetesFinalizer = 'kubernetes';

/** Rules of `pkg/registry/core/namespace`. */
export const namespaceStrategy: Strategy = {
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
  markDeleting(namespace) {
    namespace.status = { ...ensureDict(namespace, 'status'), phase: 'Terminating' };
    delete namespace.metadata.deletionGracePeriodSeconds;
  },
};

/** Only the subresource `finalize` changes the namespace's own finalizers. */
function keepFinalizers(namespace: ApiObject, old: ApiObject): void {
  namespace.spec = { ...ensureDict(namespace, 'spec'), finalizers: arrayAt(old, 'spec', 'finalizers') };
}

function labelWithName(namespace: ApiObject): void {
  const { name } = namespace.metadata;
  if (name) namespace.metadata.labels = { ...namespace.metadata.labels, 'kubernetes.io/metadata.name': name };
}
