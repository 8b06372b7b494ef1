import { BytesAnswer, type HttpRequest, type HttpResponse } from '../api/http.ts';
import { badRequest, internalError, StatusError } from '../api/status.ts';
import type { Clock } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import type { Audited, Auditor } from './audit/auditor.ts';
import type { Authenticator } from './authentication/authenticator.ts';
import type { Impersonation } from './authentication/impersonation/impersonation.ts';
import type { Peer } from './authentication/peer.ts';
import type { User } from './authentication/user.ts';
import { type Authorizer, attributesOf, forbiddenBy } from './authorization/authorizer.ts';
import { type InFlight, isLongRunning } from './filters/in-flight.ts';
import { type RequestTime, requestTime } from './filters/request-time.ts';
import type { FlowSchemas } from './flow-control/flow-schemas.ts';
import type { AccessMetrics } from './metrics/access-metrics.ts';
import type { RequestMetrics } from './metrics/request-metrics.ts';
import { answerFailure, answerTooMany, answerUnresolved } from './negotiation/answer.ts';
import { loadColumnDescriptions } from './negotiation/column-descriptions.ts';
import { failureForm } from './negotiation/present.ts';
import type { ResourceTable } from './registry/resource-table.ts';
import { NothingAsked, type RequestInfo, requestInfo } from './request-info.ts';
import { requestUrl } from './request-url.ts';
import type { Entered, Router } from './router.ts';

export interface HandlerChainParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly resources: ResourceTable;
  readonly authenticator: Authenticator;
  readonly impersonation: Impersonation;
  readonly authorizer: Authorizer;
  readonly auditor: Auditor | undefined;
  readonly flowSchemas: FlowSchemas;
  readonly inFlight: InFlight;
  readonly requestMetrics: RequestMetrics;
  readonly accessMetrics: AccessMetrics;
  readonly router: Router;
  /** Told of failures that are nobody's fault but the server's. */
  readonly log: (text: string) => void;
}

/** What an answer tells beside itself, whatever it is. */
interface ToTell {
  readonly warnings: Set<string>;
  readonly headers: Map<string, string>;
}

/** What every request passes before it is answered. Upstream: `DefaultBuildHandlerChain` of the generic API server. */
export class HandlerChain {
  readonly #parts: HandlerChainParts;
  /** Refusals of those who may not do something: browsers are not to guess what they are. Upstream: `RespondWithError`. */
  readonly #notToGuess = new WeakSet<object>();

  constructor(parts: HandlerChainParts) {
    this.#parts = parts;
  }

  async handle(request: HttpRequest, peer: Peer = {}): Promise<HttpResponse> {
    const warnings = new Set<string>();
    const headers = new Map<string, string>();
    const id = this.#auditId(request, peer);
    let response: HttpResponse;
    try {
      response = await this.#answer(request, peer, { warnings, headers }, id ?? '');
    } catch (error) {
      response = error instanceof NothingAsked ? answerUnresolved(error.url, error.message) : this.#failed(request, error, warnings);
    }
    if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-cache, private');
    if (id !== undefined) response.headers.set('audit-id', id);
    for (const [name, value] of headers) response.headers.set(name, value);
    return response;
  }

  #failed(request: HttpRequest, error: unknown, warnings: ReadonlySet<string>): HttpResponse {
    const refusal = refusalOf(error);
    if (refusal === undefined) {
      this.#parts.log(`${request.method} ${request.url}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    const status = refusal ?? internalError(error instanceof Error ? error.message : String(error));
    const response = answerFailure(status, { warnings, ...failureForm(request, status) });
    if (this.#notToGuess.has(status)) response.headers.set('x-content-type-options', 'nosniff');
    return response;
  }

  /** What a request is called in its answer and in the audit log. Components of this process have no use for it unless it is written down. */
  #auditId({ headers }: HttpRequest, peer: Peer): string | undefined {
    const given = headers.get('audit-id') ?? '';
    if (given !== '') return given;
    return this.#parts.auditor === undefined && peer.component !== undefined ? undefined : this.#parts.random.uuid();
  }

