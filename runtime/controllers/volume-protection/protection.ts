import type { KubeObject } from '../../api/object.ts';
import { isReason, type ResourceRef } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { keyOf, namespaceOf, splitKey } from '../../client/object-key.ts';
import type { WorkQueue } from '../../client/work-queue.ts';
import type { Controller, ControllerContext } from '../common/context.ts';

export interface ProtectionOptions<T extends KubeObject> {
  readonly name: string;
  readonly ref: ResourceRef<T>;
  readonly finalizer: string;
  /** Whether something still needs the object. */
  readonly isUsed: (object: T) => boolean | Promise<boolean>;
  /** Caches that `isUsed` reads. */
  readonly synced: () => Promise<unknown>;
  readonly queue: WorkQueue;
}

/** A controller that puts a finalizer on objects and takes it off those that are to go once nothing uses them. */
export function createProtectionController<T extends KubeObject>(context: ControllerContext, options: ProtectionOptions<T>): Controller {
  const { client, informers, log } = context;
  const { name, ref, finalizer, isUsed, queue } = options;
  const informer = informers.for(ref);
  const resource = client.resource(ref);
  const changed = (object: T) => {
    const isHeld = object.metadata?.finalizers?.includes(finalizer) === true;
    const isGoing = object.metadata?.deletionTimestamp !== undefined;
    if (isHeld === isGoing) queue.add(keyOf(object));
  };
  informer.on({ added: changed, updated: changed });

  const reconcile = async (key: string) => {
    const { namespace, name: objectName } = splitKey(key);
    const object = informer.lister.get(namespace, objectName);
    if (object === undefined) return;
    const finalizers = object.metadata?.finalizers ?? [];
    const isGoing = object.metadata?.deletionTimestamp !== undefined;
    if (finalizers.includes(finalizer) !== isGoing || (isGoing && (await isUsed(object)))) return;
    const kept = isGoing ? finalizers.filter((each) => each !== finalizer) : [...finalizers, finalizer];
    try {
      await resource.update({ ...object, metadata: { ...object.metadata, finalizers: kept } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([informer.synced(), options.synced()]);
      await runController({ name, queue, workers: 1, reconcile, signal, log });
    },
  };
}

/** The key of a claim that a pod or volume names. */
export function claimKey(object: KubeObject, claim: string): string {
  return `${namespaceOf(object)}/${claim}`;
}
