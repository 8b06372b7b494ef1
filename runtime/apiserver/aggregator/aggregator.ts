import { BytesAnswer, BytesRequest, type HttpRequest, type HttpResponse } from '../../api/http.ts';
import type { Peer } from '../authentication/peer.ts';
import type { User } from '../authentication/user.ts';
import type { RequestTime } from '../filters/request-time.ts';
import { answerText } from '../negotiation/answer.ts';
import { concat } from '../registry/stored-form.ts';
import type { RequestInfo } from '../request-info.ts';
import type { Location } from '../services/resolver.ts';
import { PassedOnAnswer, TunnelAnswer } from '../streams.ts';
import { messageOf } from '../webhooks/client.ts';
import { goPath } from './go-path.ts';
import { answerHeaders, requestHeaders } from './proxy-headers.ts';
import type { RemoteApi } from './remote-apis.ts';
import { exchange, hostOf, locate, type RemoteParts, tlsOf, upgrade } from './remote-server.ts';
import type { RemoteRequest, RemoteUpgrade } from './transport.ts';

export interface AggregatorParts extends RemoteParts {
  /** Told of requests that end here, because the other server cannot be asked. */
  readonly terminated: (request: HttpRequest, info: RequestInfo, code: number) => void;
  readonly log: (text: string) => void;
}

/** A request that may be made, on its way to another server. */
export interface PassedRequest {
  readonly api: RemoteApi;
  readonly request: HttpRequest;
  readonly url: URL;
  readonly info: RequestInfo;
  readonly user: User;
  readonly peer: Peer;
  readonly auditId: string;
  readonly time: RequestTime | undefined;
  /** Tells that the answer stays open; the result is called when it ends. */
  readonly opened: () => () => void;
}

/** How long a list of resources may take, in milliseconds: clients ask for it all the time. Upstream: `aggregatedDiscoveryTimeout`. */
const discoveryTimeout = 5000;
/** How long it may take to tell why a connection is not upgraded, in milliseconds, and how many bytes of that are passed on. */
const refusalTimeout = 10_000;
const longestRefusal = 64 * 1024;

/** Passes requests on to the servers that extend the API. Follows upstream's `proxyHandler`. */
export class Aggregator {
  private readonly parts: AggregatorParts;

  constructor(parts: AggregatorParts) {
    this.parts = parts;
  }

  /** The other server's answer, or why it cannot be asked. */
  async pass(asked: PassedRequest): Promise<HttpResponse> {
    const { api } = asked;
    if (!api.isAvailable) return this.refused(asked, 503, 'service unavailable');
    try {
      tlsOf(this.parts, api);
    } catch (error) {
      return this.refused(asked, 500, messageOf(error));
    }
    let location: Location;
    try {
      location = locate(this.parts, api);
    } catch (error) {
      this.parts.log(`error resolving ${api.service.namespace}/${api.service.name}: ${messageOf(error)}`);
      return this.refused(asked, 503, 'service unavailable');
    }
    return isUpgrade(asked.request) ? this.passUpgrade(asked, location) : this.passPlain(asked, location);
  }

  private async passPlain(asked: PassedRequest, location: Location): Promise<HttpResponse> {
    const { api, request, info, time } = asked;
    const ending = new AbortController();
    const abort = () => ending.abort();
    request.signal?.addEventListener('abort', abort, { once: true });
    if (request.signal?.aborted === true) abort();
    const cancel = time === undefined ? () => {} : this.parts.clock.after(Math.max(time.left(), 0), abort);
    const done = () => {
      cancel();
      request.signal?.removeEventListener('abort', abort);
    };
    try {
      const sent = exchange(this.parts, api, location, remoteRequest(asked, location, ending.signal, false));
      const response = await (isDiscovery(info) ? this.inTime(sent, abort) : sent);
      return passedOn(response, asked.opened, done, abort);
    } catch (error) {
      done();
      return answerText(503, `error trying to reach service: ${messageOf(error)}\n`);
    }
  }

