import type { ClusterTrustBundle } from '../generated/types/certificates/v1beta1.ts';
import type { LeaseCandidate } from '../generated/types/coordination/v1beta1.ts';
import type { PodTemplate } from '../generated/types/core/v1.ts';
import type { IPAddress, ServiceCIDR } from '../generated/types/networking/v1.ts';
import type { DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice } from '../generated/types/resource/v1.ts';
import type { DeviceTaintRule } from '../generated/types/resource/v1beta2.ts';
import type { VolumeAttributesClass } from '../generated/types/storage/v1.ts';
import {
  validateValidatingAdmissionPolicy,
  validateValidatingAdmissionPolicyBinding,
  validateValidatingAdmissionPolicyStatus,
} from './admission-policies.ts';
import { validateMutatingWebhooks, validateValidatingWebhooks } from './admissionregistration.ts';
import {
  validateControllerRevision,
  validateControllerRevisionUpdate,
  validateDaemonSet,
  validateDaemonSetUpdate,
  validateDeployment,
  validateDeploymentUpdate,
  validateReplicaSet,
  validateReplicaSetUpdate,
} from './apps.ts';
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatus,
  validateHorizontalPodAutoscalerUpdate,
  validateHorizontalPodAutoscalerV1,
  validateHorizontalPodAutoscalerV1Update,
  validateScale,
} from './autoscaling.ts';
import { validateCronJob, validateCronJobUpdate, validateJob, validateJobUpdate } from './batch.ts';
import {
  validateCertificateSigningRequest,
  validateCertificateSigningRequestStatus,
  validateCertificateSigningRequestUpdate,
  validateClusterTrustBundle,
  validateClusterTrustBundleUpdate,
} from './certificates.ts';
import { validateConfigMap, validateConfigMapUpdate, validateSecret, validateSecretUpdate } from './config.ts';
import { validateLease, validateLeaseCandidate, validateLeaseCandidateUpdate } from './coordination.ts';
import {
  validateCsiDriver,
  validateCsiDriverUpdate,
  validateCsiNode,
  validateCsiNodeUpdate,
  validateCsiStorageCapacity,
  validateCsiStorageCapacityUpdate,
} from './csi.ts';
import {
  validateCustomResourceDefinition,
  validateCustomResourceDefinitionStatus,
  validateCustomResourceDefinitionUpdate,
} from './custom-resource-definition.ts';
import {
  validateDeviceClass,
  validateDeviceClassUpdate,
  validateResourceClaim,
  validateResourceClaimStatus,
  validateResourceClaimTemplate,
  validateResourceClaimTemplateUpdate,
  validateResourceClaimUpdate,
} from './device/claim.ts';
import {
  validateResourcePoolStatusRequest,
  validateResourcePoolStatusRequestStatus,
  validateResourcePoolStatusRequestUpdate,
} from './device/pool-status.ts';
import {
  validateDeviceTaintRule,
  validateDeviceTaintRuleStatus,
  validateDeviceTaintRuleUpdate,
  validateResourceSlice,
  validateResourceSliceUpdate,
} from './device/slice.ts';
import { validateEndpointSlice, validateEndpointSliceUpdate } from './endpoint-slice.ts';
import { validateCoreEvent, validateEvent, validateEventUpdate } from './events.ts';
import { validateApiService, validateApiServiceStatus, validateRuntimeClass, validateRuntimeClassUpdate } from './extensions.ts';
import { validateFlowControlStatus, validateFlowSchema, validatePriorityLevel } from './flow-control.ts';
import { validateJobStatus } from './job-status.ts';
import { validateMutatingAdmissionPolicy, validateMutatingAdmissionPolicyBinding } from './mutating-admission-policies.ts';
import { anyName, nameIsConfigKey, nameIsDnsLabel, nameIsDnsSubdomain, nameIsIp, nameIsLongName, nameIsPathSegment } from './name-rules.ts';
import {
  validateIngress,
  validateIngressClass,
  validateIngressClassUpdate,
  validateIngressCreate,
  validateIngressStatus,
  validateNetworkPolicy,
} from './networking.ts';
import { validateNamespace, validateNamespaceStatus, validateNode, validateNodeReplacement, validateNodeUpdate } from './nodes.ts';
import { Path } from './path.ts';
import { validatePersistentVolume, validatePersistentVolumeUpdate } from './persistent-volume.ts';
import {
  validatePersistentVolumeClaim,
  validatePersistentVolumeClaimStatus,
  validatePersistentVolumeClaimUpdate,
} from './persistent-volume-claim.ts';
import { validatePodCreate, validatePodUpdate } from './pod/pod.ts';
import { validatePodStatusUpdate } from './pod/pod-status.ts';
import { validatePodTemplateSpec } from './pod/spec.ts';
import {
  validatePodCertificateRequest,
  validatePodCertificateRequestStatus,
  validatePodCertificateRequestUpdate,
} from './pod-certificate-request.ts';
import {
  validatePodGroup,
  validatePodGroupStatus,
  validatePodGroupUpdate,
  validateWorkload,
  validateWorkloadUpdate,
} from './pod-groups.ts';
import {
  validateLimitRange,
  validatePodDisruptionBudget,
  validatePodDisruptionBudgetStatus,
  validatePriorityClass,
  validatePriorityClassUpdate,
  validateReplicationController,
  validateResourceQuota,
  validateResourceQuotaStatus,
  validateResourceQuotaUpdate,
} from './policies.ts';
import {
  validateClusterRole,
  validateClusterRoleBinding,
  validateClusterRoleBindingUpdate,
  validateRole,
  validateRoleBinding,
  validateRoleBindingUpdate,
} from './rbac.ts';
import type { KindRules, RulesByKind } from './rules.ts';
import { validateEndpoints, validateService, validateServiceStatus, validateServiceUpdate } from './service.ts';
import { validateIpAddress, validateIpAddressUpdate, validateServiceCidr, validateServiceCidrUpdate } from './service-network.ts';
import { validateStatefulSet, validateStatefulSetUpdate } from './stateful-sets.ts';
import {
  validateStorageClass,
  validateStorageClassUpdate,
  validateVolumeAttachmentCreate,
  validateVolumeAttachmentUpdate,
  validateVolumeAttributesClass,
  validateVolumeAttributesClassUpdate,
} from './storage.ts';
import { nameIsOfResource, validateStorageVersion } from './storage-version.ts';
import {
  validateStorageVersionMigration,
  validateStorageVersionMigrationStatus,
  validateStorageVersionMigrationUpdate,
} from './storage-version-migration.ts';
import {
  validateDaemonSetStatus,
  validateDeploymentStatus,
  validateReplicaSetStatus,
  validateStatefulSetStatus,
} from './workload-status.ts';

