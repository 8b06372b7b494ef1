import type { Namespace } from '../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../api/object.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import type { Informer } from '../../client/informer.ts';
import { nameOf, namespaceOf } from '../../client/object-key.ts';
import { namespaces } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from './context.ts';
import { isNamespaceTerminating } from './pod-control.ts';

export interface PerNamespaceOptions<T extends KubeObject> {
  readonly name: string;
  readonly informer: Informer<T>;
  /** The object each namespace must have. */
  readonly objectName: string;
  /** Makes or mends the object in a namespace. */
  readonly ensure: (namespace: string) => Promise<void>;
}

/** A controller that keeps one object in every namespace that is not being deleted. */
export function createPerNamespaceController<T extends KubeObject>(
  context: ControllerContext,
  options: PerNamespaceOptions<T>,
): Controller {
  const { informers, log } = context;
  const { name, informer, objectName, ensure } = options;
  const namespaceInformer = informers.for(namespaces);
  const queue = queueFor(context, name);

  const namespaceChanged = (namespace: Namespace) => queue.add(nameOf(namespace));
  const objectChanged = (object: T) => {
    if (nameOf(object) === objectName) queue.add(namespaceOf(object));
  };
  namespaceInformer.on({ added: namespaceChanged, updated: namespaceChanged });
  informer.on({ updated: objectChanged, deleted: objectChanged });

  const reconcile = async (key: string) => {
    const namespace = namespaceInformer.lister.get('', key);
    if (namespace === undefined || namespace.metadata?.deletionTimestamp !== undefined || namespace.status?.phase === 'Terminating') return;
    try {
      await ensure(key);
    } catch (error) {
      // The cache is behind: the namespace is gone or going.
      if (!isNamespaceTerminating(error) && !isReason(error, 'NotFound')) throw error;
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([namespaceInformer.synced(), informer.synced()]);
      await runController({ name, queue, workers: 1, reconcile, signal, log });
    },
  };
}
