import type { Resource } from '../../registry/resource.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { askHook } from '../webhooks/ask.ts';
import { type CallParts, callHook } from '../webhooks/call.ts';
import { type Hook, hooksOf, isExempt, resourceFor } from '../webhooks/hooks.ts';

/** Asks the webhooks of ValidatingWebhookConfigurations, all at once. Follows upstream's `ValidatingAdmissionWebhook`. */
export function validatingWebhook(parts: CallParts): AdmissionPlugin {
  return {
    name: 'ValidatingAdmissionWebhook',
    validate(attributes, context) {
      const hooks = hooksOf(context, 'validatingwebhookconfigurations');
      if (hooks.length === 0 || isExempt(attributes)) return;
      return askAll(parts, hooks, attributes, context);
    },
  };
}

async function askAll(parts: CallParts, hooks: readonly Hook[], attributes: Attributes, context: AdmissionContext): Promise<void> {
  const wanted: [Hook, Resource][] = [];
  for (const hook of hooks) {
    const resource = await resourceFor(hook, attributes, context);
    if (resource !== undefined) wanted.push([hook, resource]);
  }
  const calls = wanted.map(([hook, resource], index) =>
    askHook(parts, hook, attributes, 'validating', `failed-open.validating.webhook.admission.k8s.io/round_0_index_${index}`, async () => {
      await callHook(parts, hook, attributes, resource, false);
    }),
  );
  await firstFailure(calls);
}

/** All of them have their say; of several objections the first webhook's is told. */
async function firstFailure(calls: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(calls)) if (outcome.status === 'rejected') throw outcome.reason;
}