const core = { name: nameIsDnsSubdomain, coreMeta: true } as const;
const plain = { name: nameIsDnsSubdomain } as const;
const segment = { name: nameIsPathSegment, coreMeta: true } as const;

const nothing = (): void => {};

// Kinds of which several versions have the same form.
const trustBundle: KindRules<ClusterTrustBundle> = { create: validateClusterTrustBundle, update: validateClusterTrustBundleUpdate };
const leaseCandidate: KindRules<LeaseCandidate> = {
  name: nameIsConfigKey,
  create: validateLeaseCandidate,
  update: validateLeaseCandidateUpdate,
};
const ipAddress: KindRules<IPAddress> = { ...core, name: nameIsIp, create: validateIpAddress, update: validateIpAddressUpdate };
const serviceCidr: KindRules<ServiceCIDR> = { ...core, create: validateServiceCidr, update: validateServiceCidrUpdate, status: nothing };
const deviceClass: KindRules<DeviceClass> = {
  ...core,
  name: nameIsLongName,
  create: validateDeviceClass,
  update: validateDeviceClassUpdate,
};
const resourceClaim: KindRules<ResourceClaim> = {
  ...core,
  create: validateResourceClaim,
  update: validateResourceClaimUpdate,
  status: validateResourceClaimStatus,
};
const resourceClaimTemplate: KindRules<ResourceClaimTemplate> = {
  ...core,
  create: validateResourceClaimTemplate,
  update: validateResourceClaimTemplateUpdate,
};
const resourceSlice: KindRules<ResourceSlice> = { ...core, create: validateResourceSlice, update: validateResourceSliceUpdate };
const deviceTaintRule: KindRules<DeviceTaintRule> = {
  ...core,
  create: validateDeviceTaintRule,
  update: validateDeviceTaintRuleUpdate,
  status: validateDeviceTaintRuleStatus,
};
const attributesClass: KindRules<VolumeAttributesClass> = {
  ...core,
  create: validateVolumeAttributesClass,
  update: validateVolumeAttributesClassUpdate,
};

