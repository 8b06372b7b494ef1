import { parse } from 'yaml';
import { StatusError } from '../../api/status.ts';
import { type Clock, formatMicroTime } from '../../simulation/clock.ts';
import type { Random } from '../../simulation/random.ts';
import { isLongRunning } from '../filters/in-flight.ts';
import type { RequestInfo } from '../request-info.ts';
import type { Peer, User } from '../server.ts';
import type { AuditPolicy, AuditRule, AuditStage } from './policy.ts';

export interface AuditOptions {
  readonly policy: AuditPolicy;
  /** Takes one event as a line of JSON, without the line's end. */
  readonly sink: (line: string) => void;
}

/** What is to be written of a request. */
export interface Audited {
  readonly request: Request;
  readonly info: RequestInfo;
  readonly peer: Peer;
  /** Who sent it. */
  readonly requester: User;
  /** In whose name it is done; another than the requester with impersonation. */
  readonly user: User;
}

/** Writes down who did what, as far as a policy wants it. Follows upstream's `WithAudit` and its events of audit.k8s.io/v1. */
export class Auditor {
  private readonly options: AuditOptions;
  private readonly clock: Clock;
  private readonly random: Random;

  constructor(options: AuditOptions, clock: Clock, random: Random) {
    this.options = options;
    this.clock = clock;
    this.random = random;
  }

  /** Begins the record of a request; `undefined` when the policy wants none. */
  begin(audited: Audited): AuditTrail | undefined {
    const rule = this.options.policy.ruleFor(audited.user, audited.info);
    if (rule.level === 'None') return undefined;
    const id = audited.request.headers.get('audit-id') ?? this.random.uuid();
    return new AuditTrail(audited, rule, id.slice(0, 64), this.clock, this.options.sink);
  }
}

/** The record of one request. */
export class AuditTrail {
  readonly id: string;
  private readonly audited: Audited;
  private readonly rule: AuditRule;
  private readonly clock: Clock;
  private readonly sink: (line: string) => void;
  private readonly received: string;
  private readonly annotations: Record<string, string> = {};
  private readonly body: Promise<unknown> | undefined;
  /** The answer stays open and ends later. */
  private isOpen = false;

  constructor(audited: Audited, rule: AuditRule, id: string, clock: Clock, sink: (line: string) => void) {
    this.audited = audited;
    this.rule = rule;
    this.id = id;
    this.clock = clock;
    this.sink = sink;
    this.received = formatMicroTime(clock.now());
    this.body = rule.level === 'Metadata' ? undefined : bodyOf(audited.request);
    this.write('RequestReceived', {});
  }

  /** Notes why something was decided as it was. The first text under a key stays. */
  annotate(key: string, value: string): void {
    this.annotations[key] ??= value;
  }

  /** The answer stays open; the result is called when it ends. */
  opened(): () => void {
    this.isOpen = true;
    return () => this.write('ResponseComplete', { responseStatus: { metadata: {}, code: 200 } });
  }

  /** Writes down the answer, and gives it with the record's id in its header. */
  async answered(response: Response): Promise<Response> {
    response.headers.set('audit-id', this.id);
    const { info } = this.audited;
    const requestObject = this.trimmed(await this.body);
    if (isLongRunning(info)) {
      const status = { metadata: {}, code: response.status };
      this.write('ResponseStarted', { responseStatus: status, requestObject });
      if (!this.isOpen) this.write('ResponseComplete', { responseStatus: status, requestObject });
      return response;
    }
    const wanted = this.rule.level === 'RequestResponse' && info.isResource;
    const responseObject = wanted ? this.trimmed(await jsonOf(response.clone())) : undefined;
    this.write('ResponseComplete', { responseStatus: { metadata: {}, code: response.status }, requestObject, responseObject });
    return response;
  }

  /** Writes down that the request was refused. */
  async failed(error: unknown): Promise<void> {
    const status = error instanceof StatusError ? error.status : undefined;
    const { code, reason, message, details } = status ?? { code: 500, reason: 'InternalError', message: String(error), details: undefined };
    this.write('ResponseComplete', {
      responseStatus: { metadata: {}, status: 'Failure', message, reason, details, code },
      requestObject: this.trimmed(await this.body),
      responseObject: this.rule.level === 'RequestResponse' ? status : undefined,
    });
  }

  private write(stage: AuditStage, result: object): void {
    if (this.rule.omitStages.has(stage)) return;
    const { request, info, peer, requester, user } = this.audited;
    const url = new URL(request.url);
    const event = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: this.rule.level,
      auditID: this.id,
      stage,
      requestURI: url.pathname + url.search,
      verb: info.verb,
      user: userInfo(requester),
      impersonatedUser: user === requester ? undefined : userInfo(user),
      sourceIPs: peer.address === undefined ? undefined : [peer.address],
      userAgent: request.headers.get('user-agent') ?? undefined,
      objectRef: info.isResource ? objectRef(info) : undefined,
      ...result,
      requestReceivedTimestamp: this.received,
      stageTimestamp: formatMicroTime(this.clock.now()),
      annotations: Object.keys(this.annotations).length > 0 ? this.annotations : undefined,
    };
    this.sink(JSON.stringify(event));
  }

  private trimmed(object: unknown): unknown {
    return this.rule.omitManagedFields ? withoutManagedFields(object) : object;
  }
}

function userInfo({ name, uid, groups, extra }: User): object {
  return { username: name, uid, groups, extra };
}

function objectRef({ resource, namespace, name, group, version, subresource }: RequestInfo): object {
  const given = { resource, namespace, name, apiGroup: group, apiVersion: version, subresource };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

/** What a client sent, where it is text; the request keeps its own copy. */
async function bodyOf(request: Request): Promise<unknown> {
  if (request.body === null) return undefined;
  const type = request.headers.get('content-type') ?? '';
  if (/protobuf/.test(type)) return undefined;
  try {
    const text = await request.clone().text();
    return /yaml/.test(type) ? parse(text, { version: '1.1' }) : JSON.parse(text);
  } catch {
    // What cannot be read is refused further on, and the refusal is written down.
    return undefined;
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return undefined;
  return response.json();
}

function withoutManagedFields(object: unknown): unknown {
  if (typeof object !== 'object' || object === null) return object;
  const { metadata, items, ...rest } = object as { metadata?: object; items?: unknown };
  const kept = metadata === undefined ? undefined : Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'managedFields'));
  return {
    ...rest,
    ...(kept !== undefined && { metadata: kept }),
    ...(items !== undefined && { items: Array.isArray(items) ? items.map(withoutManagedFields) : items }),
  };
}
