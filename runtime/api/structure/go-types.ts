/** Names of Go types, which stand in the texts of decoding errors and which OpenAPI does not tell. */

/** Texts with a type of their own, by field name; where one name has several types, by the definition too. */
const namedStrings: Readonly<Record<string, string>> = {
  accessModes: 'v1.PersistentVolumeAccessMode',
  concurrencyPolicy: 'v1.ConcurrencyPolicy',
  dnsPolicy: 'v1.DNSPolicy',
  effect: 'v1.TaintEffect',
  externalTrafficPolicy: 'v1.ServiceExternalTrafficPolicy',
  imagePullPolicy: 'v1.PullPolicy',
  internalTrafficPolicy: 'v1.ServiceInternalTrafficPolicy',
  ipFamilies: 'v1.IPFamily',
  ipFamilyPolicy: 'v1.IPFamilyPolicy',
  mountPropagation: 'v1.MountPropagationMode',
  persistentVolumeReclaimPolicy: 'v1.PersistentVolumeReclaimPolicy',
  podManagementPolicy: 'v1.PodManagementPolicyType',
  policyTypes: 'v1.PolicyType',
  preemptionPolicy: 'v1.PreemptionPolicy',
  protocol: 'v1.Protocol',
  restartPolicy: 'v1.RestartPolicy',
  sessionAffinity: 'v1.ServiceAffinity',
  terminationMessagePolicy: 'v1.TerminationMessagePolicy',
  uid: 'types.UID',
  volumeBindingMode: 'v1.VolumeBindingMode',
  volumeMode: 'v1.PersistentVolumeMode',
  whenUnsatisfiable: 'v1.UnsatisfiableConstraintAction',
  'Container.restartPolicy': 'v1.ContainerRestartPolicy',
  'DaemonSetUpdateStrategy.type': 'v1.DaemonSetUpdateStrategyType',
  'DeploymentStrategy.type': 'v1.DeploymentStrategyType',
  'HTTPGetAction.scheme': 'v1.URIScheme',
  'HTTPIngressPath.pathType': 'v1.PathType',
  'LabelSelectorRequirement.operator': 'v1.LabelSelectorOperator',
  'LimitRangeItem.type': 'v1.LimitType',
  'NodeSelectorRequirement.operator': 'v1.NodeSelectorOperator',
  'Secret.type': 'v1.SecretType',
  'ServiceSpec.type': 'v1.ServiceType',
  'StatefulSetUpdateStrategy.type': 'v1.StatefulSetUpdateStrategyType',
  'Toleration.operator': 'v1.TolerationOperator',
};

/** `v1.PodSpec` of `io.k8s.api.core.v1.PodSpec`, or the type of one of its fields. */
export function goTypeOf(definition: string, field?: string, plain = 'string'): string {
  const parts = definition.split('.');
  const name = parts[parts.length - 1] ?? '';
  if (field === undefined) return `${parts[parts.length - 2] ?? ''}.${name}`;
  const qualified = `${name}.${field}`;
  if (Object.hasOwn(namedStrings, qualified)) return namedStrings[qualified] ?? plain;
  return Object.hasOwn(namedStrings, field) ? (namedStrings[field] ?? plain) : plain;
}
