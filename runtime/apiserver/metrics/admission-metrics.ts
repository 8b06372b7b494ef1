import type { Operation } from '../admission/operation.ts';
import { type Family, Histogram, Numbers, type Spread } from './families.ts';

/** `admit` may change an object, `validate` only judges it. */
export type AdmissionStep = 'admit' | 'validate';
/** Why a webhook stood in the way of a write. */
export type RejectionError = 'calling_webhook_error' | 'apiserver_internal_error' | 'no_error';
/** What webhooks are called in metrics. */
export type WebhookType = 'admit' | 'validating';

const bounds = [0.005, 0.025, 0.1, 0.5, 1, 2.5];
/** Stranger codes of webhooks are not told apart. */
const highestCode = 600;

/** Takes what one step or plugin took, in seconds. */
export type AdmissionObserver = (operation: Operation, rejected: boolean, seconds: number) => void;

/** Counts admission under the names and labels of upstream's `admission/metrics`. */
export class AdmissionMetrics {
  private readonly steps = new Histogram(
    'apiserver_admission_step_admission_duration_seconds',
    'How long all admission took together, in seconds, by step, operation and whether it refused.',
    ['type', 'operation', 'rejected'],
    bounds,
  );
  private readonly controllers = new Histogram(
    'apiserver_admission_controller_admission_duration_seconds',
    'How long each admission plugin took, in seconds, by step, operation and whether it refused.',
    ['name', 'type', 'operation', 'rejected'],
    bounds,
  );
  private readonly webhooks = new Histogram(
    'apiserver_admission_webhook_admission_duration_seconds',
    'How long each webhook took, in seconds, by kind, operation and whether it refused.',
    ['name', 'type', 'operation', 'rejected'],
    [...bounds, 10, 25],
  );
  private readonly requests = new Numbers('counter', 'apiserver_admission_webhook_request_total', 'Calls of webhooks by their outcome.', [
    'name',
    'type',
    'operation',
    'code',
    'rejected',
  ]);
  private readonly rejections = new Numbers(
    'counter',
    'apiserver_admission_webhook_rejection_count',
    'Writes that a webhook stood in the way of, by why and by the code it gave.',
    ['name', 'type', 'operation', 'error_type', 'rejection_code'],
  );
  private readonly failOpen = new Numbers(
    'counter',
    'apiserver_admission_webhook_fail_open_count',
    'Failures of webhooks that were passed over.',
    ['name', 'type'],
  );

  get families(): readonly Family[] {
    const { steps, controllers, webhooks, requests, rejections, failOpen } = this;
    return [steps, controllers, webhooks, requests, rejections, failOpen];
  }

  /** What observes a whole step. */
  ofStep(step: AdmissionStep): AdmissionObserver {
    return observer(this.steps, [step]);
  }

  /** What observes a step of one plugin. */
  ofPlugin(name: string, step: AdmissionStep): AdmissionObserver {
    return observer(this.controllers, [name, step]);
  }

  /** Counts a call of a webhook. `code`: what it answered, 0 when the fault was the server's own. */
  webhookCalled(
    name: string,
    type: WebhookType,
    operation: Operation,
    outcome: { code: number; rejected: boolean; seconds: number },
  ): void {
    const { code, rejected, seconds } = outcome;
    this.requests.add([name, type, operation, String(Math.min(code, highestCode)), String(rejected)]);
    this.webhooks.observe([name, type, operation, String(rejected)], seconds);
  }

  webhookRejected(name: string, type: WebhookType, operation: Operation, error: RejectionError, code: number): void {
    this.rejections.add([name, type, operation, error, String(Math.min(code, highestCode))]);
  }

  webhookPassedOver(name: string, type: WebhookType): void {
    this.failOpen.add([name, type]);
  }
}

/** Every write passes every plugin, so what is observed is looked up once for each operation. */
function observer(histogram: Histogram, labels: readonly string[]): AdmissionObserver {
  const kept: Partial<Record<Operation, { readonly accepted: Spread; readonly rejected: Spread }>> = {};
  return (operation, rejected, seconds) => {
    let spreads = kept[operation];
    if (spreads === undefined) {
      spreads = { accepted: histogram.of([...labels, operation, 'false']), rejected: histogram.of([...labels, operation, 'true']) };
      kept[operation] = spreads;
    }
    (rejected ? spreads.rejected : spreads.accepted).observe(seconds);
  };
}
