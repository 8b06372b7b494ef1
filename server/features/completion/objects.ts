import { t } from '@vscode/l10n';
import type { NamedObject } from '../../index/names.ts';
import { namespaceOf } from '../../index/symbol.ts';
import { around, type Choice, type Context, type Source, type Sources, siblingsOf } from './context.ts';

/** The objects of a kind that a field may name. */
const named =
  (kind: string): Source =>
  (context) =>
    objectChoices(context, kind);

export function objectChoices(context: Context, kind: string, namespace = context.namespace): Choice[] {
  const objects = [...context.names.objects(kind, namespaceOf(kind, namespace))];
  const own = kind === context.known.kind ? context.object.textAt('metadata', 'name') : undefined;
  return objects
    .filter(({ name }) => name !== '' && name !== own)
    .map((object) => ({ text: object.name, detail: described(object), rank: object.name === inEveryNamespace ? 1 : 0, real: true }));
}

/** A ConfigMap that is always there and seldom meant. */
const inEveryNamespace = 'kube-root-ca.crt';

/** Where it comes from stands first: lists cut long texts at their end. */
function described({ kind, namespace, origin }: NamedObject): string {
  return `${origin} · ${namespace === '' ? kind : t('{0} in {1}', kind, namespace)}`;
}

/** An object whose kind stands beside its name. */
const ofSiblingKind: Source = (context) => {
  const siblings = siblingsOf(context.node);
  const kind = siblings?.textAt('kind');
  return kind === undefined ? [] : objectChoices(context, kind, siblings?.textAt('namespace') ?? context.namespace);
};

/** A Service of the namespace that stands beside its name. */
const serviceElsewhere: Source = (context) =>
  objectChoices(context, 'Service', siblingsOf(context.node)?.textAt('namespace') ?? context.namespace);

/** Names that every cluster has, besides those that are known. */
const withStandard =
  (kind: string, standard: readonly string[]): Source =>
  (context) => [...objectChoices(context, kind), ...standard.map((text) => ({ text, detail: t('{0} of every cluster', kind), rank: 1 }))];

const namespaces = withStandard('Namespace', ['default', 'kube-system', 'kube-public', 'kube-node-lease']);
const priorities = withStandard('PriorityClass', ['system-cluster-critical', 'system-node-critical']);
const localReference: Source = (context) =>
  around(context.node, ({ name }) => name === 'imagePullSecrets' || /[sS]ecret/.test(String(name))) ? objectChoices(context, 'Secret') : [];

/** The keys of the ConfigMap or Secret that stands beside, or around the list of keys. */
const keysOf =
  (kind: string, nameField: string): Source =>
  (context) =>
    keyChoices(context, kind, siblingsOf(context.node)?.textAt(nameField));

export function keyChoices(context: Context, kind: string, name: string | undefined): Choice[] {
  return [...context.names.objects(kind, context.namespace)]
    .filter((object) => object.name === name)
    .flatMap((object) =>
      (object.keys ?? []).map((key) => ({ text: key, detail: t('key of {0}', `${kind}/${name}`), rank: 0, real: true })),
    );
}

const projectedKey: Source = (context) => {
  const source = around(context.node, ({ name }) => name === 'items')?.parent;
  if (source?.name === 'secret') return keyChoices(context, 'Secret', source.textAt('secretName') ?? source.textAt('name'));
  return source?.name === 'configMap' ? keyChoices(context, 'ConfigMap', source.textAt('name')) : [];
};

/** A Service's port by name or number, wherever the Service is named beside. */
const servicePort =
  (by: 'name' | 'number'): Source =>
  (context) => {
    const service = siblingsOf(context.node)?.parent?.textAt('name');
    return [...context.names.objects('Service', context.namespace)]
      .filter(({ name }) => name === service)
      .flatMap(({ servicePorts = [] }) => servicePorts)
      .flatMap((port) => {
        const text = by === 'name' ? port.name : port.number?.toString();
        const other = by === 'name' ? port.number : port.name;
        return text === undefined
          ? []
          : [{ text, detail: t('port of {0}', `Service/${service}${other === undefined ? '' : ` (${other})`}`), rank: 0, real: true }];
      });
  };

