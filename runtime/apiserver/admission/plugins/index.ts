import type { Clock } from '../../../simulation/clock.ts';
import type { Random } from '../../../simulation/random.ts';
import type { AdmissionMetrics } from '../../metrics/admission-metrics.ts';
import type { WebhookClient } from '../../webhooks/client.ts';
import type { AdmissionPlugin } from '../admission.ts';
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates.ts';
import { defaultIngressClass, defaultStorageClass } from './default-class.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { deviceAccess } from './device-access.ts';
import { limitRanger } from './limit-ranger.ts';
import { mutatingPolicy } from './mutating-policy.ts';
import { mutatingWebhook } from './mutating-webhook.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeDeclaredFeatures } from './node-declared-features.ts';
import { nodeRestriction } from './node-restriction.ts';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.ts';
import { podResize } from './pod-resize.ts';
import { type PodSecurityConfiguration, podSecurity } from './pod-security.ts';
import { podTopologyLabels } from './pod-topology-labels.ts';
import { policyParameters } from './policy-parameters.ts';
import { priority } from './priority.ts';
import { resourceQuota } from './resource-quota.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';
import { validatingPolicy } from './validating-policy.ts';
import { validatingWebhook } from './validating-webhook.ts';

/** What can be chosen of the plugins, as with `kube-apiserver --admission-control-config-file`. */
export interface AdmissionConfiguration {
  readonly podSecurity?: PodSecurityConfiguration;
}

export interface PluginParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly webhooks: WebhookClient;
  readonly metrics: AdmissionMetrics;
  /** Plugins from outside. They see objects as webhooks left them; quotas come later, so that nothing is charged that is refused. */
  readonly further: readonly AdmissionPlugin[];
  readonly configuration?: AdmissionConfiguration;
}

/** The admission plugins that are always on, in upstream's order. */
export function builtinPlugins(parts: PluginParts): readonly AdmissionPlugin[] {
  const { clock, random, webhooks: client, metrics, further, configuration = {} } = parts;
  const webhooks = { client, random, clock, metrics };
  return [
    deviceAccess,
    policyParameters,
    namespaceLifecycle,
    limitRanger,
    serviceAccount(clock, random),
    nodeRestriction,
    taintNodesByCondition,
    podSecurity(configuration.podSecurity),
    priority,
    defaultTolerationSeconds,
    defaultStorageClass,
    storageObjectInUseProtection,
    persistentVolumeClaimResize,
    runtimeClass,
    certificateApproval,
    certificateSigning,
    certificateSubjectRestriction,
    defaultIngressClass,
    podTopologyLabels,
    nodeDeclaredFeatures,
    podResize,
    mutatingPolicy(),
    mutatingWebhook(webhooks),
    ...further,
    validatingPolicy(),
    validatingWebhook(webhooks),
    resourceQuota(clock),
  ];
}
