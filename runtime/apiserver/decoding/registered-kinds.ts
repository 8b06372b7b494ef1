/**
 * Kinds of versions that Kubernetes 1.36 reads, whether it serves them or not: objects of them are understood, and refused for their version alone.
 * Follows the `register.go` of `k8s.io/api`, which `pkg/api/legacyscheme` knows in full.
 */
const kindsByVersion: Readonly<Record<string, readonly string[]>> = {
  'admissionregistration.k8s.io/v1alpha1': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
  ],
  'admissionregistration.k8s.io/v1beta1': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apps/v1beta1': ['ControllerRevision', 'Deployment', 'DeploymentRollback', 'Scale', 'StatefulSet'],
  'apps/v1beta2': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'Scale', 'StatefulSet'],
  'authentication.k8s.io/v1alpha1': ['SelfSubjectReview'],
  'authentication.k8s.io/v1beta1': ['SelfSubjectReview', 'TokenReview'],
  'authorization.k8s.io/v1beta1': ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  'batch/v1beta1': ['CronJob'],
  'certificates.k8s.io/v1alpha1': ['ClusterTrustBundle'],
  'certificates.k8s.io/v1beta1': ['CertificateSigningRequest', 'ClusterTrustBundle', 'PodCertificateRequest'],
  'coordination.k8s.io/v1alpha2': ['LeaseCandidate'],
  'coordination.k8s.io/v1beta1': ['Lease', 'LeaseCandidate'],
  'discovery.k8s.io/v1beta1': ['EndpointSlice'],
  'events.k8s.io/v1beta1': ['Event'],
  'extensions/v1beta1': ['DaemonSet', 'Deployment', 'DeploymentRollback', 'Ingress', 'NetworkPolicy', 'ReplicaSet', 'Scale'],
  'flowcontrol.apiserver.k8s.io/v1beta1': ['FlowSchema', 'PriorityLevelConfiguration'],
  'flowcontrol.apiserver.k8s.io/v1beta2': ['FlowSchema', 'PriorityLevelConfiguration'],
  'flowcontrol.apiserver.k8s.io/v1beta3': ['FlowSchema', 'PriorityLevelConfiguration'],
  'internal.apiserver.k8s.io/v1alpha1': ['StorageVersion'],
  'networking.k8s.io/v1beta1': ['IPAddress', 'Ingress', 'IngressClass', 'ServiceCIDR'],
  'node.k8s.io/v1alpha1': ['RuntimeClass'],
  'node.k8s.io/v1beta1': ['RuntimeClass'],
  'policy/v1beta1': ['Eviction', 'PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1alpha1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'rbac.authorization.k8s.io/v1beta1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'resource.k8s.io/v1alpha3': ['DeviceTaintRule', 'ResourcePoolStatusRequest'],
  'resource.k8s.io/v1beta1': ['DeviceClass', 'ResourceClaim', 'ResourceClaimTemplate', 'ResourceSlice'],
  'resource.k8s.io/v1beta2': ['DeviceClass', 'DeviceTaintRule', 'ResourceClaim', 'ResourceClaimTemplate', 'ResourceSlice'],
  'scheduling.k8s.io/v1alpha2': ['PodGroup', 'Workload'],
  'scheduling.k8s.io/v1beta1': ['PriorityClass'],
  'storage.k8s.io/v1alpha1': ['CSIStorageCapacity', 'VolumeAttachment', 'VolumeAttributesClass'],
  'storage.k8s.io/v1beta1': ['CSIDriver', 'CSINode', 'CSIStorageCapacity', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
  'storagemigration.k8s.io/v1beta1': ['StorageVersionMigration'],
};

/** Groups whose kinds of a name are one and the same inside, so that each is read as the other. */
const sharedKinds: Readonly<Record<string, readonly string[]>> = {
  DaemonSet: ['apps', 'extensions'],
  Deployment: ['apps', 'extensions'],
  Event: ['', 'events.k8s.io'],
  Ingress: ['extensions', 'networking.k8s.io'],
  NetworkPolicy: ['extensions', 'networking.k8s.io'],
  ReplicaSet: ['apps', 'extensions'],
  Scale: ['apps', 'autoscaling', 'extensions'],
};

/** Whether the version is one of those that are read without being served as a matter of course. */
export function isReadVersion(apiVersion: string): boolean {
  return Object.hasOwn(kindsByVersion, apiVersion);
}

/** Whether such a version has the kind. */
export function isReadKind(apiVersion: string, kind: string): boolean {
  return isReadVersion(apiVersion) && kindsByVersion[apiVersion]?.includes(kind) === true;
}

/** Whether objects of the kind are the same in both groups. */
export function isSharedKind(kind: string, group: string, other: string): boolean {
  if (group === other) return true;
  const groups = Object.hasOwn(sharedKinds, kind) ? (sharedKinds[kind] ?? []) : [];
  return groups.includes(group) && groups.includes(other);
}
