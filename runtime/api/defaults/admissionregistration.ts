import type {
  MatchResources,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingAdmissionPolicySpec,
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicySpec,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '../generated/types/admissionregistration/v1.ts';
import type { DefaultsByKind } from './defaults.ts';

/** `pkg/apis/admissionregistration/v1` */
export const admissionregistrationDefaults: DefaultsByKind = {
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy': ({ spec }: MutatingAdmissionPolicy) => defaultPolicy(spec),
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding': ({ spec }: MutatingAdmissionPolicyBinding) => {
    defaultMatch(spec?.matchResources);
  },
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': (configuration: MutatingWebhookConfiguration) => {
    for (const webhook of configuration.webhooks ?? []) {
      defaultWebhook(webhook);
      webhook.reinvocationPolicy ??= 'Never';
    }
  },
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy': ({ spec }: ValidatingAdmissionPolicy) => defaultPolicy(spec),
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding': ({ spec }: ValidatingAdmissionPolicyBinding) => {
    defaultMatch(spec?.matchResources);
  },
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': (configuration: ValidatingWebhookConfiguration) => {
    for (const webhook of configuration.webhooks ?? []) defaultWebhook(webhook);
  },
};

function defaultWebhook(webhook: MutatingWebhook | ValidatingWebhook): void {
  if (webhook.clientConfig?.service !== undefined) webhook.clientConfig.service.port ??= 443;
  for (const rule of webhook.rules ?? []) rule.scope ??= '*';
  webhook.failurePolicy ??= 'Fail';
  webhook.matchPolicy ??= 'Equivalent';
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
}

function defaultPolicy(spec: MutatingAdmissionPolicySpec | ValidatingAdmissionPolicySpec | undefined): void {
  if (spec === undefined) return;
  spec.failurePolicy ??= 'Fail';
  defaultMatch(spec.matchConstraints);
}

function defaultMatch(match: MatchResources | undefined): void {
  if (match === undefined) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) rule.scope ??= '*';
}
