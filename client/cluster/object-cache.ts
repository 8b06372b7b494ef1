import type { CustomResourceDefinition } from '../../runtime/api/generated/types/apiextensions/v1.ts';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../runtime/api/generated/types/apps/v1.ts';
import type { CronJob, Job } from '../../runtime/api/generated/types/batch/v1.ts';
import type {
  ConfigMap,
  Event,
  Namespace,
  Node,
  PersistentVolumeClaim,
  Pod,
  Secret,
  Service,
  ServiceAccount,
} from '../../runtime/api/generated/types/core/v1.ts';
import type { Ingress, IngressClass, NetworkPolicy } from '../../runtime/api/generated/types/networking/v1.ts';
import type { RuntimeClass } from '../../runtime/api/generated/types/node/v1.ts';
import type { ClusterRole, Role } from '../../runtime/api/generated/types/rbac/v1.ts';
import type { PriorityClass } from '../../runtime/api/generated/types/scheduling/v1.ts';
import type { StorageClass } from '../../runtime/api/generated/types/storage/v1.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { Unsubscribe } from './unsubscribe.ts';

/** Of an object that is followed for its name alone: the names of what it holds, as its managed fields tell them. */
export interface Held {
  readonly keys?: readonly string[];
}

/** What is watched, by plural, with the type of its objects. */
export interface Watched {
  nodes: Node;
  namespaces: Namespace;
  pods: Pod;
  replicasets: ReplicaSet;
  deployments: Deployment;
  statefulsets: StatefulSet;
  daemonsets: DaemonSet;
  jobs: Job;
  cronjobs: CronJob;
  services: Service;
  ingresses: Ingress;
  networkpolicies: NetworkPolicy;
  configmaps: ConfigMap & Held;
  secrets: Secret & Held;
  serviceaccounts: ServiceAccount;
  persistentvolumeclaims: PersistentVolumeClaim;
  events: Event;
  storageclasses: StorageClass;
  priorityclasses: PriorityClass;
  ingressclasses: IngressClass;
  runtimeclasses: RuntimeClass;
  roles: Role;
  clusterroles: ClusterRole;
  customresourcedefinitions: CustomResourceDefinition;
}

export type WatchedPlural = keyof Watched;

export interface WatchedResource {
  readonly group: string;
  readonly version: string;
  readonly plural: WatchedPlural;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Ask for the metadata alone: what stands in it is nobody's business here. */
  readonly metadataOnly?: true;
}

/** The resources the views and the language server follow, in the order they are listed. */
export const watchedResources: readonly WatchedResource[] = [
  { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false },
  { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false },
  { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'replicasets', kind: 'ReplicaSet', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'daemonsets', kind: 'DaemonSet', namespaced: true },
  { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true },
  { group: 'batch', version: 'v1', plural: 'cronjobs', kind: 'CronJob', namespaced: true },
  { group: '', version: 'v1', plural: 'services', kind: 'Service', namespaced: true },
  { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', kind: 'Ingress', namespaced: true },
  { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies', kind: 'NetworkPolicy', namespaced: true },
  { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true, metadataOnly: true },
  { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true, metadataOnly: true },
  { group: '', version: 'v1', plural: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true, metadataOnly: true },
  { group: '', version: 'v1', plural: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', namespaced: true },
  { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true },
  { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses', kind: 'StorageClass', namespaced: false, metadataOnly: true },
  { group: 'scheduling.k8s.io', version: 'v1', plural: 'priorityclasses', kind: 'PriorityClass', namespaced: false, metadataOnly: true },
  { group: 'networking.k8s.io', version: 'v1', plural: 'ingressclasses', kind: 'IngressClass', namespaced: false, metadataOnly: true },
  { group: 'node.k8s.io', version: 'v1', plural: 'runtimeclasses', kind: 'RuntimeClass', namespaced: false, metadataOnly: true },
  { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'roles', kind: 'Role', namespaced: true, metadataOnly: true },
  { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterroles', kind: 'ClusterRole', namespaced: false, metadataOnly: true },
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
  },
];

/** `namespace/name`, or the name of what has no namespace. */
export function keyOf(object: KubeObject): string {
  const { namespace, name } = object.metadata ?? {};
  return namespace === undefined ? (name ?? '') : `${namespace}/${name ?? ''}`;
}

/** The objects that are watched, by resource and key. Says which resources changed, at most once per `interval`. */
export class ObjectCache {
  readonly #stores = new Map<WatchedPlural, Map<string, KubeObject>>();
  readonly #synced = new Set<WatchedPlural>();
  readonly #listeners = new Set<(changed: ReadonlySet<WatchedPlural>) => void>();
  readonly #interval: number;
  #changed = new Set<WatchedPlural>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `interval`: the shortest time between two notices, in milliseconds. */
  constructor(interval = 250) {
    this.#interval = interval;
  }

  /** The objects of one resource, in no particular order. */
  list<P extends WatchedPlural>(plural: P): readonly Watched[P][] {
    return [...(this.#stores.get(plural)?.values() ?? [])] as Watched[P][];
  }

  get<P extends WatchedPlural>(plural: P, key: string): Watched[P] | undefined {
    return this.#stores.get(plural)?.get(key) as Watched[P] | undefined;
  }

  /** Whether every resource that a view cannot do without has been listed once. */
  get ready(): boolean {
    return (['nodes', 'namespaces', 'pods'] as const).every((plural) => this.#synced.has(plural));
  }

  onChange(listener: (changed: ReadonlySet<WatchedPlural>) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a full list in place of what was there. */
  replace(plural: WatchedPlural, objects: readonly KubeObject[]): void {
    this.#stores.set(plural, new Map(objects.map((object) => [keyOf(object), object])));
    this.#synced.add(plural);
    this.#touch(plural);
  }

  put(plural: WatchedPlural, object: KubeObject): void {
    const store = this.#stores.get(plural) ?? new Map<string, KubeObject>();
    this.#stores.set(plural, store);
    store.set(keyOf(object), object);
    this.#touch(plural);
  }

  remove(plural: WatchedPlural, object: KubeObject): void {
    if (this.#stores.get(plural)?.delete(keyOf(object))) this.#touch(plural);
  }

  /** Forgets everything: another cluster, or none, is next. */
  clear(): void {
    for (const plural of this.#stores.keys()) this.#touch(plural);
    this.#stores.clear();
    this.#synced.clear();
  }

  #touch(plural: WatchedPlural): void {
    this.#changed.add(plural);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changed = this.#changed;
      this.#changed = new Set();
      for (const listener of this.#listeners) listener(changed);
    }, this.#interval);
  }
}
