import { parse } from 'yaml';
import { BytesAnswer, type HttpRequest, type HttpResponse } from '../../api/http.ts';
import type { StatusError } from '../../api/status.ts';
import { type Clock, formatMicroTime } from '../../simulation/clock.ts';
import type { Peer } from '../authentication/peer.ts';
import type { User } from '../authentication/user.ts';
import { type AccessAttributes, attributesOf } from '../authorization/authorizer.ts';
import { isLongRunning } from '../filters/in-flight.ts';
import { AuditMetrics } from '../metrics/audit-metrics.ts';
import { copyJson, isDict } from '../registry/api-object.ts';
import type { RequestInfo } from '../request-info.ts';
import { TunnelAnswer, UpgradeAnswer } from '../streams.ts';
import { completed, type ObjectReference, referenceOf, withoutManagedFields } from './event-objects.ts';
import type { AuditPolicy, AuditRule, AuditStage } from './policy.ts';
import { sourceAddresses } from './source-addresses.ts';

export interface AuditOptions {
  readonly policy: AuditPolicy;
  /** Takes one event as a line of JSON, without the line's end. */
  readonly sink: (line: string) => void;
}

/** A request as it came in, before anybody knows whose it is. */
export interface Audited {
  /** What the answer's `Audit-ID` says, too. */
  readonly id: string;
  readonly request: HttpRequest;
  readonly url: URL;
  readonly info: RequestInfo;
  readonly peer: Peer;
  /** When it came in, in milliseconds. */
  readonly received: number;
}

/** Nobody: a request whose credentials were not accepted. */
const nobody: User = { name: '', groups: [] };

/** Writes down who did what, as far as a policy wants it. Follows upstream's `WithAudit` and its events of audit.k8s.io/v1. */
export class Auditor {
  readonly metrics = new AuditMetrics();
  private readonly options: AuditOptions;
  private readonly clock: Clock;
  private readonly sink = (line: string) => {
    this.options.sink(line);
    this.metrics.written();
  };

  constructor(options: AuditOptions, clock: Clock) {
    this.options = options;
    this.clock = clock;
  }

  /** Begins the record of a request by who sent it, whoever it will act as; `undefined` when the policy wants none. */
  begin(audited: Audited, requester: User, notes: ReadonlyMap<string, string>): AuditTrail | undefined {
    const trail = this.trail(audited, requester);
    for (const [key, value] of notes) trail?.annotate(key, value);
    trail?.received();
    return trail;
  }

  /** Writes down that a request was refused for its credentials: in one event, as upstream's `WithFailedAuthenticationAudit`. */
  unauthenticated(audited: Audited, refusal: StatusError): void {
    this.trail(audited, nobody)?.turnedAway(refusal);
  }

  private trail(audited: Audited, user: User): AuditTrail | undefined {
    const attributes = attributesOf(user, audited.info, audited.url.searchParams);
    const rule = this.options.policy.ruleFor(attributes);
    this.metrics.judged(rule.level);
    if (rule.level === 'None') return undefined;
    return new AuditTrail(audited, attributes, rule, this.clock, this.sink);
  }
}

/** The record of one request. */
export class AuditTrail {
  private readonly audited: Audited;
  private readonly attributes: AccessAttributes;
  private readonly rule: AuditRule;
  private readonly clock: Clock;
  private readonly sink: (line: string) => void;
  private readonly annotations: Record<string, string> = {};
  private impersonated: { readonly user: User; readonly constraint: string } | undefined;
  private reference: ObjectReference | undefined;
  private requestObject: unknown;
  /** The answer stays open and ends later. */
  private isOpen = false;
  /** The status of an answer that stays open. */
  private started: object = { metadata: {}, code: 200 };

  constructor(audited: Audited, attributes: AccessAttributes, rule: AuditRule, clock: Clock, sink: (line: string) => void) {
    this.audited = audited;
    this.attributes = attributes;
    this.rule = rule;
    this.clock = clock;
    this.sink = sink;
    this.reference = attributes.isResource ? referenceOf(attributes) : undefined;
  }

  received(): void {
    this.write('RequestReceived', this.audited.received, {});
  }

  /** Notes why something was decided as it was, unless it is not for events of this level. The first text under a key stays. */
  annotate(key: string, value: string, level?: 'Request'): void {
    if (level === undefined || this.rule.level !== 'Metadata') this.annotations[key] ??= value;
  }

  /** Notes whom the request acts as, and by which of the constrained ways, if any. */
  actsAs(user: User, constraint: string): void {
    this.impersonated = { user, constraint };
  }

  /** Notes the object that was sent; what is done to it later does not show. */
  sent(object: unknown): void {
    if (this.reference !== undefined) this.reference = completed(this.reference, object);
    if (this.rule.level !== 'Metadata') this.requestObject = this.trimmed(copyJson(object));
  }