  /** Follows upstream's order: whose request it is, its record in the audit log, and only then in whose name it is done. */
  async #answer(request: HttpRequest, peer: Peer, { warnings, headers }: ToTell, id: string): Promise<HttpResponse> {
    const url = requestUrl(request);
    const received = this.#parts.clock.now();
    if (request.headers.get('accept')?.includes('as=Table')) await loadColumnDescriptions();
    const info = requestInfo(request.method, url);
    const audited = { id, request, url, info, peer, received };
    // What is noted before the record begins.
    const notes = new Map<string, string>();
    let time: RequestTime | undefined;
    const requester = await this.#orUnauthenticated(audited, () => {
      time = requestTime(this.#parts.clock, info, url.searchParams, received);
      return this.#parts.authenticator.authenticate(request, peer, {
        annotate: (key, value) => notes.set(key, value),
        warn: (text) => warnings.add(text),
      });
    });
    this.#parts.accessMetrics.authenticated(requester.name, (this.#parts.clock.now() - received) / 1000);
    const trail = this.#parts.auditor?.begin(audited, requester, notes);
    try {
      const impersonated = await this.#parts.impersonation
        .of(request.headers, () => attributesOf(requester, info, url.searchParams))
        .catch((error: unknown) => this.#refuseAccess(error));
      if (impersonated !== undefined) trail?.actsAs(impersonated.user, impersonated.constraint);
      const user = impersonated?.user ?? requester;
      if (peer.component === undefined) this.#classify(info, user, headers);
      const response = await this.#admittedAnswer({ id, request, url, info, user, peer, warnings, trail, time });
      await trail?.answered(response);
      return response;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) {
        this.#terminated(request, info, 500);
        trail?.panicked(error);
      } else trail?.failed(refusal);
      throw error;
    }
  }

  /** Tells how the request was classified, by uids: names are not everybody's business. Upstream: `setResponseHeaders` of the filter. */
  #classify(info: RequestInfo, user: User, headers: Map<string, string>): void {
    const found = this.#parts.flowSchemas.classOf(info, user);
    if (found === undefined) return;
    headers.set('x-kubernetes-pf-flowschema-uid', found.schema);
    headers.set('x-kubernetes-pf-prioritylevel-uid', found.level);
  }

  /** Does what comes before it is known whose request it is; a refusal is written down. */
  async #orUnauthenticated<T>(audited: Audited, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StatusError) {
        this.#parts.auditor?.unauthenticated(audited, error);
        if (error.code === 401) this.#parts.accessMetrics.unauthenticated((this.#parts.clock.now() - audited.received) / 1000);
      }
      throw error;
    }
  }

  async #admittedAnswer(entered: Entered): Promise<HttpResponse> {
    const { request, url, info, user, peer, time } = entered;
    const started = this.#parts.clock.now();
    const leave = this.#parts.inFlight.enter(info, user, peer);
    let code = 500;
    let bytes: number | undefined;
    try {
      const response = leave === undefined ? answerTooMany() : await this.#timelyAnswer(entered);
      if (leave === undefined) this.#terminated(request, info, 429);
      code = response.status;
      if (response instanceof BytesAnswer) bytes = response.encoded.length;
      return response;
    } catch (error) {
      if (error instanceof StatusError) code = error.code;
      throw error;
    } finally {
      leave?.();
      const seconds = isLongRunning(info) ? undefined : (this.#parts.clock.now() - started) / 1000;
      const ofWebhooks = (time?.ofWebhooks ?? 0) / 1000;
      if (this.#isServed(info, code)) this.#parts.requestMetrics.answered(request, info, code, { seconds, ofWebhooks, bytes });
      if (peer.component !== undefined) this.#parts.requestMetrics.ofClient(request, url, code);
    }
  }

  #timelyAnswer(entered: Entered): Promise<HttpResponse> {
    const { request, info, time } = entered;
    const work = this.#authorizedAnswer(entered);
    return time?.bound(work, () => this.#terminated(request, info, 504)) ?? work;
  }

  #terminated(request: HttpRequest, info: RequestInfo, code: number): void {
    if (this.#isServed(info, code)) this.#parts.requestMetrics.terminated(request, info, code);
  }

  /** Whether the path is one of the server's: those that clients make up are not counted, for there is no end to them. */
  #isServed({ isResource, group, version, resource, subresource }: RequestInfo, code: number): boolean {
    if (!isResource) return code !== 404;
    const kind = this.#parts.resources.find(group, version, resource)?.kind;
    return kind !== undefined && (subresource === '' || kind.subresources.some(({ name }) => name === subresource));
  }

  async #authorizedAnswer(entered: Entered): Promise<HttpResponse> {
    const { url, info, user, trail } = entered;
    const attributes = attributesOf(user, info, url.searchParams);
    const asked = this.#parts.clock.now();
    const { decision, reason } = await this.#parts.authorizer.authorize(attributes);
    this.#parts.accessMetrics.authorized(decision, (this.#parts.clock.now() - asked) / 1000);
    trail?.annotate('authorization.k8s.io/decision', decision === 'allow' ? 'allow' : 'forbid');
    trail?.annotate('authorization.k8s.io/reason', reason ?? '');
    if (decision !== 'allow') this.#refuseAccess(forbiddenBy(attributes, reason));
    return this.#parts.router.answer(entered, asked);
  }

  #refuseAccess(error: unknown): never {
    if (error instanceof StatusError) this.#notToGuess.add(error);
    throw error;
  }
}

/** What to answer for a failure; `undefined` for one that nobody foresaw. */
function refusalOf(error: unknown): StatusError | undefined {
  if (error instanceof StatusError) return error;
  return isTooDeep(error) ? badRequest('exceeded max depth') : undefined;
}

/** Documents may nest deeper than the stack reaches; Go's decoder refuses such depth with these words, too. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}
