import { ObjectCache, type Watched, type WatchedPlural } from '../../client/cluster/object-cache.ts';
import type { Deployment, ReplicaSet } from '../../runtime/api/generated/types/apps/v1.ts';
import type { ContainerStatus, Node, Pod } from '../../runtime/api/generated/types/core/v1.ts';

/** A cache filled with these objects. */
export function cacheOf(objects: { readonly [P in WatchedPlural]?: readonly Watched[P][] }): ObjectCache {
  const cache = new ObjectCache(0);
  for (const [plural, list] of Object.entries(objects)) cache.replace(plural as WatchedPlural, list);
  return cache;
}

export function node(name: string, ready = true): Node {
  return {
    metadata: { name, uid: `uid-${name}` },
    status: {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [
        {
          type: 'Ready',
          status: ready ? 'True' : 'Unknown',
          lastTransitionTime: '2026-01-01T00:00:00Z',
          message: 'Kubelet stopped posting node status.',
        },
      ],
    },
  };
}

export interface PodShape {
  readonly name: string;
  readonly node?: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly phase?: string;
  readonly statuses?: readonly Partial<ContainerStatus>[];
  readonly ready?: boolean;
  readonly unschedulable?: string;
  readonly deleted?: boolean;
  readonly cpu?: string;
}

/** A pod with one container `app`, in the state told. */
export function pod(shape: PodShape): Pod {
  const { name, owner } = shape;
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(shape.deleted ? { deletionTimestamp: '2026-01-01T00:01:00Z' } : {}),
      ...(owner === undefined
        ? {}
        : { ownerReferences: [{ apiVersion: 'apps/v1', kind: owner.kind, name: owner.name, uid: `uid-${owner.name}`, controller: true }] }),
    },
    spec: {
      ...(shape.node === undefined ? {} : { nodeName: shape.node }),
      containers: [{ name: 'app', image: 'nginx', ...(shape.cpu === undefined ? {} : { resources: { requests: { cpu: shape.cpu } } }) }],
    },
    status: {
      phase: shape.phase ?? 'Running',
      conditions: [
        ...(shape.unschedulable === undefined
          ? []
          : [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: shape.unschedulable }]),
        { type: 'Ready', status: shape.ready ? 'True' : 'False' },
      ],
      containerStatuses: (shape.statuses ?? []).map((status) => ({
        name: 'app',
        image: 'nginx',
        imageID: '',
        ready: false,
        restartCount: 0,
        ...status,
      })),
    },
  };
}

/** A pod that runs and is ready. */
export function readyPod(name: string, on: string, owner?: { readonly kind: string; readonly name: string }): Pod {
  return pod({
    name,
    node: on,
    ready: true,
    statuses: [{ ready: true, state: { running: {} } }],
    ...(owner === undefined ? {} : { owner }),
  });
}

export function deployment(name: string, replicas: number, ready: number): Deployment {
  return {
    metadata: { name, namespace: 'default', uid: `uid-${name}`, generation: 1 },
    spec: { replicas, selector: {}, template: {} },
    status: { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: ready },
  };
}

export function replicaSet(name: string, of: string, revision: number, replicas: number): ReplicaSet {
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      labels: { 'pod-template-hash': name.split('-').at(-1) ?? '' },
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: of, uid: `uid-${of}`, controller: true }],
    },
    spec: { replicas, selector: {} },
    status: { replicas, readyReplicas: replicas },
  };
}

/** A simulated cluster that runs and holds these objects, as the views see it. */
export function runningCluster(objects: ObjectCache) {
  return {
    name: 'kubeside',
    capabilities: { simulated: true, lifecycle: true },
    state: { phase: 'running' as const },
    version: 'v1.36.0',
    kept: true,
    objects,
  };
}