  /** Notes the patch that was sent. One that cannot be read is refused further on, and the refusal is written down. */
  sentPatch(text: string): void {
    if (this.rule.level === 'Metadata') return;
    try {
      this.requestObject = parse(text, { version: '1.1' });
    } catch {
      this.requestObject = undefined;
    }
  }

  /** The answer stays open; the result is called when it ends. Its end tells of the status what its start did. */
  opened(): () => void {
    this.isOpen = true;
    return () => this.write('ResponseComplete', this.clock.now(), { responseStatus: this.started });
  }

  /** Writes down the answer. */
  async answered(response: HttpResponse): Promise<void> {
    const answer = this.showsBody() ? await jsonOf(response) : undefined;
    const status =
      isDict(answer) && answer.kind === 'Status'
        ? boundedStatus({ ...answer, code: response.status })
        : { metadata: {}, code: codeOf(response) };
    this.ended(status, this.showsAnswer() ? this.trimmed(answer) : undefined);
  }

  /** Writes down that the request was refused. */
  failed({ status }: StatusError): void {
    this.ended(boundedStatus({ ...status }), this.rule.level === 'RequestResponse' ? status : undefined);
  }

  /** Writes down that the server failed at the request in a way that nobody foresaw. */
  panicked(error: unknown): void {
    const message = `APIServer panic'd: ${error instanceof Error ? error.message : String(error)}`;
    this.write('Panic', this.clock.now(), {
      responseStatus: { metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 },
    });
  }

  turnedAway({ status }: StatusError): void {
    this.write('ResponseStarted', this.clock.now(), {
      responseStatus: boundedStatus({ ...status }),
      responseObject: this.rule.level === 'RequestResponse' ? status : undefined,
    });
  }

  private ended(responseStatus: object, responseObject: unknown): void {
    this.started = responseStatus;
    if (isLongRunning(this.audited.info)) this.write('ResponseStarted', this.clock.now(), { responseStatus, responseObject });
    if (!this.isOpen) this.write('ResponseComplete', this.clock.now(), { responseStatus, responseObject });
  }

  /** Whether the answer is an object that belongs into the event. */
  private showsAnswer(): boolean {
    const { info } = this.audited;
    return this.rule.level === 'RequestResponse' && !isLongRunning(info) && (info.isResource || /^\/apis?(\/|$)/.test(info.path));
  }

  /** Whether the answer may be a Status, which events of every level tell. */
  private showsBody(): boolean {
    const { verb, subresource } = this.audited.info;
    if (isLongRunning(this.audited.info)) return false;
    return this.showsAnswer() || verb === 'delete' || (verb === 'create' && subresource !== '');
  }

  private write(stage: AuditStage, at: number, result: object): void {
    if (this.rule.omitStages.has(stage)) return;
    const { id, request, url, info, peer, received } = this.audited;
    const { impersonated } = this;
    const addresses = sourceAddresses(request.headers, peer.address);
    const event = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: this.rule.level,
      auditID: id,
      stage,
      requestURI: url.pathname + url.search,
      verb: info.verb,
      user: userInfo(this.attributes.user),
      impersonatedUser: impersonated && userInfo(impersonated.user),
      authenticationMetadata: impersonated?.constraint ? { impersonationConstraint: impersonated.constraint } : undefined,
      sourceIPs: addresses.length > 0 ? addresses : undefined,
      userAgent: userAgentOf(request),
      objectRef: this.reference && filled(this.reference),
      ...(stage !== 'RequestReceived' && { requestObject: this.requestObject }),
      ...result,
      requestReceivedTimestamp: formatMicroTime(received),
      stageTimestamp: formatMicroTime(at),
      annotations: Object.keys(this.annotations).length > 0 ? this.annotations : undefined,
    };
    this.sink(JSON.stringify(event));
  }

  private trimmed(object: unknown): unknown {
    return this.rule.omitManagedFields ? withoutManagedFields(object) : object;
  }
}

function userInfo({ name, uid, groups, extra }: User): object {
  return filled({ username: name, uid: uid ?? '', groups: groups.length > 0 ? groups : '', extra: extra ?? '' });
}

/** The fields that say something. */
function filled(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** What an event tells of a Status; its `metadata` says nothing there. */
function boundedStatus({ status, message, reason, details, code }: Record<string, unknown>): object {
  return { metadata: {}, status, message, reason, details, code };
}

/** Upstream: `maxUserAgentLength`. */
const longestUserAgent = 1024;

function userAgentOf({ headers }: HttpRequest): string | undefined {
  const agent = headers.get('user-agent') ?? '';
  if (agent.length > longestUserAgent) return `${agent.slice(0, longestUserAgent)}...TRUNCATED`;
  return agent === '' ? undefined : agent;
}

/** A connection that is handed over has switched protocols. */
function codeOf(response: HttpResponse): number {
  return response instanceof UpgradeAnswer || response instanceof TunnelAnswer ? 101 : response.status;
}

async function jsonOf(response: HttpResponse): Promise<unknown> {
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return isJson && response instanceof BytesAnswer ? response.json() : undefined;
}
