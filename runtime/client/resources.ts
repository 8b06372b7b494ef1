import type { ValidatingAdmissionPolicy } from '../api/generated/types/admissionregistration/v1.ts';
import type { CustomResourceDefinition } from '../api/generated/types/apiextensions/v1.ts';
import type { APIService } from '../api/generated/types/apiregistration/v1.ts';
import type { Deployment, ReplicaSet, StatefulSet } from '../api/generated/types/apps/v1.ts';
import type { SubjectAccessReview } from '../api/generated/types/authorization/v1.ts';
import type { Job } from '../api/generated/types/batch/v1.ts';
import type { CertificateSigningRequest } from '../api/generated/types/certificates/v1.ts';
import type { Lease } from '../api/generated/types/coordination/v1.ts';
import type {
  ConfigMap,
  Endpoints,
  Event,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicationController,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from '../api/generated/types/core/v1.ts';
import type { EndpointSlice } from '../api/generated/types/discovery/v1.ts';
import type { Event as NewerEvent } from '../api/generated/types/events/v1.ts';
import type { FlowSchema, PriorityLevelConfiguration } from '../api/generated/types/flowcontrol/v1.ts';
import type { Ingress, IPAddress, ServiceCIDR } from '../api/generated/types/networking/v1.ts';
import type { PodDisruptionBudget } from '../api/generated/types/policy/v1.ts';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../api/generated/types/rbac/v1.ts';
import type { PriorityClass } from '../api/generated/types/scheduling/v1.ts';
import type { StorageClass } from '../api/generated/types/storage/v1.ts';
import type { KubeObject } from '../api/object.ts';
import type { ResourceRef } from './client.ts';

function namespaced<T extends KubeObject>(group: string, plural: string, kind: string): ResourceRef<T> {
  return { group, version: 'v1', plural, kind, namespaced: true };
}

function clusterScoped<T extends KubeObject>(group: string, plural: string, kind: string): ResourceRef<T> {
  return { group, version: 'v1', plural, kind, namespaced: false };
}

export const configMaps = namespaced<ConfigMap>('', 'configmaps', 'ConfigMap');
export const endpoints = namespaced<Endpoints>('', 'endpoints', 'Endpoints');
export const events = namespaced<Event>('', 'events', 'Event');
export const namespaces = clusterScoped<Namespace>('', 'namespaces', 'Namespace');
export const nodes = clusterScoped<Node>('', 'nodes', 'Node');
export const persistentVolumeClaims = namespaced<PersistentVolumeClaim>('', 'persistentvolumeclaims', 'PersistentVolumeClaim');
export const persistentVolumes = clusterScoped<PersistentVolume>('', 'persistentvolumes', 'PersistentVolume');
export const pods = namespaced<Pod>('', 'pods', 'Pod');
export const replicationControllers = namespaced<ReplicationController>('', 'replicationcontrollers', 'ReplicationController');
export const resourceQuotas = namespaced<ResourceQuota>('', 'resourcequotas', 'ResourceQuota');
export const secrets = namespaced<Secret>('', 'secrets', 'Secret');
export const serviceAccounts = namespaced<ServiceAccount>('', 'serviceaccounts', 'ServiceAccount');
export const services = namespaced<Service>('', 'services', 'Service');

export const validatingAdmissionPolicies = clusterScoped<ValidatingAdmissionPolicy>(
  'admissionregistration.k8s.io',
  'validatingadmissionpolicies',
  'ValidatingAdmissionPolicy',
);
export const customResourceDefinitions = clusterScoped<CustomResourceDefinition>(
  'apiextensions.k8s.io',
  'customresourcedefinitions',
  'CustomResourceDefinition',
);
export const apiServices = clusterScoped<APIService>('apiregistration.k8s.io', 'apiservices', 'APIService');

export const deployments = namespaced<Deployment>('apps', 'deployments', 'Deployment');
export const replicaSets = namespaced<ReplicaSet>('apps', 'replicasets', 'ReplicaSet');
export const statefulSets = namespaced<StatefulSet>('apps', 'statefulsets', 'StatefulSet');

export const subjectAccessReviews = clusterScoped<SubjectAccessReview>(
  'authorization.k8s.io',
  'subjectaccessreviews',
  'SubjectAccessReview',
);

export const certificateSigningRequests = clusterScoped<CertificateSigningRequest>(
  'certificates.k8s.io',
  'certificatesigningrequests',
  'CertificateSigningRequest',
);

export const jobs = namespaced<Job>('batch', 'jobs', 'Job');

export const leases = namespaced<Lease>('coordination.k8s.io', 'leases', 'Lease');
export const endpointSlices = namespaced<EndpointSlice>('discovery.k8s.io', 'endpointslices', 'EndpointSlice');
export const newerEvents = namespaced<NewerEvent>('events.k8s.io', 'events', 'Event');

export const ingresses = namespaced<Ingress>('networking.k8s.io', 'ingresses', 'Ingress');
export const ipAddresses = clusterScoped<IPAddress>('networking.k8s.io', 'ipaddresses', 'IPAddress');
export const serviceCidrs = clusterScoped<ServiceCIDR>('networking.k8s.io', 'servicecidrs', 'ServiceCIDR');

export const podDisruptionBudgets = namespaced<PodDisruptionBudget>('policy', 'poddisruptionbudgets', 'PodDisruptionBudget');
export const flowSchemas = clusterScoped<FlowSchema>('flowcontrol.apiserver.k8s.io', 'flowschemas', 'FlowSchema');
export const priorityLevels = clusterScoped<PriorityLevelConfiguration>(
  'flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations',
  'PriorityLevelConfiguration',
);
export const priorityClasses = clusterScoped<PriorityClass>('scheduling.k8s.io', 'priorityclasses', 'PriorityClass');

export const clusterRoleBindings = clusterScoped<ClusterRoleBinding>(
  'rbac.authorization.k8s.io',
  'clusterrolebindings',
  'ClusterRoleBinding',
);
export const clusterRoles = clusterScoped<ClusterRole>('rbac.authorization.k8s.io', 'clusterroles', 'ClusterRole');
export const roleBindings = namespaced<RoleBinding>('rbac.authorization.k8s.io', 'rolebindings', 'RoleBinding');
export const roles = namespaced<Role>('rbac.authorization.k8s.io', 'roles', 'Role');

export const storageClasses = clusterScoped<StorageClass>('storage.k8s.io', 'storageclasses', 'StorageClass');
