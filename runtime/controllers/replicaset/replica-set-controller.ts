import { jsonEqual } from '../../api/equality.ts';
import type { ReplicaSet } from '../../api/generated/types/apps/v1.ts';
import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { OwnerReference } from '../../api/generated/types/meta/v1.ts';
import type { KubeObject } from '../../api/object.ts';
import { selectorFromLabelSelector } from '../../api/selectors/labels.ts';
import { ApiError, isReason } from '../../client/client.ts';
import { runController, Unfulfilled } from '../../client/controller.ts';
import { keyOf, nameOf, namespaceOf, splitKey, uidOf } from '../../client/object-key.ts';
import { pods } from '../../client/resources.ts';
import { claimObjects } from '../common/claim.ts';
import { type Controller, type ControllerContext, queueFor, recorderFor } from '../common/context.ts';
import { Expectations } from '../common/expectations.ts';
import { controllerOf, controllerReference, indexByController, ownedBy } from '../common/owners.ts';
import { createPodControl, isNamespaceTerminating } from '../common/pod-control.ts';
import { isPodActive, isPodTerminating, readySince } from '../common/pods.ts';
import { slowStart } from '../common/slow-start.ts';
import { podsToDelete } from './pod-ranking.ts';
import { type ReplicaKind, replicaSetKind, replicationControllerKind } from './replica-kind.ts';
import { replicaSetStatus } from './status.ts';

/** Most pods created or deleted in one go. */
const burstReplicas = 500;
/** How long changes of pods are gathered before the status is counted again, in milliseconds: many pods that start together cost one write. */
const gatherTime = 20;
const workers = 5;

/** Keeps as many pods as each ReplicaSet asks for. */
export function createReplicaSetController(context: ControllerContext): Controller {
  return createReplicaController(context, replicaSetKind);
}

/** Keeps as many pods as each ReplicationController asks for. */
export function createReplicationController(context: ControllerContext): Controller {
  return createReplicaController(context, replicationControllerKind);
}

