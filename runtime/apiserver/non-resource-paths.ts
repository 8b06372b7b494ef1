import type { Info } from '../api/generated/types/meta/v1.ts';
import type { HttpRequest, HttpResponse } from '../api/http.ts';
import { methodNotAllowed } from '../api/status.ts';
import type { GroupVersionName } from './aggregator/remote-apis.ts';
import { answerIssuer, isIssuerPath, isIssuerTold, issuerPaths, issuerTypes } from './authentication/issuer-discovery.ts';
import type { Discovery } from './discovery/discovery.ts';
import type { TokenIssuer } from './endpoints/subresources/token.ts';
import { answerHealth, type HealthCheck } from './health.ts';
import type { Family, MetricsWriter } from './metrics/families.ts';
import { HealthMetrics } from './metrics/health-metrics.ts';
import { answerJson, answerText } from './negotiation/answer.ts';
import { checkRouted, mediaTypes } from './negotiation/routes.ts';
import type { OpenApi } from './openapi/openapi.ts';
import type { ResourceTable } from './registry/resource-table.ts';
import type { RequestInfo } from './request-info.ts';
import { answerUnknownPath } from './unknown-path.ts';
import type { ServerPages } from './zpages/server-pages.ts';

export interface NonResourceParts {
  readonly resources: ResourceTable;
  readonly checks: readonly HealthCheck[];
  readonly tokenIssuer: TokenIssuer | undefined;
  readonly openApi: OpenApi;
  readonly discovery: Discovery;
  /** The group versions that APIServices name. */
  readonly registrations: () => readonly GroupVersionName[];
  readonly version: Info;
  readonly pages: ServerPages;
  readonly metricsWriter: MetricsWriter | undefined;
  readonly families: () => readonly Family[];
}

/** The paths that are no objects: health, discovery, OpenAPI, metrics, the version, the pages about the server and the keys of service accounts. */
export class NonResourcePaths {
  private readonly parts: NonResourceParts;
  private readonly health = new HealthMetrics();

  constructor(parts: NonResourceParts) {
    this.parts = parts;
  }

  /** Throws 405 for a method that a path does not have. */
  async answer(request: HttpRequest, url: URL, info: RequestInfo): Promise<HttpResponse> {
    const routed = this.routedTypes(info);
    if (routed !== undefined) {
      if (request.method !== 'GET') throw methodNotAllowed();
      checkRouted(request.headers.get('accept'), routed);
    }
    return (await this.known(request, url, info.path)) ?? answerUnknownPath(this.parts.resources, info);
  }

  /**
   * The media types of a path that is routed, and may be got alone; `undefined` for one that is not there, or that upstream hangs beside its routes: these
   * answer every method alike and negotiate for themselves.
   */
  private routedTypes({ path, group, version }: RequestInfo): readonly string[] | undefined {
    if (path === '/version') return ['application/json'];
    if (path === '/api') return mediaTypes;
    if (isIssuerTold(this.parts.tokenIssuer) && isIssuerPath(path)) return issuerTypes(path);
    if (version === '' || !/^\/apis?\//.test(path)) return undefined;
    const served = this.parts.resources.groupVersions().find((each) => each.group === group && each.version === version);
    return served?.resources.some(({ isCustom }) => !isCustom) ? mediaTypes : undefined;
  }

  private async known(request: HttpRequest, url: URL, path: string): Promise<HttpResponse | undefined> {
    // Upstream's router takes a slash at the end for one of a path's own, its mux does not.
    if (/^\/(?:healthz|livez|readyz|metrics|statusz|flagz)(?:\/.*)?\/$/.test(url.pathname)) return undefined;
    const health = answerHealth(this.parts.checks, this.health, path, url.searchParams);
    if (health !== undefined) return health;
    const issuer = await answerIssuer(this.parts.tokenIssuer, url, path);
    if (issuer !== undefined) return issuer;
    if (path.startsWith('/openapi/')) return this.parts.openApi.handle(request);
    if (path === '/metrics') return this.answerMetrics(request, this.parts.families(), true);
    if (path === '/metrics/slis') return this.answerMetrics(request, this.health.families, false);
    if (path === '/statusz') return this.parts.pages.statusz(request, this.paths());
    if (path === '/flagz') return this.parts.pages.flagz(request);
    if (path === '/version') return answerJson(200, this.parts.version, { pretty: true });
    if (path === '/') return answerJson(200, { paths: this.paths() }, { pretty: true });
    if (path === '/api' || path === '/apis' || path.startsWith('/api/') || path.startsWith('/apis/'))
      return this.parts.discovery.answer(request, path);
    return undefined;
  }

  /** DELETE forgets what was counted, as profiled API servers have it. Upstream: `MetricsWithReset`. */
  private async answerMetrics({ method }: HttpRequest, families: readonly Family[], ofProcess: boolean): Promise<HttpResponse | undefined> {
    const { metricsWriter } = this.parts;
    if (metricsWriter === undefined) return undefined;
    if (method === 'DELETE') {
      for (const family of families) family.reset?.();
      return answerText(200, 'metrics reset\n');
    }
    const { contentType, text } = await metricsWriter(families, ofProcess);
    return new Response(text, { headers: { 'content-type': contentType } });
  }

  private paths(): string[] {
    const paths = [
      '/api',
      '/api/v1',
      '/apis',
      '/apis/',
      '/flagz',
      '/healthz',
      '/livez',
      '/openapi/v2',
      '/openapi/v3',
      '/readyz',
      '/statusz',
      '/version',
    ];
    if (this.parts.metricsWriter !== undefined) paths.push('/metrics', '/metrics/slis');
    if (isIssuerTold(this.parts.tokenIssuer)) paths.push(...issuerPaths);
    for (const { group, version } of this.parts.resources.groupVersions()) {
      if (group !== '') paths.push(`/apis/${group}`, `/apis/${group}/${version}`);
    }
    for (const { group, version } of this.parts.registrations()) {
      if (group !== '') paths.push(`/apis/${group}`, `/apis/${group}/${version}`);
    }
    for (const check of this.parts.checks) for (const root of check.of) paths.push(`/${root}/${check.name}`);
    return [...new Set(paths)].sort();
  }
}
