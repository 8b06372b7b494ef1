import { compareReleases } from '../../versions/history.ts';

/** Fields that an update may not change, by the type they belong to; `!` before those of a type that may. */
const immutable: Readonly<Record<string, string>> = {
  'meta.v1.ObjectMeta': 'name namespace generateName',
  'apps.v1.DeploymentSpec': 'selector',
  'apps.v1.ReplicaSetSpec': 'selector',
  'apps.v1.DaemonSetSpec': 'selector',
  'apps.v1.StatefulSetSpec': 'serviceName selector volumeClaimTemplates podManagementPolicy',
  'batch.v1.JobSpec': 'selector template completionMode podFailurePolicy backoffLimitPerIndex managedBy successPolicy podReplacementPolicy',
  'core.v1.Secret': 'type',
  'core.v1.PersistentVolumeClaimSpec': 'accessModes storageClassName selector volumeMode dataSource dataSourceRef',
  'core.v1.PersistentVolumeSpec': 'volumeMode csi hostPath local nfs',
  'networking.v1.IngressClassSpec': 'controller',
  'rbac.v1.RoleBinding': 'roleRef',
  'rbac.v1.ClusterRoleBinding': 'roleRef',
  'scheduling.v1.PriorityClass': 'value preemptionPolicy',
  'storage.v1.StorageClass': 'provisioner parameters reclaimPolicy volumeBindingMode',
  'storage.v1.VolumeAttributesClass': 'driverName parameters',
  'node.v1.RuntimeClass': 'handler',
  'resource.v1.ResourceClaim': 'spec',
  'apiextensions.v1.CustomResourceDefinitionSpec': 'group scope',
};

const fields = new Map(Object.entries(immutable).map(([type, names]) => [type, new Set(names.split(' '))]));

/** What may be changed of a running pod. */
const changeable = new Set([
  'core.v1.PodSpec.activeDeadlineSeconds',
  'core.v1.PodSpec.terminationGracePeriodSeconds',
  'core.v1.PodSpec.tolerations',
  'core.v1.PodSpec.schedulingGates',
  'core.v1.Container.image',
]);

/** Since when pods have the subresource `resize`. */
const resizeSince = '1.33';

/** Whether the CPU and memory in a field of a running pod can be changed in place, by its subresource `resize`. Upstream: `ValidatePodResize`. */
export function isResizable(kind: string, owner: string, release: string): boolean {
  const isOfContainer = /^core\.v1\.(Container\.resources$|ResourceRequirements\.(limits|requests)(\.|$))/.test(owner);
  return kind === 'Pod' && isOfContainer && compareReleases(release, resizeSince) >= 0;
}

/** Whether an update may not change a field, `apps.v1.DeploymentSpec.selector`, of an object of a kind. */
export function isImmutable(kind: string, owner: string): boolean {
  const dot = owner.lastIndexOf('.');
  if (fields.get(owner.slice(0, dot))?.has(owner.slice(dot + 1))) return true;
  return (
    kind === 'Pod' && /^core\.v1\.(PodSpec|Container|EnvVar|Volume|VolumeMount|ContainerPort|Probe)\./.test(owner) && !changeable.has(owner)
  );
}
