import type { PersistentVolumeClaim, Pod } from '../../api/generated/types/core/v1.ts';
import { keyOf, nameOf, namespaceOf } from '../../client/object-key.ts';
import { persistentVolumeClaims, pods } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { claimKey, createProtectionController } from './protection.ts';

const claimIndex = 'persistentvolumeclaim';

/** Keeps claims until no pod on a node uses them; after `pkg/controller/volume/pvcprotection` of Kubernetes. */
export function createPvcProtectionController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const informer = informers.for(pods);
  const queue = queueFor(context, 'pvcprotection');
  informer.addIndex(claimIndex, claimsOf);
  const freed = (pod: Pod) => {
    for (const key of claimsOf(pod)) queue.add(key);
  };
  informer.on({ updated: freed, deleted: freed });
  // A pod that is not on a node does not count: its kubelet will not start it with a claim that is going.
  const uses = (pod: Pod, claim: PersistentVolumeClaim) => Boolean(pod.spec?.nodeName) && claimsOf(pod).includes(keyOf(claim));
  return createProtectionController(context, {
    name: 'persistentvolumeclaim-protection-controller',
    ref: persistentVolumeClaims,
    finalizer: 'kubernetes.io/pvc-protection',
    queue,
    synced: () => informer.synced(),
    async isUsed(claim) {
      if (informer.lister.byIndex(claimIndex, keyOf(claim)).some((pod) => uses(pod, claim))) return true;
      // The cache may be behind, and a volume must not be taken from under a pod.
      const { items } = await client.resource(pods).list({ namespace: namespaceOf(claim) });
      return items.some((pod) => uses(pod, claim));
    },
  });
}

/** The keys of the claims that a pod's volumes name, those made for the pod included. */
function claimsOf(pod: Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral === undefined ? undefined : `${nameOf(pod)}-${name}`);
    return claim === undefined ? [] : [claimKey(pod, claim)];
  });
}
