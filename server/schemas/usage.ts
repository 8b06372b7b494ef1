import { shortName } from './templates.ts';

/** The fields that people write most, by type, in the order they write them; counted in manifests of all sorts and filled up by hand. */
const usual: Readonly<Record<string, string>> = {
  Kustomization:
    'resources namespace patches images configMapGenerator secretGenerator labels namePrefix nameSuffix components replicas replacements commonAnnotations generatorOptions helmCharts',
  'meta.v1.ObjectMeta': 'name namespace labels annotations generateName finalizers',
  'meta.v1.LabelSelector': 'matchLabels matchExpressions',
  'meta.v1.LabelSelectorRequirement': 'values',
  'apiextensions.v1.JSONSchemaProps':
    'type description properties required items default enum format pattern minimum maximum minLength maxLength additionalProperties x-kubernetes-validations x-kubernetes-preserve-unknown-fields nullable',
  'apiextensions.v1.CustomResourceDefinitionVersion': 'schema subresources additionalPrinterColumns',
  'core.v1.PodTemplateSpec': 'metadata spec',
  'core.v1.PodSpec':
    'containers volumes serviceAccountName initContainers securityContext nodeSelector tolerations affinity imagePullSecrets restartPolicy terminationGracePeriodSeconds topologySpreadConstraints priorityClassName hostNetwork hostPID dnsPolicy automountServiceAccountToken',
  'core.v1.Container':
    'name image ports env resources volumeMounts command args readinessProbe livenessProbe imagePullPolicy securityContext envFrom startupProbe lifecycle workingDir restartPolicy',
  'core.v1.ContainerPort': 'containerPort name protocol hostPort',
  'core.v1.EnvVar': 'value valueFrom',
  'core.v1.EnvVarSource': 'secretKeyRef configMapKeyRef fieldRef resourceFieldRef',
  'core.v1.EnvFromSource': 'configMapRef secretRef prefix',
  'core.v1.SecretKeySelector': 'name key optional',
  'core.v1.ConfigMapKeySelector': 'name key optional',
  'core.v1.ResourceRequirements': 'requests limits',
  'core.v1.VolumeMount': 'readOnly subPath',
  'core.v1.Volume': 'configMap secret emptyDir persistentVolumeClaim hostPath projected csi nfs ephemeral downwardAPI',
  'core.v1.SecretVolumeSource': 'secretName items defaultMode optional',
  'core.v1.ConfigMapVolumeSource': 'name items defaultMode optional',
  'core.v1.HostPathVolumeSource': 'type',
  'core.v1.EmptyDirVolumeSource': 'sizeLimit medium',
  'core.v1.LocalObjectReference': 'name',
  'core.v1.Probe': 'httpGet tcpSocket exec grpc initialDelaySeconds periodSeconds timeoutSeconds failureThreshold successThreshold',
  'core.v1.HTTPGetAction': 'path scheme httpHeaders',
  'core.v1.SecurityContext':
    'allowPrivilegeEscalation readOnlyRootFilesystem runAsNonRoot capabilities runAsUser runAsGroup seccompProfile privileged',
  'core.v1.PodSecurityContext': 'runAsNonRoot runAsUser runAsGroup fsGroup seccompProfile fsGroupChangePolicy',
  'core.v1.Capabilities': 'drop add',
  'core.v1.Affinity': 'podAntiAffinity nodeAffinity podAffinity',
  'core.v1.PodAntiAffinity': 'preferredDuringSchedulingIgnoredDuringExecution requiredDuringSchedulingIgnoredDuringExecution',
  'core.v1.PodAffinityTerm': 'labelSelector namespaces',
  'core.v1.Toleration': 'key operator effect value tolerationSeconds',
  'core.v1.Lifecycle': 'preStop postStart',
  'core.v1.ConfigMap': 'data binaryData immutable',
  'core.v1.Secret': 'type stringData data immutable',
  'core.v1.ServiceSpec': 'selector ports type clusterIP sessionAffinity externalTrafficPolicy loadBalancerClass externalName',
  'core.v1.ServicePort': 'name targetPort protocol nodePort appProtocol',
  'core.v1.PersistentVolumeClaimSpec': 'accessModes resources storageClassName volumeName volumeMode',
  'core.v1.VolumeResourceRequirements': 'requests',
  'core.v1.PersistentVolumeSpec': 'capacity accessModes persistentVolumeReclaimPolicy storageClassName csi hostPath local nfs nodeAffinity',
  'core.v1.ReplicationControllerSpec': 'replicas template selector',
  'apps.v1.DeploymentSpec': 'replicas strategy revisionHistoryLimit minReadySeconds',
  'apps.v1.DeploymentStrategy': 'type rollingUpdate',
  'apps.v1.StatefulSetSpec':
    'serviceName replicas volumeClaimTemplates updateStrategy podManagementPolicy persistentVolumeClaimRetentionPolicy',
  'apps.v1.DaemonSetSpec': 'updateStrategy',
  'batch.v1.JobSpec': 'backoffLimit completions parallelism ttlSecondsAfterFinished activeDeadlineSeconds completionMode',
  'batch.v1.CronJobSpec': 'timeZone concurrencyPolicy successfulJobsHistoryLimit failedJobsHistoryLimit startingDeadlineSeconds suspend',
  'autoscaling.v2.HorizontalPodAutoscalerSpec': 'minReplicas metrics behavior',
  'autoscaling.v2.MetricSpec': 'resource pods external object',
  'autoscaling.v2.MetricTarget': 'averageUtilization averageValue value',
  'autoscaling.v2.CrossVersionObjectReference': 'apiVersion',
  'autoscaling.v2.HorizontalPodAutoscalerBehavior': 'scaleUp scaleDown',
  'autoscaling.v2.HPAScalingRules': 'stabilizationWindowSeconds policies selectPolicy',
  'networking.v1.IngressSpec': 'ingressClassName rules tls defaultBackend',
  'networking.v1.IngressRule': 'host http',
  'networking.v1.HTTPIngressPath': 'path',
  'networking.v1.IngressBackend': 'service',
  'networking.v1.IngressServiceBackend': 'port',
  'networking.v1.IngressTLS': 'hosts secretName',
  'networking.v1.ServiceBackendPort': 'number name',
  'networking.v1.NetworkPolicySpec': 'podSelector policyTypes ingress egress',
  'networking.v1.NetworkPolicyPeer': 'podSelector namespaceSelector ipBlock',
  'networking.v1.NetworkPolicyPort': 'protocol port',
  'policy.v1.PodDisruptionBudgetSpec': 'selector maxUnavailable minAvailable',
  'rbac.v1.PolicyRule': 'apiGroups resources resourceNames',
  'rbac.v1.Subject': 'namespace',
  'storage.v1.StorageClass': 'parameters reclaimPolicy volumeBindingMode allowVolumeExpansion',
  'scheduling.v1.PriorityClass': 'globalDefault description preemptionPolicy',
};

