import { internalError } from '../../../api/status.ts';
import type { WebhookType } from '../../metrics/admission-metrics.ts';
import type { Attributes } from '../admission.ts';
import { type CallParts, WebhookDenial, WebhookFailure } from './call.ts';
import type { Hook } from './hooks.ts';

/**
 * Does what a webhook is asked for, and counts how long it took and what came of it. A failure that the webhook's failurePolicy passes over
 * is noted for the audit log under `failedOpen`; any other is thrown, as 500 when the webhook could not be asked. Follows upstream's dispatchers.
 */
export async function askHook(
  { clock, metrics }: CallParts,
  { webhook: { name, failurePolicy } }: Hook,
  attributes: Attributes,
  type: WebhookType,
  failedOpen: string,
  ask: () => Promise<void>,
): Promise<void> {
  const kind = type === 'admit' ? 'mutating' : 'validating';
  const { operation, time } = attributes;
  const started = clock.now();
  const ended = (code: number, rejected: boolean) => {
    const ms = clock.now() - started;
    time?.takenBy(kind, ms);
    metrics.webhookCalled(name, type, operation, { code, rejected, seconds: ms / 1000 });
  };
  try {
    await ask();
    ended(200, false);
  } catch (error) {
    const isPassedOver = error instanceof WebhookFailure && failurePolicy === 'Ignore';
    const isDenial = error instanceof WebhookDenial;
    const code = error instanceof WebhookFailure || isDenial ? error.code : 0;
    if (!isPassedOver) {
      const why = error instanceof WebhookFailure ? 'calling_webhook_error' : isDenial ? 'no_error' : 'apiserver_internal_error';
      metrics.webhookRejected(name, type, operation, why, code);
    }
    ended(code, !isPassedOver);
    if (!isPassedOver) throw error instanceof WebhookFailure ? internalError(error.message) : error;
    metrics.webhookPassedOver(name, type);
    attributes.annotate?.(failedOpen, name);
    // Nobody waits any more, so that there is no point in asking others.
    time?.check();
  }
}
