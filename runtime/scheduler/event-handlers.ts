import type { Node, Pod } from '../api/generated/types/core/v1.ts';
import type { Informers } from '../client/informers.ts';
import * as resources from '../client/resources.ts';
import type { ClusterEvent } from './framework/cluster-event.ts';
import type { ClusterSnapshot } from './framework/cluster-snapshot.ts';
import type { Nominator } from './framework/nominator.ts';
import { sameToScheduler, uidOf } from './framework/pods.ts';
import type { SchedulingQueue } from './scheduling-queue.ts';

/** What informers keep up to date. */
export interface Followers {
  readonly snapshot: ClusterSnapshot;
  readonly queue: SchedulingQueue;
  readonly nominator: Nominator;
}

/**
 * Keeps the scheduler's picture of the cluster and its queue up to date, and wakes pods when something happens that may help them.
 * Upstream: `eventhandlers.go` of kube-scheduler.
 * @param name pods that name another scheduler are seen where they are and never queued
 */
export function followCluster(informers: Informers, name: string, followers: Followers): void {
  const { snapshot, queue } = followers;
  const notify = (event: ClusterEvent) => queue.notify(event);
  informers.for(resources.nodes).on({
    added(node) {
      snapshot.setNode(node);
      notify({ type: 'node added', node });
    },
    updated(node, previous) {
      snapshot.setNode(node);
      if (visible(node) !== visible(previous)) notify({ type: 'node updated', node, previous });
    },
    deleted(node) {
      snapshot.removeNode(node.metadata?.name ?? '');
      notify({ type: 'node deleted', node });
    },
  });
  informers.for(resources.pods).on({
    added: (pod) => observe(pod, undefined, name, followers),
    updated: (pod, previous) => observe(pod, previous, name, followers),
    deleted: (pod) => forget(pod, followers),
  });
  informers.for(resources.persistentVolumeClaims).on({
    added: (claim) => notify({ type: 'claim changed', claim }),
    updated: (claim) => notify({ type: 'claim changed', claim }),
  });
  informers.for(resources.persistentVolumes).on({
    added: () => notify({ type: 'volume changed' }),
    updated: () => notify({ type: 'volume changed' }),
  });
  informers.for(resources.storageClasses).on({
    added: () => notify({ type: 'storage class changed' }),
    updated: () => notify({ type: 'storage class changed' }),
  });
  informers.for(resources.namespaces).on({
    updated(namespace, previous) {
      const labels = JSON.stringify(namespace.metadata?.labels);
      if (labels !== JSON.stringify(previous.metadata?.labels)) notify({ type: 'namespace changed' });
    },
  });
}

function observe(pod: Pod, previous: Pod | undefined, name: string, followers: Followers): void {
  const { snapshot, queue, nominator } = followers;
  const uid = uidOf(pod);
  const node = pod.spec?.nodeName;
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') {
    forget(pod, followers);
  } else if (node) {
    queue.remove(uid);
    nominator.remove(uid);
    snapshot.place(pod, node);
    if (!previous?.spec?.nodeName) queue.notify({ type: 'pod added', pod });
    else if (!sameToScheduler(pod, previous)) queue.notify({ type: 'pod updated', pod, previous });
  } else if (pod.metadata?.deletionTimestamp) {
    forget(pod, followers);
  } else if (pod.spec?.schedulerName === name && !pod.spec.schedulingGates?.length) {
    if (!snapshot.isAssumed(uid)) followNomination(pod, previous, nominator);
    queue.add(pod);
  }
}

/** Nominations are made here first and written then, and another scheduler's remain in force after a restart. */
function followNomination(pod: Pod, previous: Pod | undefined, nominator: Nominator): void {
  const uid = uidOf(pod);
  const known = nominator.nodeOf(uid);
  const written = pod.status?.nominatedNodeName || undefined;
  const before = previous?.status?.nominatedNodeName || undefined;
  const node = written === before ? (known ?? written) : written;
  if (node === undefined) nominator.remove(uid);
  else nominator.nominate(pod, node);
}

/** The pod takes no room any more, nor is any kept for it. */
function forget(pod: Pod, { snapshot, queue, nominator }: Followers): void {
  const uid = uidOf(pod);
  queue.remove(uid);
  const nominated = nominator.nodeOf(uid) !== undefined;
  nominator.remove(uid);
  if (snapshot.remove(uid) || nominated) queue.notify({ type: 'pod deleted', pod });
}

/** What plugins look at in a node; its conditions and heartbeats change every few seconds. */
function visible({ spec, metadata, status }: Node): string {
  return JSON.stringify([spec, metadata?.labels, status?.allocatable]);
}
