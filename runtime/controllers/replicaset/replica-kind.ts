import type { ReplicaSet } from '../../api/generated/types/apps/v1.ts';
import type { ReplicationController } from '../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../api/object.ts';
import type { ResourceRef } from '../../client/client.ts';
import { replicaSets, replicationControllers } from '../../client/resources.ts';

/** What sets apart the two kinds that keep a number of pods running: one controller serves both, seeing each as a ReplicaSet. */
export interface ReplicaKind<T extends KubeObject> {
  readonly ref: ResourceRef<T>;
  readonly name: string;
  /** The name of its work queue. */
  readonly queue: string;
  /** Names the source of its events. */
  readonly component: string;
  view(object: T): ReplicaSet;
  /** The object with the status put into it. */
  withStatus(object: T, status: ReplicaSet['status']): T;
}

export const replicaSetKind: ReplicaKind<ReplicaSet> = {
  ref: replicaSets,
  name: 'replicaset-controller',
  queue: 'replicaset',
  component: 'replicaset-controller',
  view: (set) => set,
  withStatus: (set, status) => ({ ...set, ...(status === undefined ? {} : { status }) }),
};

export const replicationControllerKind: ReplicaKind<ReplicationController> = {
  ref: replicationControllers,
  name: 'replicationcontroller-controller',
  queue: 'replicationmanager',
  component: 'replication-controller',
  view({ spec, ...object }) {
    const { selector, ...rest } = spec ?? {};
    return { ...object, spec: { ...rest, selector: selector === undefined ? {} : { matchLabels: selector } } };
  },
  withStatus(object, status) {
    const { terminatingReplicas: _, ...known } = status ?? { replicas: 0 };
    return { ...object, status: known };
  },
};
