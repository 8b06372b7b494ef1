import type { HttpRequest, HttpResponse } from '../api/http.ts';
import type { Clock } from '../simulation/clock.ts';
import type { Aggregator } from './aggregator/aggregator.ts';
import type { RemoteApis } from './aggregator/remote-apis.ts';
import type { RemoteServers } from './aggregator/remote-servers.ts';
import type { AuditTrail } from './audit/auditor.ts';
import type { Peer } from './authentication/peer.ts';
import type { User } from './authentication/user.ts';
import { type Authorizer, attributesOf, forbiddenBy } from './authorization/authorizer.ts';
import { dispatch, type Endpoints } from './dispatch.ts';
import { isLongRunning } from './filters/in-flight.ts';
import type { RequestTime } from './filters/request-time.ts';
import type { RequestMetrics } from './metrics/request-metrics.ts';
import type { NonResourcePaths } from './non-resource-paths.ts';
import type { Core } from './registry/core.ts';
import type { RequestInfo } from './request-info.ts';
import { answerUnknownPath } from './unknown-path.ts';

/** A request of which it is known whose it is. */
export interface Entered {
  readonly id: string;
  readonly request: HttpRequest;
  readonly url: URL;
  readonly info: RequestInfo;
  readonly user: User;
  readonly peer: Peer;
  readonly warnings: Set<string>;
  readonly trail: AuditTrail | undefined;
  readonly time: RequestTime | undefined;
}

export interface RouterParts {
  readonly core: Core;
  readonly clock: Clock;
  readonly authorizer: Authorizer;
  readonly endpoints: Endpoints;
  readonly paths: NonResourcePaths;
  readonly remoteApis: RemoteApis;
  readonly remoteServers: RemoteServers;
  readonly aggregator: Aggregator;
  readonly metrics: RequestMetrics;
}

/** Brings requests that are allowed to who answers them: another server, a path of this one, or the endpoint of a verb. */
export class Router {
  readonly #parts: RouterParts;

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  /** @param asked when the request was found to be allowed or not, in milliseconds */
  answer(entered: Entered, asked: number): HttpResponse | Promise<HttpResponse> {
    const { core, clock, authorizer, endpoints, paths, remoteApis, remoteServers, aggregator, metrics } = this.#parts;
    const { id, request, url, info, user, peer, warnings, trail, time } = entered;
    // What a request is about is read past slashes too many; nothing is served there.
    if (info.path.startsWith('//')) return answerUnknownPath(core.resources, info);
    const api = remoteApis.find(info) ?? remoteServers.publisherOf(info.path);
    if (api !== undefined) {
      const opened = () => (isLongRunning(info) && trail?.opened()) || (() => {});
      return aggregator.pass({ api, request, url, info, user, peer, auditId: id, time, opened });
    }
    if (!info.isResource) return paths.answer(request, url, info);
    const resource = core.resources.find(info.group, info.version, info.resource);
    if (resource === undefined) return answerUnknownPath(core.resources, info);
    const streams = () => {
      const ends = [metrics.opened(request, info), trail?.opened()];
      return () => {
        for (const end of ends) end?.();
      };
    };
    const mayAlso = async (verb: string): Promise<void> => {
      const also = { ...attributesOf(user, info), verb };
      const { decision, reason } = await authorizer.authorize(also);
      if (decision !== 'allow') throw forbiddenBy(also, reason);
    };
    const common = {
      request,
      mayAlso,
      url,
      query: url.searchParams,
      info,
      user,
      resource,
      time,
      warnings,
      streams,
      deprecated: () => metrics.deprecated(info),
      watching: (listed: number) => metrics.watching(info, listed, () => (clock.now() - asked) / 1000),
      inProcess: peer.component !== undefined,
    };
    const record = trail && {
      annotate: trail.annotate.bind(trail),
      sent: (object: unknown) => trail.sent(object),
      sentPatch: (text: string) => trail.sentPatch(text),
    };
    return dispatch(core, endpoints, { ...common, ...record });
  }
}
