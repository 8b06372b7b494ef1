import { semanticEqual } from '../../../api/validation/equality.ts';
import { systemPriorityClasses } from '../../../api/validation/policies.ts';
import { type ApiObject, stringAt } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';
import { warningsByResource } from '../warnings/index.ts';
import { apiServiceStrategy } from './api-services.ts';
import { certificateSigningRequestStrategy } from './certificate-signing-requests.ts';
import { daemonSetStrategy } from './daemon-sets.ts';
import { deploymentStrategy } from './deployments.ts';
import { endpointSliceStrategy } from './endpoint-slices.ts';
import { eventStrategy, newerEventStrategy } from './events.ts';
import { autoscalerStrategy } from './horizontal-pod-autoscalers.ts';
import { jobStrategy } from './jobs.ts';
import { namespaceStrategy } from './namespaces.ts';
import { withoutOffFeatures } from './off-features.ts';
import { persistentVolumeClaimStrategy } from './persistent-volume-claims.ts';
import { persistentVolumeStrategy } from './persistent-volumes.ts';
import { podStrategy } from './pods.ts';
import { resourceClaimStrategy } from './resource-claims.ts';
import { deviceTaintRuleStrategy, resourceSliceStrategy } from './resource-slices.ts';
import { selectableByPath, selectableWithoutNamespace } from './selectable.ts';

const specGeneration: Strategy = { generationFields: ['spec'] };
const returnsDeleted: Strategy = { returnsDeleted: true };
const needsResourceVersion: Strategy = { needsResourceVersion: true };
const createsOnUpdate: Strategy = { createsOnUpdate: true };

const common: Strategy = {};

/** The first generation is the only one. */
const oneGeneration: Strategy = { generationFields: [] };

/** Secrets are named and nothing else. */
function cleanSecrets(account: ApiObject): void {
  if (Array.isArray(account.secrets)) account.secrets = account.secrets.map(onlyName);
}

function onlyName(secret: unknown): { name?: string } {
  const name = stringAt(secret, 'name');
  return name === '' ? {} : { name };
}

/** The strategies of built-in kinds by group and plural; kinds that are not named here follow the common rules alone. */
const strategies: Readonly<Record<string, Strategy>> = {
  '/pods': podStrategy,
  '/namespaces': namespaceStrategy,
  '/events': eventStrategy,
  'events.k8s.io/events': newerEventStrategy,
  '/nodes': { keepsStatusOnCreate: true, selectable: selectableWithoutNamespace(['spec.unschedulable']) },
  '/secrets': { selectable: selectableByPath(['type']) },
  '/replicationcontrollers': {
    ...specGeneration,
    selectable: selectableByPath(['status.replicas']),
    propagation: 'Orphan',
  },
  '/persistentvolumes': persistentVolumeStrategy,
  '/persistentvolumeclaims': persistentVolumeClaimStrategy,
  '/podtemplates': { generationFields: ['template'], returnsDeleted: true },
  '/resourcequotas': returnsDeleted,
  '/serviceaccounts': { returnsDeleted: true, prepareForCreate: cleanSecrets, prepareForUpdate: cleanSecrets },
  '/endpoints': createsOnUpdate,
  '/limitranges': {
    createsOnUpdate: true,
    prepareForCreate: ({ metadata }) => {
      // Nobody need name it; what is drawn for its uid is as good a name as any.
      if (!metadata.name && metadata.uid !== undefined) metadata.name = metadata.uid;
    },
  },
  'apps/deployments': deploymentStrategy,
  'apps/daemonsets': daemonSetStrategy,
  'apps/replicasets': specGeneration,
  'apps/statefulsets': specGeneration,
  'batch/jobs': jobStrategy,
  'batch/cronjobs': specGeneration,
  'autoscaling/horizontalpodautoscalers': autoscalerStrategy,
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
  'coordination.k8s.io/leasecandidates': { ...needsResourceVersion, ...createsOnUpdate },
  'discovery.k8s.io/endpointslices': endpointSliceStrategy,
  'rbac.authorization.k8s.io/roles': createsOnUpdate,
  'rbac.authorization.k8s.io/rolebindings': createsOnUpdate,
  'rbac.authorization.k8s.io/clusterroles': createsOnUpdate,
  'rbac.authorization.k8s.io/clusterrolebindings': createsOnUpdate,
  'scheduling.k8s.io/priorityclasses': {
    ...oneGeneration,
    undeletable: (name) =>
      Object.hasOwn(systemPriorityClasses, name) ? 'this is a system priority class and cannot be deleted' : undefined,
  },
  'scheduling.k8s.io/podgroups': { statusKeeps: 'metadata' },
  'internal.apiserver.k8s.io/storageversions': { ...needsResourceVersion, statusKeeps: 'metadata' },
  'storagemigration.k8s.io/storageversionmigrations': { ...needsResourceVersion, statusKeeps: 'metadata' },
  'resource.k8s.io/resourcepoolstatusrequests': { returnsDeleted: true, ...needsResourceVersion, statusKeeps: 'metadata' },
  'certificates.k8s.io/clustertrustbundles': { ...needsResourceVersion, selectable: selectableWithoutNamespace(['spec.signerName']) },
  'certificates.k8s.io/podcertificaterequests': {
    ...needsResourceVersion,
    statusKeeps: 'metadata',
    selectable: selectableWithoutNamespace(['spec.signerName', 'spec.podName', 'spec.nodeName']),
  },
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
  'networking.k8s.io/servicecidrs': { statusKeeps: 'metadata' },
  'node.k8s.io/runtimeclasses': { ...needsResourceVersion, ...createsOnUpdate },
  'resource.k8s.io/deviceclasses': { ...specGeneration, returnsDeleted: true },
  'resource.k8s.io/devicetaintrules': deviceTaintRuleStrategy,
  'resource.k8s.io/resourceclaims': resourceClaimStrategy,
  'resource.k8s.io/resourceclaimtemplates': returnsDeleted,
  'resource.k8s.io/resourceslices': resourceSliceStrategy,
  'storage.k8s.io/storageclasses': returnsDeleted,
  'storage.k8s.io/volumeattachments': { returnsDeleted: true, needsResourceVersion: true, statusKeeps: 'metadata' },
  'storage.k8s.io/csidrivers': {
    returnsDeleted: true,
    needsResourceVersion: true,
    // A new one has no generation yet.
    prepareForUpdate: (driver, old) => {
      if (!semanticEqual(driver.spec, old.spec)) driver.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
  },
  'storage.k8s.io/csinodes': { returnsDeleted: true, needsResourceVersion: true },
  'storage.k8s.io/csistoragecapacities': needsResourceVersion,
  'storage.k8s.io/volumeattributesclasses': returnsDeleted,
};

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
