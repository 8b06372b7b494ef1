import type { WebhookClientConfig } from '../../../api/generated/types/admissionregistration/v1.ts';
import { badRequest, internalError, StatusError } from '../../../api/status.ts';
import type { Clock } from '../../../simulation/clock.ts';
import type { Random } from '../../../simulation/random.ts';
import type { Dict } from '../../registry/api-object.ts';
import type { Resource } from '../../registry/resource.ts';
import type { Attributes } from '../admission.ts';
import type { Hook } from './hooks.ts';
import { type ReviewAnswer, reviewOf, reviewVersion, verifyAnswer } from './review.ts';

/** A service of the cluster that a webhook stands behind. */
export interface WebhookService {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** The way to webhooks. Requests are HTTPS; `authorities`, in PEM, are who may have signed the other side's certificate, the host's own when left out. */
export interface WebhookTransport {
  /** Rejects with what went wrong. */
  fetch(request: Request, authorities: string | undefined): Promise<Response>;
  /** The same to a service, by its name `name.namespace.svc`; left out while there is no way to services. */
  fetchService?(service: WebhookService, request: Request, authorities: string | undefined): Promise<Response>;
}

/** What calling takes. */
export interface CallParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: WebhookTransport | undefined;
}

/** A webhook could not be asked, or gave no answer that can be understood. Whether that matters is for its failurePolicy. */
export class WebhookFailure extends Error {
  override readonly name = 'WebhookFailure';
  constructor(webhook: string, reason: string) {
    super(`failed calling webhook ${JSON.stringify(webhook)}: ${reason}`);
  }
}

const defaultTimeout = 10;
/** Longer answers are not read. */
const longestAnswer = 3 * 1024 * 1024;

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
    throw new WebhookFailure(webhook.name, `webhook does not accept known AdmissionReview versions (v1, v1beta1)`);
  }
  const uid = parts.random.uuid();
  const review = await post(parts, hook, JSON.stringify(reviewOf(attributes, resource, version, uid)));
  let answer: ReviewAnswer;
  try {
    answer = verifyAnswer(review, uid, version, mutating);
  } catch (error) {
    throw new WebhookFailure(webhook.name, `received invalid webhook response: ${messageOf(error)}`);
  }
  for (const [key, value] of Object.entries(answer.auditAnnotations)) attributes.annotate?.(`${webhook.name}/${key}`, value);
  for (const warning of answer.warnings) attributes.warn(warning);
  if (!answer.allowed) throw denial(webhook.name, answer.status);
  return answer;
}

/** Whether a failure is to be passed over; if not, it is thrown, as 500 when the webhook could not be asked. */
export function passOver({ webhook }: Hook, error: unknown): void {
  if (!(error instanceof WebhookFailure)) throw error;
  if (webhook.failurePolicy !== 'Ignore') throw internalError(error.message);
}

async function post({ clock, transport }: CallParts, { webhook }: Hook, body: string): Promise<unknown> {
  const fail = (reason: string) => new WebhookFailure(webhook.name, `failed to call webhook: ${reason}`);
  if (transport === undefined) throw fail('this API server has no way to webhooks');
  const seconds = webhook.timeoutSeconds ?? defaultTimeout;
  const url = addressOf(webhook.clientConfig, seconds);
  const failedPost = (why: string) => fail(`Post ${JSON.stringify(url)}: ${why}`);
  const ending = new AbortController();
  let late: () => void = () => {};
  const deadline = new Promise<never>((_, reject) => {
    late = () => {
      reject(failedPost('context deadline exceeded'));
      ending.abort();
    };
  });
  const cancel = clock.after(seconds * 1000, late);
  try {
    const headers = { 'content-type': 'application/json', accept: 'application/json, */*' };
    const request = new Request(url, { method: 'POST', headers, body, signal: ending.signal });
    const answer = send(transport, webhook.clientConfig, request)
      .then(async (response) => ({ response, text: await readText(response) }))
      .catch((error: unknown) => {
        throw failedPost(messageOf(error));
      });
    const { response, text } = await Promise.race([answer, deadline]);
    if (!response.ok) throw fail(statusText(response.status, text));
    try {
      return JSON.parse(text);
    } catch (error) {
      throw fail(`couldn't get version/kind; json parse error: ${messageOf(error)}`);
    }
  } finally {
    cancel();
  }
}

/** The address as upstream writes it: a service's port is told even where HTTPS would not need it. */
function addressOf({ url, service }: WebhookClientConfig, seconds: number): string {
  const { name = '', namespace = '', port = 443, path = '/' } = service ?? {};
  const address = url ?? `https://${name}.${namespace}.svc:${port}${path}`;
  return `${address}${address.includes('?') ? '&' : '?'}timeout=${seconds}s`;
}

async function send(transport: WebhookTransport, { service, caBundle }: WebhookClientConfig, request: Request): Promise<Response> {
  const authorities = caBundle ? atob(caBundle) : undefined;
  if (service === undefined) return transport.fetch(request, authorities);
  if (transport.fetchService === undefined) throw new Error('services cannot be reached from this API server yet');
  return transport.fetchService({ namespace: service.namespace, name: service.name, port: service.port ?? 443 }, request, authorities);
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > longestAnswer) throw new Error(`the answer is longer than ${longestAnswer} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** What upstream's client says of an answer that is no success. */
function statusText(code: number, text: string): string {
  if (code === 404) return 'the server could not find the requested resource';
  if (code === 401) return 'the server has asked for the client to provide credentials';
  if (code >= 500) return `an error on the server (${JSON.stringify(text.trim() || 'unknown')}) has prevented the request from succeeding`;
  return `the server responded with the status code ${code} but did not return more information`;
}

/** Follows upstream's `ToStatusErr`. */
function denial(webhook: string, status: Dict | undefined): StatusError {
  const by = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const why = text(status?.message) || text(status?.reason);
  const code = typeof status?.code === 'number' && status.code >= 400 ? status.code : 400;
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    ...status,
    metadata: {},
    status: 'Failure',
    message: why === '' ? `${by} without explanation` : `${by}: ${why}`,
    code,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
