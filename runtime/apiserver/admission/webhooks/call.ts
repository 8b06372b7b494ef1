import { qualifiedNameProblems } from '../../../api/names/index.ts';
import { badRequest, StatusError } from '../../../api/status.ts';
import type { Clock } from '../../../simulation/clock.ts';
import type { Random } from '../../../simulation/random.ts';
import type { AdmissionMetrics } from '../../metrics/admission-metrics.ts';
import type { Dict } from '../../registry/api-object.ts';
import type { Resource } from '../../registry/resource.ts';
import { messageOf, type WebhookClient, WebhookStatusError } from '../../webhooks/client.ts';
import type { Attributes } from '../admission.ts';
import { versionedBy } from '../versions.ts';
import type { Hook } from './hooks.ts';
import { checkEncoding, type ReviewAnswer, reviewOf, reviewVersion, verifyAnswer } from './review.ts';

/** What calling takes. */
export interface CallParts {
  readonly client: WebhookClient;
  readonly random: Random;
  readonly clock: Clock;
  readonly metrics: AdmissionMetrics;
}

/** A webhook could not be asked, or gave no answer that can be understood. Whether that matters is for its failurePolicy. */
export class WebhookFailure extends Error {
  override readonly name = 'WebhookFailure';
  /** What upstream's status for the failure says: unavailable, unless the webhook answered with a code of its own. */
  readonly code: number;
  constructor(webhook: string, reason: string, code = 503) {
    super(`failed calling webhook ${JSON.stringify(webhook)}: ${reason}`);
    this.code = code;
  }
}

/** A webhook says no. */
export class WebhookDenial extends StatusError {}

const defaultTimeout = 10;

/**
 * Asks a webhook about a write. Passes on its warnings and audit annotations. Throws a `WebhookFailure`, or a `StatusError` when it says no or
 * does not support dry runs.
 */
export async function callHook(
  parts: CallParts,
  hook: Hook,
  attributes: Attributes,
  resource: Resource,
  mutating: boolean,
): Promise<ReviewAnswer> {
  const { webhook } = hook;
  if (attributes.dryRun && webhook.sideEffects !== 'None' && webhook.sideEffects !== 'NoneOnDryRun') {
    throw badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
  }
  const version = reviewVersion(webhook.admissionReviewVersions);
  if (version === undefined) {
    throw new WebhookFailure(
      webhook.name,
      'could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)',
      400,
    );
  }
  const uid = parts.random.uuid();
  const asked = reviewOf(attributes, resource, await versionedBy(resource, attributes), version, uid);
  const own = webhook.timeoutSeconds ?? defaultTimeout;
  const seconds = Math.min(own, (attributes.time?.left() ?? Number.POSITIVE_INFINITY) / 1000);
  let review: unknown;
  try {
    review = await parts.client.post(webhook.clientConfig, asked, seconds, `timeout=${Math.ceil(seconds)}s`);
    checkEncoding(review);
  } catch (error) {
    const code = error instanceof WebhookStatusError ? error.code : undefined;
    throw new WebhookFailure(webhook.name, `failed to call webhook: ${messageOf(error)}`, code);
  }
  let answer: ReviewAnswer;
  try {
    answer = verifyAnswer(review, uid, version, mutating);
  } catch (error) {
    throw new WebhookFailure(webhook.name, `received invalid webhook response: ${messageOf(error)}`);
  }
  for (const [key, value] of Object.entries(answer.auditAnnotations)) {
    const name = `${webhook.name}/${key}`;
    if (qualifiedNameProblems(name).length === 0) attributes.annotate?.(name, value);
  }
  for (const warning of answer.warnings) attributes.warn(warning);
  if (!answer.allowed) throw denial(webhook.name, answer.status);
  return answer;
}

/** Follows upstream's `ToStatusErr`. */
function denial(webhook: string, status: Dict | undefined): WebhookDenial {
  const by = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const why = text(status?.message) || text(status?.reason);
  const code = typeof status?.code === 'number' && status.code >= 400 ? status.code : 400;
  return new WebhookDenial({
    kind: 'Status',
    apiVersion: 'v1',
    ...status,
    metadata: {},
    status: 'Failure',
    message: why === '' ? `${by} without explanation` : `${by}: ${why}`,
    code,
  });
}
