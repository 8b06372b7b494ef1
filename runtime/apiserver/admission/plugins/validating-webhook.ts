import type { AdmissionPlugin } from '../admission.ts';
import { type CallParts, callHook, passOver } from '../webhooks/call.ts';
import { hooksOf, isExempt, resourceFor } from '../webhooks/hooks.ts';

/** Asks the webhooks of ValidatingWebhookConfigurations, all at once. Follows upstream's `ValidatingAdmissionWebhook`. */
export function validatingWebhook(parts: CallParts): AdmissionPlugin {
  return {
    name: 'ValidatingAdmissionWebhook',
    validate(attributes, context) {
      const hooks = hooksOf(context, 'validatingwebhookconfigurations');
      if (hooks.length === 0 || isExempt(attributes)) return;
      const calls = hooks.flatMap((hook) => {
        const resource = resourceFor(hook, attributes, context);
        if (resource === undefined) return [];
        const call = async () => {
          try {
            await callHook(parts, hook, attributes, resource, false);
          } catch (error) {
            passOver(hook, error);
            attributes.annotate?.('failed-open.validating.webhook.admission.k8s.io', hook.webhook.name);
          }
        };
        return [call()];
      });
      if (calls.length === 0) return;
      return firstFailure(calls);
    },
  };
}

/** All of them have their say; of several objections the first webhook's is told. */
async function firstFailure(calls: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(calls)) if (outcome.status === 'rejected') throw outcome.reason;
}
