import { systemPriorityClasses } from '../../../api/validation/policies.ts';
import type { Strategy } from '../strategy.ts';
import { warningsByResource } from '../warnings/index.ts';
import { apiServiceStrategy } from './api-services.ts';
import { certificateSigningRequestStrategy } from './certificate-signing-requests.ts';
import { daemonSetStrategy } from './daemon-sets.ts';
import { deploymentStrategy } from './deployments.ts';
import { eventStrategy, newerEventStrategy } from './events.ts';
import { jobStrategy } from './jobs.ts';
import { namespaceStrategy } from './namespaces.ts';
import { withoutOffFeatures } from './off-features.ts';
import { persistentVolumeClaimStrategy } from './persistent-volume-claims.ts';
import { persistentVolumeStrategy } from './persistent-volumes.ts';
import { podStrategy } from './pods.ts';
import { notSupportedLabel, selectableByPath } from './selectable.ts';

const specGeneration: Strategy = { generationFields: ['spec'] };
const returnsDeleted: Strategy = { returnsDeleted: true };
const needsResourceVersion: Strategy = { needsResourceVersion: true };
const createsOnUpdate: Strategy = { createsOnUpdate: true };

function appsSelectable(kind: string, names: readonly string[]): Strategy {
  return { ...specGeneration, selectable: selectableByPath(names, (name) => `field label not supported for appsv1.${kind}: ${name}`) };
}

/** The strategies of built-in kinds by group and plural; kinds that are not named here follow the common rules alone. */
const strategies: Readonly<Record<string, Strategy>> = {
  '/pods': podStrategy,
  '/namespaces': namespaceStrategy,
  '/events': eventStrategy,
  'events.k8s.io/events': newerEventStrategy,
  '/nodes': { keepsStatusOnCreate: true, selectable: selectableByPath(['spec.unschedulable'], notSupportedLabel) },
  '/secrets': { selectable: selectableByPath(['type'], notSupportedLabel) },
  '/replicationcontrollers': { ...specGeneration, selectable: selectableByPath(['status.replicas'], notSupportedLabel) },
  '/persistentvolumes': persistentVolumeStrategy,
  '/persistentvolumeclaims': persistentVolumeClaimStrategy,
  '/podtemplates': { generationFields: ['template'], returnsDeleted: true },
  '/resourcequotas': returnsDeleted,
  '/serviceaccounts': returnsDeleted,
  '/endpoints': createsOnUpdate,
  '/limitranges': createsOnUpdate,
  'apps/deployments': deploymentStrategy,
  'apps/daemonsets': daemonSetStrategy,
  'apps/replicasets': appsSelectable('ReplicaSet', ['status.replicas']),
  'apps/statefulsets': appsSelectable('StatefulSet', ['status.successful']),
  'batch/jobs': jobStrategy,
  'batch/cronjobs': specGeneration,
  'autoscaling/horizontalpodautoscalers': {},
  'networking.k8s.io/ingresses': {
    ...specGeneration,
    prepareForCreate: (ingress) => {
      ingress.status = { loadBalancer: {} };
    },
  },
  'networking.k8s.io/ingressclasses': specGeneration,
  'networking.k8s.io/networkpolicies': specGeneration,
  'policy/poddisruptionbudgets': { ...specGeneration, ...needsResourceVersion },
  'coordination.k8s.io/leases': { ...needsResourceVersion, ...createsOnUpdate },
  'discovery.k8s.io/endpointslices': { generationFields: ['endpoints', 'ports', 'addressType'] },
  'rbac.authorization.k8s.io/roles': createsOnUpdate,
  'rbac.authorization.k8s.io/rolebindings': createsOnUpdate,
  'rbac.authorization.k8s.io/clusterroles': createsOnUpdate,
  'rbac.authorization.k8s.io/clusterrolebindings': createsOnUpdate,
  'scheduling.k8s.io/priorityclasses': {
    generationFields: ['value', 'globalDefault', 'preemptionPolicy'],
    undeletable: (name) =>
      Object.hasOwn(systemPriorityClasses, name) ? 'this is a system priority class and cannot be deleted' : undefined,
  },
  'certificates.k8s.io/clustertrustbundles': { selectable: selectableByPath(['spec.signerName'], notSupportedLabel) },
  'certificates.k8s.io/certificatesigningrequests': certificateSigningRequestStrategy,
  'apiextensions.k8s.io/customresourcedefinitions': { ...specGeneration, ...needsResourceVersion },
  'apiregistration.k8s.io/apiservices': apiServiceStrategy,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': { generationFields: ['webhooks'], ...needsResourceVersion },
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': { generationFields: ['webhooks'], ...needsResourceVersion },
  'admissionregistration.k8s.io/validatingadmissionpolicies': { ...specGeneration, statusKeeps: 'metadata', ...needsResourceVersion },
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': { ...specGeneration, ...needsResourceVersion },
  'admissionregistration.k8s.io/mutatingadmissionpolicies': { ...specGeneration, ...needsResourceVersion },
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings': { ...specGeneration, ...needsResourceVersion },
  'flowcontrol.apiserver.k8s.io/flowschemas': { ...specGeneration, statusKeeps: 'metadata' },
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': { ...specGeneration, statusKeeps: 'metadata' },
  'node.k8s.io/runtimeclasses': needsResourceVersion,
  'resource.k8s.io/deviceclasses': specGeneration,
  'resource.k8s.io/resourceclaims': { statusKeeps: 'metadata' },
  'resource.k8s.io/resourceslices': {
    generationFields: ['spec'],
    selectable: selectableByPath(['spec.nodeName', 'spec.driver'], notSupportedLabel),
  },
  'storage.k8s.io/storageclasses': returnsDeleted,
  'storage.k8s.io/volumeattachments': { returnsDeleted: true, needsResourceVersion: true },
  'storage.k8s.io/csidrivers': { returnsDeleted: true, needsResourceVersion: true, generationFields: ['spec'] },
  'storage.k8s.io/csinodes': { returnsDeleted: true, needsResourceVersion: true },
  'storage.k8s.io/csistoragecapacities': { returnsDeleted: true, needsResourceVersion: true },
};

const common: Strategy = {};

/** The strategy of a built-in kind. */
export function builtinStrategy(group: string, plural: string): Strategy {
  const key = `${group}/${plural}`;
  return withWarnings(key, withoutOffFeatures(key, strategies[key] ?? common));
}

/** A strategy with what clients are warned of beside what it says itself. */
export function withWarnings(key: string, strategy: Strategy): Strategy {
  const warn = warningsByResource[key];
  if (warn === undefined) return strategy;
  return { ...strategy, warnings: (object, old) => [...(strategy.warnings?.(object, old) ?? []), ...warn(object, old)] };
}