/** Fields that name objects. */
export const objectSources: Sources = {
  'meta.v1.ObjectMeta.namespace': namespaces,
  'core.v1.PodSpec.serviceAccountName': withStandard('ServiceAccount', ['default']),
  'core.v1.PodSpec.serviceAccount': withStandard('ServiceAccount', ['default']),
  'core.v1.PodSpec.priorityClassName': priorities,
  'core.v1.PodSpec.runtimeClassName': named('RuntimeClass'),
  'core.v1.PodSpec.nodeName': named('Node'),
  'core.v1.LocalObjectReference.name': localReference,
  'core.v1.ConfigMapKeySelector.name': named('ConfigMap'),
  'core.v1.ConfigMapKeySelector.key': keysOf('ConfigMap', 'name'),
  'core.v1.ConfigMapEnvSource.name': named('ConfigMap'),
  'core.v1.ConfigMapVolumeSource.name': named('ConfigMap'),
  'core.v1.ConfigMapProjection.name': named('ConfigMap'),
  'core.v1.SecretKeySelector.name': named('Secret'),
  'core.v1.SecretKeySelector.key': keysOf('Secret', 'name'),
  'core.v1.SecretEnvSource.name': named('Secret'),
  'core.v1.SecretVolumeSource.secretName': named('Secret'),
  'core.v1.SecretProjection.name': named('Secret'),
  'core.v1.SecretReference.name': named('Secret'),
  'core.v1.KeyToPath.key': projectedKey,
  'core.v1.KeyToPath.path': projectedKey,
  'core.v1.PersistentVolumeClaimVolumeSource.claimName': named('PersistentVolumeClaim'),
  'core.v1.PersistentVolumeClaimSpec.storageClassName': named('StorageClass'),
  'core.v1.PersistentVolumeClaimSpec.volumeName': named('PersistentVolume'),
  'core.v1.PersistentVolumeClaimSpec.volumeAttributesClassName': named('VolumeAttributesClass'),
  'core.v1.PersistentVolumeSpec.storageClassName': named('StorageClass'),
  'core.v1.ObjectReference.name': ofSiblingKind,
  'core.v1.PodAffinityTerm.namespaces': namespaces,
  'core.v1.AzureFileVolumeSource.secretName': named('Secret'),
  'core.v1.ScopedResourceSelectorRequirement.values': (context) =>
    siblingsOf(context.node)?.textAt('scopeName') === 'PriorityClass' ? priorities(context) : [],
  'core.v1.PodResourceClaim.resourceClaimName': named('ResourceClaim'),
  'core.v1.PodResourceClaim.resourceClaimTemplateName': named('ResourceClaimTemplate'),
  'apps.v1.StatefulSetSpec.serviceName': named('Service'),
  'autoscaling.v1.CrossVersionObjectReference.name': ofSiblingKind,
  'autoscaling.v2.CrossVersionObjectReference.name': ofSiblingKind,
  'networking.v1.IngressSpec.ingressClassName': named('IngressClass'),
  'networking.v1.IngressServiceBackend.name': named('Service'),
  'networking.v1.ServiceBackendPort.name': servicePort('name'),
  'networking.v1.ServiceBackendPort.number': servicePort('number'),
  'networking.v1.IngressTLS.secretName': named('Secret'),
  'rbac.v1.RoleRef.name': withStandardRoles,
  'rbac.v1.Subject.name': subject,
  'rbac.v1.Subject.namespace': namespaces,
  'admissionregistration.v1.ServiceReference.name': serviceElsewhere,
  'admissionregistration.v1.ServiceReference.namespace': namespaces,
  'apiregistration.v1.ServiceReference.name': serviceElsewhere,
  'apiregistration.v1.ServiceReference.namespace': namespaces,
  'apiextensions.v1.ServiceReference.name': serviceElsewhere,
  'apiextensions.v1.ServiceReference.namespace': namespaces,
  'admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec.policyName': named('ValidatingAdmissionPolicy'),
  'admissionregistration.v1.MutatingAdmissionPolicyBindingSpec.policyName': named('MutatingAdmissionPolicy'),
  'storage.v1.CSIStorageCapacity.storageClassName': named('StorageClass'),
  'resource.v1.ExactDeviceRequest.deviceClassName': named('DeviceClass'),
  'resource.v1.DeviceSubRequest.deviceClassName': named('DeviceClass'),
};

/** Roles that a cluster brings along for people. */
const standardRoles = ['view', 'edit', 'admin', 'cluster-admin'];

function* withStandardRoles(context: Context): Iterable<Choice> {
  yield* ofSiblingKind(context);
  if (siblingsOf(context.node)?.textAt('kind') !== 'ClusterRole') return;
  for (const text of standardRoles) yield { text, detail: t('{0} of every cluster', 'ClusterRole'), rank: 1 };
}

function* subject(context: Context): Iterable<Choice> {
  yield* ofSiblingKind(context);
  switch (siblingsOf(context.node)?.textAt('kind')) {
    case 'ServiceAccount':
      yield { text: 'default', detail: t('ServiceAccount of every namespace'), rank: 1 };
      break;
    case 'Group':
      for (const text of ['system:authenticated', 'system:unauthenticated', 'system:serviceaccounts', 'system:masters']) {
        yield { text, detail: t('{0} of every cluster', 'Group'), rank: 1 };
      }
  }
}
