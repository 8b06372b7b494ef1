import type { Clock } from '../../simulation/clock.ts';
import { locateService, type ResolverParts, reach, serviceHost } from '../services/resolver.ts';
import { readAnswer } from './read-answer.ts';
import { mostRequests, redirected, type Sent } from './redirects.ts';
import type { WebhookTransport } from './transport.ts';

/** Where a webhook is found, in configurations of admission and of conversion alike. */
export interface WebhookAddress {
  readonly url?: string;
  readonly service?: { readonly namespace: string; readonly name: string; readonly port?: number; readonly path?: string } | undefined;
  /** PEM in base64. */
  readonly caBundle?: string;
}

export interface WebhookClientParts extends ResolverParts {
  readonly clock: Clock;
  /** Without it no webhook can be called. */
  readonly transport: WebhookTransport | undefined;
}

/** Longer answers are not read. */
const longestAnswer = 3 * 1024 * 1024;

/** Calls webhooks. */
export class WebhookClient {
  private readonly parts: WebhookClientParts;

  constructor(parts: WebhookClientParts) {
    this.parts = parts;
  }

  /**
   * Posts JSON and gives the JSON of the answer. `query` comes after the address.
   *
   * @throws Error in the words of upstream's client: `Post "https://…": context deadline exceeded`
   */
  async post(address: WebhookAddress, body: unknown, seconds: number, query = ''): Promise<unknown> {
    const url = textOf(address) + (query === '' ? '' : `${textOf(address).includes('?') ? '&' : '?'}${query}`);
    let asked = url;
    const failedPost = (why: string) => new Error(`Post ${JSON.stringify(asked)}: ${why}`);
    const ending = new AbortController();
    let late: () => void = () => {};
    const deadline = new Promise<never>((_, reject) => {
      late = () => {
        reject(failedPost('context deadline exceeded'));
        ending.abort();
      };
    });
    const cancel = this.parts.clock.after(seconds * 1000, late);
    try {
      const headers = { 'content-type': 'application/json', accept: 'application/json, */*' };
      const first = { method: 'POST', headers, body: JSON.stringify(body), signal: ending.signal };
      const answer = this.follow(address, { url, options: first }, (next) => {
        asked = next;
      })
        .then(async (response) => ({ response, text: await readText(response) }))
        .catch((error: unknown) => {
          throw failedPost(messageOf(error));
        });
      const { response, text } = await Promise.race([answer, deadline]);
      const media = response.headers.get('content-type');
      if (!response.ok) throw new WebhookStatusError(response.status, isText(media) ? text : '');
      return readAnswer(text, response.status, media);
    } finally {
      cancel();
    }
  }

  /** Sends a request, and goes on where the answers lead. Follows Go's client, which upstream's leaves as it is. */
  private async follow(address: WebhookAddress, first: Sent, told: (url: string) => void): Promise<Response> {
    let sent = first;
    for (let requests = 1; ; requests++) {
      const own = new URL(sent.url).host === new URL(first.url).host;
      const response = await this.send(own ? address : { ...address, service: undefined }, new Request(sent.url, sent.options));
      const next = redirected(sent, response);
      if (next === undefined) return response;
      told(next.url);
      if (requests === mostRequests) throw new Error(`stopped after ${mostRequests} redirects`);
      await response.body?.cancel();
      sent = next;
    }
  }

  private async send({ service, caBundle }: WebhookAddress, request: Request): Promise<Response> {
    const { transport } = this.parts;
    if (transport === undefined) throw new Error('this API server has no way to webhooks');
    const authorities = caBundle?.trim() ? atob(caBundle) : undefined;
    if (service === undefined) return transport.fetch(request, authorities);
    const { namespace, name, port = 443 } = service;
    return transport.fetch(request, authorities, await reach(locateService(this.parts, { namespace, name, port }), this.parts.network));
  }
}

/** The address as upstream writes it: a service's port is told even where HTTPS would not need it. */
function textOf({ url, service }: WebhookAddress): string {
  if (url !== undefined || service === undefined) return url ?? '';
  const { namespace, name, port = 443, path = '' } = service;
  return `https://${serviceHost({ namespace, name, port })}:${port}${path.startsWith('/') ? path : `/${path}`}`;
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

/** Whether an error is told in a text for people; what else there is in it is not repeated. */
function isText(media: string | null): boolean {
  return !media || media.startsWith('text/');
}

/** What `NewGenericServerResponse` of apimachinery says by status, whatever the server said. */
const statusTexts: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** A webhook answered with a status that is no success. */
export class WebhookStatusError extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(statusText(code, text));
    this.code = code;
  }
}

/** What upstream's client says of an answer that is no success. */
function statusText(code: number, text: string): string {
  const said = text.trim() || 'unknown';
  if (code === 403 || code === 415) return said;
  if (code === 406) return said === 'unknown' ? 'the server was unable to respond with a content type that the client supports' : said;
  const known = statusTexts[code];
  if (known !== undefined) return known;
  if (code >= 500) return `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`;
  return `the server responded with the status code ${code} but did not return more information`;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
