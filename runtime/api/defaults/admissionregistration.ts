import type {
  MatchResources,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '../generated/types/admissionregistration/v1.ts';
import type { DefaultsByKind } from './defaults.ts';

/** Policies and their bindings, which are the same in all their versions. */
const policyDefaults: DefaultsByKind = {
  MutatingAdmissionPolicy: (policy: MutatingAdmissionPolicy) => defaultPolicy(policy),
  MutatingAdmissionPolicyBinding: ({ spec }: MutatingAdmissionPolicyBinding) => defaultMatch(spec?.matchResources),
  ValidatingAdmissionPolicy: (policy: ValidatingAdmissionPolicy) => defaultPolicy(policy),
  ValidatingAdmissionPolicyBinding: ({ spec }: ValidatingAdmissionPolicyBinding) => defaultMatch(spec?.matchResources),
};

/** `pkg/apis/admissionregistration/v1`, `v1beta1` and `v1alpha1` */
export const admissionregistrationDefaults: DefaultsByKind = {
  ...Object.fromEntries(
    ['v1', 'v1beta1', 'v1alpha1'].flatMap((version) =>
      Object.entries(policyDefaults).map(([kind, defaults]) => [`admissionregistration.k8s.io/${version}/${kind}`, defaults]),
    ),
  ),
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': (configuration: MutatingWebhookConfiguration) => {
    for (const webhook of configuration.webhooks ?? []) {
      defaultWebhook(webhook);
      webhook.reinvocationPolicy ??= 'Never';
    }
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

function defaultPolicy(policy: MutatingAdmissionPolicy | ValidatingAdmissionPolicy): void {
  policy.spec ??= {};
  policy.spec.failurePolicy ??= 'Fail';
  defaultMatch(policy.spec.matchConstraints);
}

function defaultMatch(match: MatchResources | undefined): void {
  if (match === undefined) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) rule.scope ??= '*';
}
