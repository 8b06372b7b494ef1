import type { ReplicaSet, StatefulSet } from '../../api/generated/types/apps/v1.ts';
import type {
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  ReplicationController,
  Service,
} from '../../api/generated/types/core/v1.ts';
import type { PodDisruptionBudget } from '../../api/generated/types/policy/v1.ts';
import type { StorageClass } from '../../api/generated/types/storage/v1.ts';
import type { Lister } from '../../client/object-cache.ts';

/** What plugins look up beside nodes and pods. */
export interface Listers {
  readonly namespaces: Lister<Namespace>;
  readonly services: Lister<Service>;
  readonly replicaSets: Lister<ReplicaSet>;
  readonly replicationControllers: Lister<ReplicationController>;
  readonly statefulSets: Lister<StatefulSet>;
  readonly claims: Lister<PersistentVolumeClaim>;
  readonly volumes: Lister<PersistentVolume>;
  readonly storageClasses: Lister<StorageClass>;
  readonly disruptionBudgets: Lister<PodDisruptionBudget>;
}