  private async inTime(sent: Promise<Response>, abort: () => void): Promise<Response> {
    return new Promise((resolve, reject) => {
      const cancel = this.parts.clock.after(discoveryTimeout, () => {
        reject(new Error('context deadline exceeded'));
        abort();
      });
      sent.then(resolve, reject).finally(cancel);
    });
  }

  private async passUpgrade(asked: PassedRequest, location: Location): Promise<HttpResponse> {
    const ending = new AbortController();
    const { signal } = asked.request;
    signal?.addEventListener('abort', () => ending.abort(), { once: true });
    let answer: RemoteUpgrade | Response;
    try {
      answer = await upgrade(this.parts, asked.api, location, remoteRequest(asked, location, ending.signal, true));
    } catch (error) {
      return answerText(503, `error dialing backend: ${messageOf(error)}\n`);
    }
    if (!(answer instanceof Response)) return new TunnelAnswer(answer, asked.opened());
    if (answer.status < 400) {
      ending.abort();
      return answerText(503, `invalid upgrade response: status code ${answer.status}\n`);
    }
    const cancel = this.parts.clock.after(refusalTimeout, () => ending.abort());
    const text = await firstBytes(answer.body, longestRefusal).finally(cancel);
    return new BytesAnswer(answer.status, Object.fromEntries(answerHeaders(answer.headers)), text);
  }

  private refused({ request, info }: PassedRequest, code: number, text: string): HttpResponse {
    this.parts.terminated(request, info, code);
    return answerText(code, `${text}\n`);
  }
}

function remoteRequest(asked: PassedRequest, location: Location, signal: AbortSignal, forUpgrade: boolean): RemoteRequest {
  const { request, url, user, peer, auditId } = asked;
  const query = new URLSearchParams(url.searchParams);
  query.sort();
  const host = hostOf(location);
  const search = query.size === 0 ? '' : `?${query}`;
  const path = goPath(url.pathname);
  const body = bodyOf(request);
  const facts = { user, host, path, from: peer.address, auditId, isUpgrade: forUpgrade, hasStream: body instanceof ReadableStream };
  return { method: request.method, url: `https://${host}${path}${search}`, headers: requestHeaders(request.headers, facts), body, signal };
}

function bodyOf(request: HttpRequest): RemoteRequest['body'] {
  if (!(request instanceof BytesRequest)) return request.body;
  return request.encoded.length === 0 ? null : request.encoded;
}

/** Whether the resources of a group version are asked for. */
function isDiscovery({ isResource, path }: RequestInfo): boolean {
  return !isResource && path.split('/').length === 4;
}

function isUpgrade({ headers }: HttpRequest): boolean {
  const named = (headers.get('connection') ?? '').toLowerCase().split(',');
  return headers.get('upgrade') !== null && named.some((name) => name.trim() === 'upgrade');
}

/** What comes of a body until it ends, breaks off or is too long. */
async function firstBytes(body: Response['body'], limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limit) break;
    }
  } catch {
    // What has come is all that there is.
  }
  return concat(chunks).subarray(0, limit);
}

/** An answer as it goes on to the client; redirects would lead it past all checks. */
function passedOn(response: Response, opened: () => () => void, done: () => void, abort: () => void): HttpResponse {
  const { status, body } = response;
  if (status >= 300 && status <= 399 && response.headers.get('location')) {
    done();
    abort();
    return answerText(502, 'the backend attempted to redirect this request, which is not permitted');
  }
  const close = response.ok ? opened() : () => {};
  const ended = () => {
    done();
    close();
  };
  if (body === null) ended();
  const passed = body && untilEnded(body, ended);
  return new PassedOnAnswer(status, answerHeaders(response.headers), passed);
}

/** The same bytes; `ended` is called once, when there are no more, or nobody wants them. */
function untilEnded(body: ReadableStream<Uint8Array<ArrayBuffer>>, ended: () => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let isOver = false;
  const end = () => {
    if (!isOver) ended();
    isOver = true;
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          end();
          controller.close();
        } else controller.enqueue(value);
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
}
