import type { History, Span } from '../../runtime/api/kinds/history.ts';
import { isIn, newest, releases } from '../versions/history.ts';
import { shortName } from './templates.ts';

/**
 * Values that the API server allows, and no others, for fields whose schemas do not list them, or list those of older versions, too; by type and
 * field, the likeliest first.
 */
const closed: Readonly<Record<string, string>> = {
  'meta.v1.LabelSelectorRequirement.operator': 'In NotIn Exists DoesNotExist',
  'admissionregistration.v1.ParamRef.parameterNotFoundAction': 'Deny Allow',
  'admissionregistration.v1.MutatingWebhook.sideEffects': 'None NoneOnDryRun',
  'admissionregistration.v1.ValidatingWebhook.sideEffects': 'None NoneOnDryRun',
  'apiextensions.v1.CustomResourceConversion.strategy': 'None Webhook',
  'apiextensions.v1.CustomResourceDefinitionSpec.scope': 'Namespaced Cluster',
  'apiextensions.v1.CustomResourceColumnDefinition.type': 'string integer number boolean date',
  'apiextensions.v1.JSONSchemaProps.type': 'string integer number boolean object array',
  'apiextensions.v1.JSONSchemaProps.x-kubernetes-list-type': 'atomic set map',
  'apiextensions.v1.JSONSchemaProps.x-kubernetes-map-type': 'granular atomic',
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted': 'Retain Delete',
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled': 'Retain Delete',
  'autoscaling.v2.HPAScalingPolicy.type': 'Percent Pods',
  'autoscaling.v2.HPAScalingRules.selectPolicy': 'Max Min Disabled',
  'autoscaling.v2.MetricSpec.type': 'Resource ContainerResource Pods Object External',
  'autoscaling.v2.MetricTarget.type': 'Utilization AverageValue Value',
  'core.v1.ContainerResizePolicy.resourceName': 'cpu memory',
  'core.v1.ContainerResizePolicy.restartPolicy': 'NotRequired RestartContainer',
  'core.v1.ContainerRestartRule.action': 'Restart RestartAllContainers',
  'core.v1.ContainerRestartRuleOnExitCodes.operator': 'In NotIn',
  'core.v1.PodCertificateProjection.keyType': 'ED25519 ECDSAP256 ECDSAP384 ECDSAP521 RSA3072 RSA4096',
  'core.v1.PodSecurityContext.seLinuxChangePolicy': 'Recursive',
  'core.v1.ServiceSpec.trafficDistribution': 'PreferSameZone PreferSameNode PreferClose',
  'core.v1.VolumeMount.recursiveReadOnly': 'Disabled IfPossible Enabled',
  'flowcontrol.v1.FlowDistinguisherMethod.type': 'ByUser ByNamespace',
  'flowcontrol.v1.LimitResponse.type': 'Reject Queue',
  'flowcontrol.v1.PriorityLevelConfigurationSpec.type': 'Limited Exempt',
  'networking.v1.IngressClassParametersReference.scope': 'Cluster Namespace',
  'storage.v1.CSIDriverSpec.fsGroupPolicy': 'ReadWriteOnceWithFSType File None',
  'storage.v1.CSIDriverSpec.volumeLifecycleModes': 'Persistent Ephemeral',
  'storage.v1.StorageClass.reclaimPolicy': 'Delete Retain',
};

/** Those of them that came with a release of those known here, by type and field. */
const changed: History['values'] = {
  'io.k8s.api.core.v1.ContainerRestartRule': { action: { RestartAllContainers: { added: '1.35' } } },
  'io.k8s.api.core.v1.ServiceSpec': { trafficDistribution: { PreferSameNode: { added: '1.33' }, PreferSameZone: { added: '1.33' } } },
};

const changesByField = Object.fromEntries(
  Object.entries(changed).flatMap(([definition, fields]) =>
    Object.entries(fields).map(([name, changes]) => [`${shortName(definition)}.${name}`, changes]),
  ),
);

/** What a field may hold in a release where its schema does not say, by its type and name: `core.v1.Container.image`. */
export function closedValues(field: string, release = newest): readonly string[] | undefined {
  const values = closed[field]?.split(' ');
  const changes = changesByField[field];
  return changes && values ? values.filter((value) => !changes[value] || isIn(changes[value], release)) : values;
}

/** Values of a field that came or went, whether its schema lists them or not. */
export function valueChanges(definition: string | undefined, field: string): Readonly<Record<string, Span>> | undefined {
  return definition === undefined ? undefined : (releases.values[definition]?.[field] ?? changed[definition]?.[field]);
}

/** The fields that have such values. */
export function closedFields(): readonly string[] {
  return Object.keys(closed);
}