/** Follows `pkg/controller/replicaset` of Kubernetes. */
function createReplicaController<T extends KubeObject>(context: ControllerContext, kind: ReplicaKind<T>): Controller {
  const { client, informers, clock, log } = context;
  const owners = informers.for(kind.ref);
  const podInformer = informers.for(pods);
  indexByController(owners);
  indexByController(podInformer);
  const queue = queueFor(context, kind.queue);
  const expectations = new Expectations(clock);
  const recorder = recorderFor(context, kind.component);
  const podControl = createPodControl(client, recorder);
  const resource = client.resource(kind.ref);

  const resolve = (namespace: string, reference: OwnerReference | undefined): T | undefined => {
    if (reference?.kind !== kind.ref.kind) return undefined;
    const owner = owners.lister.get(namespace, reference.name);
    return owner !== undefined && uidOf(owner) === reference.uid ? owner : undefined;
  };
  const matching = (pod: Pod): T[] =>
    pod.metadata?.labels === undefined
      ? []
      : owners.lister
          .list(namespaceOf(pod))
          .filter((owner) => selectorFromLabelSelector(kind.view(owner).spec?.selector).matches(pod.metadata?.labels));

  const podGone = (pod: Pod) => {
    const owner = resolve(namespaceOf(pod), controllerOf(pod));
    if (owner === undefined) return;
    expectations.deletionObserved(keyOf(owner), uidOf(pod));
    queue.addAfter(keyOf(owner), gatherTime);
  };
  const podAdded = (pod: Pod) => {
    if (isPodTerminating(pod)) {
      podGone(pod);
      return;
    }
    const reference = controllerOf(pod);
    if (reference === undefined) {
      for (const owner of matching(pod)) queue.add(keyOf(owner));
      return;
    }
    const owner = resolve(namespaceOf(pod), reference);
    if (owner === undefined) return;
    expectations.creationObserved(keyOf(owner));
    queue.addAfter(keyOf(owner), gatherTime);
  };
  const podUpdated = (pod: Pod, previous: Pod) => {
    if (isPodTerminating(pod)) {
      podGone(pod);
      return;
    }
    const reference = controllerOf(pod);
    const before = controllerOf(previous);
    if (before !== undefined && before.uid !== reference?.uid) {
      const owner = resolve(namespaceOf(pod), before);
      if (owner !== undefined) queue.add(keyOf(owner));
    }
    if (reference === undefined) {
      if (before !== undefined || !jsonEqual(pod.metadata?.labels, previous.metadata?.labels)) {
        for (const owner of matching(pod)) queue.add(keyOf(owner));
      }
      return;
    }
    const owner = resolve(namespaceOf(pod), reference);
    if (owner !== undefined) queue.addAfter(keyOf(owner), gatherTime);
  };

  owners.on({
    added: (owner) => queue.add(keyOf(owner)),
    updated(owner, previous) {
      if (uidOf(owner) !== uidOf(previous)) expectations.forget(keyOf(owner));
      queue.add(keyOf(owner));
    },
    deleted(owner) {
      expectations.forget(keyOf(owner));
      queue.add(keyOf(owner));
    },
  });
  podInformer.on({ added: podAdded, updated: podUpdated, deleted: podGone });

  /** Pods that share nodes with a set's pods as replicas of the same thing: those of all sets of its controller. */
  const relatedPods = (owner: T): Pod[] => {
    const controller = controllerOf(owner);
    const siblings = controller === undefined ? [owner] : ownedBy(owners, controller.uid);
    return siblings.flatMap((sibling) => ownedBy(podInformer, uidOf(sibling))).filter(isPodActive);
  };

  const createPods = async (owner: T, set: ReplicaSet, count: number) => {
    const key = keyOf(owner);
    const reference = controllerReference(owner, kind.ref);
    expectations.expectCreations(key, count);
    const { successes, error } = await slowStart(count, async () => {
      try {
        await podControl.create(owner, reference, set.spec?.template);
      } catch (error) {
        // No pod will come up here any more, and that is as it should be.
        if (!isNamespaceTerminating(error)) throw error;
      }
    });
    expectations.creationObserved(key, count - successes);
    return error;
  };

  const deletePods = async (owner: T, active: readonly Pod[], count: number) => {
    const key = keyOf(owner);
    const doomed = podsToDelete(active, relatedPods(owner), count, clock.now());
    expectations.expectDeletions(key, doomed.map(uidOf));
    let failure: unknown;
    await Promise.all(
      doomed.map(async (pod) => {
        try {
          await podControl.delete(owner, pod);
        } catch (error) {
          expectations.deletionObserved(key, uidOf(pod));
          if (!isReason(error, 'NotFound')) failure ??= error;
        }
      }),
    );
    return failure;
  };

  /** Gives what went wrong, if anything did. */
  const managePods = async (owner: T, set: ReplicaSet, active: readonly Pod[]): Promise<unknown> => {
    const difference = active.length - (set.spec?.replicas ?? 1);
    if (difference < 0) return createPods(owner, set, Math.min(-difference, burstReplicas));
    if (difference > 0) return deletePods(owner, active, Math.min(difference, burstReplicas));
    return undefined;
  };

  const reconcile = async (key: string) => {
    const { namespace, name } = splitKey(key);
    const owner = owners.lister.get(namespace, name);
    if (owner === undefined) {
      expectations.forget(key);
      return;
    }
    const set = kind.view(owner);
    const manage = expectations.satisfied(key) && owner.metadata?.deletionTimestamp === undefined;
    const selector = selectorFromLabelSelector(set.spec?.selector);
    const owned = await claimObjects({ client, owner, ownerRef: kind.ref, selector, informer: podInformer, ref: pods });
    const active = owned.filter(isPodActive);
    const failure = manage ? await managePods(owner, set, active) : undefined;
    const status = replicaSetStatus(set, active, owned, failure, clock.now());
    if (!jsonEqual(kind.withStatus(owner, status), owner)) await writeStatus(owner, status);
    // What the API server refuses, an event and a condition tell already.
    if (failure instanceof ApiError) throw new Unfulfilled(failure.message);
    if (failure !== undefined) throw failure;
    watchAvailability(key, set, active);
  };

  const writeStatus = async (owner: T, status: ReplicaSet['status']) => {
    try {
      await resource.update(kind.withStatus(owner, status), 'status');
    } catch (error) {
      if (isReason(error, 'NotFound')) return;
      if (!isReason(error, 'Conflict')) throw error;
      // The cache is behind; the counts are of the pods and as good on top of the newer object.
      const fresh = await resource.get(nameOf(owner), namespaceOf(owner));
      if (uidOf(fresh) === uidOf(owner)) await resource.update(kind.withStatus(fresh, status), 'status');
    }
  };

  /** Comes back when the next ready pod will have been ready for long enough. */
  const watchAvailability = (key: string, set: ReplicaSet, active: readonly Pod[]) => {
    const minReady = (set.spec?.minReadySeconds ?? 0) * 1000;
    if (minReady === 0) return;
    const now = clock.now();
    let soonest = Number.POSITIVE_INFINITY;
    for (const pod of active) {
      const since = readySince(pod);
      if (since === undefined) continue;
      const due = since + minReady - now;
      if (due > 0) soonest = Math.min(soonest, due);
    }
    if (Number.isFinite(soonest)) queue.addAfter(key, soonest);
  };

  return {
    name: kind.name,
    async run(signal) {
      await Promise.all([owners.synced(), podInformer.synced()]);
      await runController({ name: kind.name, queue, workers, reconcile, signal, log });
    },
  };
}