/** Every kind that has rules of its own. */
export const rulesByKind: RulesByKind = {
  'v1/ConfigMap': { ...core, create: validateConfigMap, update: validateConfigMapUpdate },
  'v1/Endpoints': { ...core, create: validateEndpoints },
  'v1/Event': { create: validateCoreEvent },
  'v1/LimitRange': { ...core, create: validateLimitRange },
  'v1/Namespace': {
    ...core,
    name: nameIsDnsLabel,
    create: validateNamespace,
    update: nothing,
    status: (namespace, _old, errors) => validateNamespaceStatus(namespace, errors),
  },
  'v1/Node': { ...core, create: validateNode, update: validateNodeReplacement, status: validateNodeUpdate },
  'v1/PersistentVolume': { ...core, create: validatePersistentVolume, update: validatePersistentVolumeUpdate },
  'v1/PersistentVolumeClaim': {
    ...core,
    create: validatePersistentVolumeClaim,
    update: validatePersistentVolumeClaimUpdate,
    status: (claim, _old, errors) => validatePersistentVolumeClaimStatus(claim, errors),
  },
  'v1/Pod': { ...core, create: validatePodCreate, update: validatePodUpdate, status: validatePodStatusUpdate },
  'v1/PodTemplate': {
    ...core,
    create: ({ template }: PodTemplate, errors) => validatePodTemplateSpec(template, Path.of('template'), errors),
  },
  'v1/ReplicationController': { ...core, name: nameIsLongName, create: validateReplicationController, status: validateReplicaSetStatus },
  'v1/ResourceQuota': { ...core, create: validateResourceQuota, update: validateResourceQuotaUpdate, status: validateResourceQuotaStatus },
  'v1/Secret': { ...core, create: validateSecret, update: validateSecretUpdate },
  'v1/Service': {
    ...core,
    name: nameIsDnsLabel,
    create: validateService,
    update: validateServiceUpdate,
    status: (service, _old, errors) => validateServiceStatus(service, errors),
  },
  'v1/ServiceAccount': core,
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': { ...plain, create: validateMutatingWebhooks },
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy': { ...plain, create: validateMutatingAdmissionPolicy },
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding': { ...plain, create: validateMutatingAdmissionPolicyBinding },
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy': {
    ...plain,
    create: validateValidatingAdmissionPolicy,
    status: (policy, _old, errors) => validateValidatingAdmissionPolicyStatus(policy, errors),
  },
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding': { ...plain, create: validateValidatingAdmissionPolicyBinding },
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': { ...plain, create: validateValidatingWebhooks },
  'apiextensions.k8s.io/v1/CustomResourceDefinition': {
    ...plain,
    create: validateCustomResourceDefinition,
    update: validateCustomResourceDefinitionUpdate,
    status: validateCustomResourceDefinitionStatus,
  },
  'apiregistration.k8s.io/v1/APIService': { name: nameIsPathSegment, create: validateApiService, status: validateApiServiceStatus },
  'apps/v1/ControllerRevision': { ...core, create: validateControllerRevision, update: validateControllerRevisionUpdate },
  'apps/v1/DaemonSet': { ...core, create: validateDaemonSet, update: validateDaemonSetUpdate, status: validateDaemonSetStatus },
  'apps/v1/Deployment': { ...core, create: validateDeployment, update: validateDeploymentUpdate, status: validateDeploymentStatus },
  'apps/v1/ReplicaSet': { ...core, create: validateReplicaSet, update: validateReplicaSetUpdate, status: validateReplicaSetStatus },
  'apps/v1/StatefulSet': {
    ...core,
    name: nameIsDnsLabel,
    create: validateStatefulSet,
    update: validateStatefulSetUpdate,
    status: validateStatefulSetStatus,
  },
  'autoscaling/v1/HorizontalPodAutoscaler': {
    ...core,
    create: validateHorizontalPodAutoscalerV1,
    update: validateHorizontalPodAutoscalerV1Update,
    status: validateHorizontalPodAutoscalerStatus,
  },
  'autoscaling/v1/Scale': { ...core, create: validateScale },
  'autoscaling/v2/HorizontalPodAutoscaler': {
    ...core,
    create: validateHorizontalPodAutoscaler,
    update: validateHorizontalPodAutoscalerUpdate,
    status: validateHorizontalPodAutoscalerStatus,
  },
  'batch/v1/CronJob': { ...core, create: validateCronJob, update: validateCronJobUpdate, status: nothing },
  'batch/v1/Job': { ...core, create: validateJob, update: validateJobUpdate, status: validateJobStatus },
  'certificates.k8s.io/v1/CertificateSigningRequest': {
    ...core,
    name: anyName,
    create: validateCertificateSigningRequest,
    update: validateCertificateSigningRequestUpdate,
    status: validateCertificateSigningRequestStatus,
  },
  'certificates.k8s.io/v1alpha1/ClusterTrustBundle': trustBundle,
  'certificates.k8s.io/v1beta1/ClusterTrustBundle': trustBundle,
  'certificates.k8s.io/v1beta1/PodCertificateRequest': {
    ...core,
    create: validatePodCertificateRequest,
    update: validatePodCertificateRequestUpdate,
    status: validatePodCertificateRequestStatus,
  },
  'coordination.k8s.io/v1/Lease': { ...plain, create: validateLease },
  'coordination.k8s.io/v1alpha2/LeaseCandidate': leaseCandidate,
  'coordination.k8s.io/v1beta1/LeaseCandidate': leaseCandidate,
  'discovery.k8s.io/v1/EndpointSlice': { ...core, create: validateEndpointSlice, update: validateEndpointSliceUpdate },
  'events.k8s.io/v1/Event': { create: validateEvent, update: validateEventUpdate },
  'flowcontrol.apiserver.k8s.io/v1/FlowSchema': { ...core, create: validateFlowSchema, status: validateFlowControlStatus },
  'flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration': {
    ...core,
    create: validatePriorityLevel,
    status: validateFlowControlStatus,
  },
  'networking.k8s.io/v1/IPAddress': ipAddress,
  'networking.k8s.io/v1/Ingress': {
    ...core,
    create: validateIngressCreate,
    update: (ingress, _old, errors) => validateIngress(ingress, errors),
    status: validateIngressStatus,
  },
  'networking.k8s.io/v1/IngressClass': { ...core, create: validateIngressClass, update: validateIngressClassUpdate },
  'networking.k8s.io/v1/NetworkPolicy': { ...core, create: validateNetworkPolicy },
  'networking.k8s.io/v1/ServiceCIDR': serviceCidr,
  'networking.k8s.io/v1beta1/IPAddress': ipAddress,
  'networking.k8s.io/v1beta1/ServiceCIDR': serviceCidr,
  'node.k8s.io/v1/RuntimeClass': { ...plain, create: validateRuntimeClass, update: validateRuntimeClassUpdate },
  'policy/v1/PodDisruptionBudget': { create: validatePodDisruptionBudget, status: validatePodDisruptionBudgetStatus },
  'rbac.authorization.k8s.io/v1/ClusterRole': { ...segment, create: validateClusterRole },
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': {
    ...segment,
    create: validateClusterRoleBinding,
    update: validateClusterRoleBindingUpdate,
  },
  'rbac.authorization.k8s.io/v1/Role': { ...segment, create: validateRole },
  'rbac.authorization.k8s.io/v1/RoleBinding': { ...segment, create: validateRoleBinding, update: validateRoleBindingUpdate },
  'internal.apiserver.k8s.io/v1alpha1/StorageVersion': {
    ...core,
    name: nameIsOfResource,
    create: validateStorageVersion,
    update: nothing,
    status: (version, _old, errors) => validateStorageVersion(version, errors),
  },
  'resource.k8s.io/v1/DeviceClass': deviceClass,
  'resource.k8s.io/v1/ResourceClaim': resourceClaim,
  'resource.k8s.io/v1/ResourceClaimTemplate': resourceClaimTemplate,
  'resource.k8s.io/v1/ResourceSlice': resourceSlice,
  'resource.k8s.io/v1alpha3/DeviceTaintRule': deviceTaintRule,
  'resource.k8s.io/v1beta2/DeviceClass': deviceClass,
  'resource.k8s.io/v1beta2/DeviceTaintRule': deviceTaintRule,
  'resource.k8s.io/v1beta2/ResourceClaim': resourceClaim,
  'resource.k8s.io/v1beta2/ResourceClaimTemplate': resourceClaimTemplate,
  'resource.k8s.io/v1beta2/ResourceSlice': resourceSlice,
  'resource.k8s.io/v1alpha3/ResourcePoolStatusRequest': {
    ...core,
    create: validateResourcePoolStatusRequest,
    update: validateResourcePoolStatusRequestUpdate,
    status: validateResourcePoolStatusRequestStatus,
  },
  'scheduling.k8s.io/v1alpha2/PodGroup': {
    ...core,
    create: validatePodGroup,
    update: validatePodGroupUpdate,
    status: validatePodGroupStatus,
  },
  'scheduling.k8s.io/v1alpha2/Workload': { ...core, create: validateWorkload, update: validateWorkloadUpdate },
  'storagemigration.k8s.io/v1beta1/StorageVersionMigration': {
    ...core,
    create: validateStorageVersionMigration,
    update: validateStorageVersionMigrationUpdate,
    status: validateStorageVersionMigrationStatus,
  },
  'scheduling.k8s.io/v1/PriorityClass': { ...core, create: validatePriorityClass, update: validatePriorityClassUpdate },
  'storage.k8s.io/v1/CSIDriver': { ...core, create: validateCsiDriver, update: validateCsiDriverUpdate },
  'storage.k8s.io/v1/CSINode': { ...core, create: validateCsiNode, update: validateCsiNodeUpdate },
  'storage.k8s.io/v1/CSIStorageCapacity': { ...core, create: validateCsiStorageCapacity, update: validateCsiStorageCapacityUpdate },
  'storage.k8s.io/v1/StorageClass': { ...core, create: validateStorageClass, update: validateStorageClassUpdate },
  'storage.k8s.io/v1/VolumeAttachment': {
    ...core,
    create: validateVolumeAttachmentCreate,
    update: validateVolumeAttachmentUpdate,
    status: validateVolumeAttachmentUpdate,
  },
  'storage.k8s.io/v1/VolumeAttributesClass': attributesClass,
  'storage.k8s.io/v1beta1/VolumeAttributesClass': attributesClass,
};