const ranks = new Map(Object.entries(usual).map(([type, fields]) => [type, new Map(fields.split(' ').map((name, rank) => [name, rank]))]));

/** How early people write a field; undefined for one they seldom write. */
export function usageRank(definition: string | undefined, field: string): number | undefined {
  return definition === undefined ? undefined : ranks.get(shortName(definition))?.get(field);
}

/** The values of enumerations that people write most, those of one enumeration in the order they write them; each means one thing alone. */
const usualValues =
  'TCP UDP Prefix ClusterIP LoadBalancer NodePort RollingUpdate In NotIn Exists NoSchedule NoExecute RuntimeDefault DirectoryOrCreate Directory Ingress Egress Filesystem NonIndexed OnRootMismatch WaitForFirstConsumer ReadWriteOnce ReadWriteMany ReadOnlyMany CREATE UPDATE Deny Warn'.split(
    ' ',
  );

/** How early people write a value among others of its enumeration; those they seldom write come last, all in one place. */
export function valueRank(value: string): number {
  const rank = usualValues.indexOf(value);
  return rank < 0 ? usualValues.length : rank;
}

/** All values that are ranked. */
export function rankedValues(): readonly string[] {
  return usualValues;
}

/** All that is ranked, as pairs of type and field. */
export function usualFields(): [type: string, field: string][] {
  return Object.entries(usual).flatMap(([type, fields]) => fields.split(' ').map((name): [string, string] => [type, name]));
}
