import { FieldTypes } from '../api/apply/field-types.ts';
import type { Info } from '../api/generated/types/meta/v1.ts';
import { BytesAnswer, type HttpRequest, type HttpResponse } from '../api/http.ts';
import type { Schema } from '../api/kinds/schema.ts';
import { badRequest, internalError, StatusError } from '../api/status.ts';
import { definitions } from '../api/structure/index.ts';
import type { Clock } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import type { Store } from '../store/store.ts';
import { AdmissionChain, type AdmissionPlugin } from './admission/admission.ts';
import { type AdmissionConfiguration, builtinPlugins } from './admission/plugins/index.ts';
import { Aggregator } from './aggregator/aggregator.ts';
import { RemoteApis } from './aggregator/remote-apis.ts';
import { RemoteServers } from './aggregator/remote-servers.ts';
import type { RemoteTransport } from './aggregator/transport.ts';
import { AddressPool } from './allocators/address-pool.ts';
import { PortPool } from './allocators/port-pool.ts';
import { type Audited, type AuditOptions, Auditor, type AuditTrail } from './audit/auditor.ts';
import { type Authenticator, createAuthenticator, type StaticToken, type TokenVerifier } from './authentication/authenticator.ts';
import { Impersonation } from './authentication/impersonation/impersonation.ts';
import { isIssuerTold } from './authentication/issuer-discovery.ts';
import type { Peer } from './authentication/peer.ts';
import type { User } from './authentication/user.ts';
import { type Authorizer, attributesOf, forbiddenBy } from './authorization/authorizer.ts';
import { builtinAuthorizers } from './authorization/builtin.ts';
import { rbacEscalation } from './authorization/escalation.ts';
import { CustomResources } from './custom-resources/custom-resources.ts';
import { definitionStrategy } from './custom-resources/definition-strategy.ts';
import { Discovery } from './discovery/discovery.ts';
import { dispatch, type Endpoints } from './dispatch.ts';
import type { ComponentCheck } from './endpoints/component-statuses.ts';
import { builtinEndpoints } from './endpoints/index.ts';
import type { KubeletConnection } from './endpoints/subresources/connect.ts';
import type { TokenIssuer } from './endpoints/subresources/token.ts';
import { InFlight, type InFlightLimits, isLongRunning } from './filters/in-flight.ts';
import { type RequestTime, requestTime } from './filters/request-time.ts';
import type { HealthCheck } from './health.ts';
import { AccessMetrics } from './metrics/access-metrics.ts';
import { AdmissionMetrics } from './metrics/admission-metrics.ts';
import { buildInfo } from './metrics/build-info.ts';
import type { Family, MetricsWriter } from './metrics/families.ts';
import { objectCounts } from './metrics/object-counts.ts';
import { RequestMetrics } from './metrics/request-metrics.ts';
import { StorageEvents } from './metrics/storage-events.ts';
import { answerFailure } from './negotiation/answer.ts';
import { loadColumnDescriptions } from './negotiation/column-descriptions.ts';
import { failureForm } from './negotiation/present.ts';
import { NonResourcePaths } from './non-resource-paths.ts';
import { createOpenApi } from './openapi/openapi.ts';
import { builtinResources, type RuntimeConfig } from './registry/builtin.ts';
import { Core } from './registry/core.ts';
import { EntryCache } from './registry/entry-cache.ts';
import { ObjectReader } from './registry/object-reader.ts';
import { ObjectWriter } from './registry/object-writer.ts';
import { ResourceTable } from './registry/resource-table.ts';
import { ServiceAddresses } from './registry/service-addresses.ts';
import { ipAddressStrategy } from './registry/strategies/ip-addresses.ts';
import { holdAllocated, serviceStrategy } from './registry/strategies/services.ts';
import { type RequestInfo, requestInfo } from './request-info.ts';
import type { AggregatingApiServer } from './server.ts';
import type { PodNetwork } from './services/network.ts';
import { answerUnknownPath } from './unknown-path.ts';
import { WebhookClient } from './webhooks/client.ts';
import type { WebhookTransport } from './webhooks/transport.ts';

export interface ApiServerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** What `/version` answers; parts that are left out are those of v1.36.0. */
  readonly version?: Partial<Info>;
  /** Group versions that are served beyond the stable ones. */
  readonly runtimeConfig?: RuntimeConfig;
  readonly tokens?: readonly StaticToken[];
  /** Knows the tokens of service accounts. */
  readonly tokenVerifier?: TokenVerifier;
  /** Signs tokens of service accounts; without it `serviceaccounts/token` answers 503. */
  readonly tokenIssuer?: TokenIssuer;
  /** The way to the kubelets; without it logs, exec and proxies answer 503. */
  readonly kubelets?: KubeletConnection;
  /** The network that services get their addresses from; 10.96.0.0/16 when left out. */
  readonly serviceCidr?: string;
  /** The first and the last port that services may open on nodes; 30000 and 32767 when left out. */
  readonly nodePorts?: readonly [number, number];
  /** Decides who may do what; without it nodes by what their pods need, and everyone by roles. */
  readonly authorizer?: Authorizer;
  /** Further admission plugins, after the built-in ones but for quotas. */
  readonly admission?: readonly AdmissionPlugin[];
  /** What can be chosen of the built-in admission plugins. */
  readonly admissionConfiguration?: AdmissionConfiguration;
  /** The way to webhooks of admission and conversion; without it calling them fails. */
  readonly webhooks?: WebhookTransport;
  /** The way to servers that extend the API; without it they cannot be reached. */
  readonly remoteServers?: RemoteTransport;
  /** The certificate and key, in PEM, by which this server shows those whose requests it passes on. */
  readonly frontProxy?: { readonly certificate: string; readonly key: string };
  /** The way to the pods behind services of webhooks and APIServices. */
  readonly podNetwork?: PodNetwork;
  readonly healthChecks?: readonly HealthCheck[];
  /** What else belongs to the cluster, as ComponentStatuses tell it before the store. */
  readonly components?: readonly ComponentCheck[];
  /** How many requests may be under way; upstream's 400 and 200 when left out. */
  readonly inFlight?: InFlightLimits;
  /** Writes what `/metrics` answers; without it there is no such path. */
  readonly metricsWriter?: MetricsWriter;
  /** Writes down who did what; left out: nothing is. */
  readonly audit?: AuditOptions;
  /** What other parts of the process count. */
  readonly metrics?: () => readonly Family[];
  /** Told of failures that are nobody's fault but the server's. */
  readonly log?: (text: string) => void;
}

const usualVersion: Info = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.0',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** Makes the API server over a store. Nothing is written until the first request. */
export function createApiServer(options: ApiServerOptions): AggregatingApiServer {
  return new Server(options);
}

/** A request of which it is known whose it is. */
interface Entered {
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

class Server implements AggregatingApiServer {
  private readonly core: Core;
  private readonly remoteApis: RemoteApis;
  readonly remoteServers: RemoteServers;
  private readonly aggregator: Aggregator;
  private readonly endpoints: Endpoints;
  private readonly authenticator: Authenticator;
  private readonly authorizer: Authorizer;
  private readonly impersonation: Impersonation;
  private readonly paths: NonResourcePaths;
  private readonly log: (text: string) => void;
  private readonly random: Random;
  private readonly inFlight: InFlight;
  private readonly auditor: Auditor | undefined;
  private readonly requestMetrics = new RequestMetrics();
  private readonly accessMetrics = new AccessMetrics();
  private readonly admissionMetrics = new AdmissionMetrics();

  constructor(options: ApiServerOptions) {
    const { store, clock, random } = options;
    const resources = new ResourceTable();
    const cache = new EntryCache();
    const reader = new ObjectReader(store, resources, cache);
    // Definitions of custom kinds come and go.
    const schemaOf = (name: string): Schema | undefined => customResources.schemaOf(name) ?? definitions[name];
    const fieldTypes = new FieldTypes(schemaOf);
    const writer = new ObjectWriter({ store, resources, cache, fieldTypes, clock, random });
    const serviceAddresses = new ServiceAddresses(reader, writer);
    const addresses = new AddressPool(() => serviceAddresses.networks(options.serviceCidr ?? '10.96.0.0/16'), random);
    const ports = new PortPool(...(options.nodePorts ?? [30000, 32767]), random);
    resources.add(
      builtinResources(options.runtimeConfig ?? [], {
        '/services': serviceStrategy(addresses, ports, serviceAddresses),
        'networking.k8s.io/ipaddresses': ipAddressStrategy(addresses),
        'apiextensions.k8s.io/customresourcedefinitions': definitionStrategy(clock),
      }),
    );
    const builtin = builtinAuthorizers(store, resources, reader, cache);
    this.authorizer = options.authorizer ?? builtin.authorizer;
    this.impersonation = new Impersonation(this.authorizer);
    const escalation = rbacEscalation({ ...builtin, authorizer: this.authorizer });
    const webhooks = new WebhookClient({ clock, random, reader, transport: options.webhooks, network: options.podNetwork });
    const plugins = builtinPlugins({
      clock,
      random,
      webhooks,
      metrics: this.admissionMetrics,
      further: [...(options.admission ?? []), escalation],
      configuration: options.admissionConfiguration ?? {},
    });
    const observers = { clock, metrics: this.admissionMetrics };
    const admission = new AdmissionChain(plugins, { reader, writer, authorizer: this.authorizer, resources, fieldTypes }, observers);
    for (const address of serviceAddresses.names()) addresses.hold(address);
    for (const service of reader.list('', 'services')) holdAllocated(service, addresses, ports);
    this.core = new Core({
      store,
      clock,
      random,
      resources,
      cache,
      reader,
      admission,
      fieldTypes,
    });
    this.log = options.log ?? (() => {});
    this.random = random;
    const customResources = new CustomResources(this.core, webhooks, this.log);
    customResources.start();
    this.remoteApis = new RemoteApis(store, resources, cache);
    const aggregatorParts = {
      clock,
      random,
      reader,
      network: options.podNetwork,
      transport: options.remoteServers,
      identity: options.frontProxy,
      terminated: (request: HttpRequest, info: RequestInfo, code: number) =>
        this.requestMetrics.terminated(request, this.publishedPart(info), code, 'aggregator'),
      log: this.log,
    };
    this.aggregator = new Aggregator(aggregatorParts);
    this.remoteServers = new RemoteServers(aggregatorParts, this.remoteApis);
    this.inFlight = new InFlight(options.inFlight);
    this.auditor = options.audit && new Auditor(options.audit, clock);
    const objects = objectCounts(store, resources);
    const version = { ...usualVersion, ...options.version };
    const build = buildInfo(version);
    const own = [
      this.requestMetrics,
      this.accessMetrics,
      this.admissionMetrics,
      this.remoteServers,
      ...(this.auditor ? [this.auditor.metrics] : []),
      new StorageEvents(store, resources),
    ];
    const told = [...own.flatMap(({ families }) => families), this.inFlight.family, ...objects, build];
    const families = () => [...told, ...(options.metrics?.() ?? [])];
    this.authenticator = createAuthenticator({
      tokens: options.tokens ?? [],
      verifier: options.tokenVerifier,
      audiences: options.tokenIssuer?.audiences ?? [],
      reader,
      writer,
      clock,
    });
    const checks: readonly HealthCheck[] = [
      { name: 'ping', of: ['healthz', 'livez', 'readyz'], check: () => undefined },
      { name: 'etcd', of: ['healthz', 'livez', 'readyz'], check: () => storeFailure(store) },
      { name: 'etcd-readiness', of: ['readyz'], check: () => storeFailure(store) },
      ...(options.healthChecks ?? []),
    ];
    const { core, authenticator, authorizer } = this;
    const components = [...(options.components ?? []), { name: 'etcd-0', check: () => storeFailure(store) }];
    const { tokenIssuer, kubelets } = options;
    this.endpoints = builtinEndpoints({ core, authenticator, authorizer, components, tokenIssuer, kubelets });
    const openApi = createOpenApi({
      version: version.gitVersion,
      kinds: () => [...resources.all()].map(({ kind }) => kind),
      isCustom: (kind) => kind.read !== undefined,
      isIssuerTold: isIssuerTold(options.tokenIssuer),
      schemaOf,
      descriptions: async () => (await import('../api/generated/descriptions.json', { with: { type: 'json' } })).default,
      revision: () => resources.revision,
      remote: () => this.remoteServers.openApi,
    });
    const discovery = new Discovery(resources, this.remoteApis, this.remoteServers);
    const { metricsWriter } = options;
    const registrations = () => this.remoteApis.registrations();
    const documents = { openApi, discovery, registrations, version, metricsWriter, families };
    this.paths = new NonResourcePaths({ resources, checks, tokenIssuer, ...documents });
  }

  passesOn({ pathname }: URL): boolean {
    const [, root, group = '', version = ''] = pathname.split('/');
    return root === 'apis' && this.remoteApis.find({ group, version }) !== undefined;
  }

  async handle(request: HttpRequest, peer: Peer = {}): Promise<HttpResponse> {
    const warnings = new Set<string>();
    const id = this.auditId(request, peer);
    let response: HttpResponse;
    try {
      response = await this.answer(request, peer, warnings, id ?? '');
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) {
        this.log(`${request.method} ${request.url}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
      const status = refusal ?? internalError(error instanceof Error ? error.message : String(error));
      response = answerFailure(status, { warnings, ...failureForm(request) });
    }
    if (id !== undefined) response.headers.set('audit-id', id);
    return response;
  }

  /** What a request is called in its answer and in the audit log. Components of this process have no use for it unless it is written down. */
  private auditId({ headers }: HttpRequest, peer: Peer): string | undefined {
    const given = headers.get('audit-id') ?? '';
    if (given !== '') return given;
    return this.auditor === undefined && peer.component !== undefined ? undefined : this.random.uuid();
  }

  /** Follows upstream's order: whose request it is, its record in the audit log, and only then in whose name it is done. */
  private async answer(request: HttpRequest, peer: Peer, warnings: Set<string>, id: string): Promise<HttpResponse> {
    const url = new URL(request.url);
    const received = this.core.clock.now();
    if (request.headers.get('accept')?.includes('as=Table')) await loadColumnDescriptions();
    const info = requestInfo(request.method, url);
    const audited = { id, request, url, info, peer, received };
    // What is noted before the record begins.
    const notes = new Map<string, string>();
    let time: RequestTime | undefined;
    const requester = await this.orUnauthenticated(audited, () => {
      time = requestTime(this.core.clock, info, url.searchParams, received);
      return this.authenticator.authenticate(request, peer, {
        annotate: (key, value) => notes.set(key, value),
        warn: (text) => warnings.add(text),
      });
    });
    this.accessMetrics.authenticated(requester.name, (this.core.clock.now() - received) / 1000);
    const trail = this.auditor?.begin(audited, requester, notes);
    try {
      const impersonated = await this.impersonation.of(request.headers, () => attributesOf(requester, info, url.searchParams));
      if (impersonated !== undefined) trail?.actsAs(impersonated.user, impersonated.constraint);
      const user = impersonated?.user ?? requester;
      const response = await this.admittedAnswer({ id, request, url, info, user, peer, warnings, trail, time });
      await trail?.answered(response);
      return response;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) {
        this.terminated(request, info, 500);
        trail?.panicked(error);
      } else trail?.failed(refusal);
      throw error;
    }
  }

  /** Does what comes before it is known whose request it is; a refusal is written down. */
  private async orUnauthenticated<T>(audited: Audited, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StatusError) {
        this.auditor?.unauthenticated(audited, error);
        if (error.code === 401) this.accessMetrics.unauthenticated((this.core.clock.now() - audited.received) / 1000);
      }
      throw error;
    }
  }

  private async admittedAnswer(entered: Entered): Promise<HttpResponse> {
    const { request, url, info, user, peer, time } = entered;
    const started = this.core.clock.now();
    let leave = () => {};
    let code = 500;
    let bytes: number | undefined;
    try {
      leave = this.inFlight.enter(info, user, peer, () => this.terminated(request, info, 429));
      const work = this.authorizedAnswer(entered);
      const response = await (time?.bound(work, () => this.terminated(request, info, 504)) ?? work);
      code = response.status;
      if (response instanceof BytesAnswer) bytes = response.encoded.length;
      return response;
    } catch (error) {
      if (error instanceof StatusError) code = error.code;
      throw error;
    } finally {
      leave();
      const seconds = isLongRunning(info) ? undefined : (this.core.clock.now() - started) / 1000;
      const ofWebhooks = (time?.ofWebhooks ?? 0) / 1000;
      if (this.isServed(info, code)) this.requestMetrics.answered(request, info, code, { seconds, ofWebhooks, bytes });
      if (peer.component !== undefined) this.requestMetrics.ofClient(request, url, code);
    }
  }

  private terminated(request: HttpRequest, info: RequestInfo, code: number): void {
    if (this.isServed(info, code)) this.requestMetrics.terminated(request, info, code);
  }

  /** Whether the path is one of the server's: those that clients make up are not counted, for there is no end to them. */
  private isServed({ isResource, group, version, resource, subresource }: RequestInfo, code: number): boolean {
    if (!isResource) return code !== 404;
    const kind = this.core.resources.find(group, version, resource)?.kind;
    return kind !== undefined && (subresource === '' || kind.subresources.some(({ name }) => name === subresource));
  }

  /** What a request to another server is about, as far as that server says that it has it: no more of it is counted. */
  private publishedPart(info: RequestInfo): RequestInfo {
    const { resources } = this.remoteServers.resourcesOf(`${info.version}.${info.group}`);
    const resource = resources.find((each) => each.resource === info.resource);
    if (resource === undefined) return { ...info, resource: '', subresource: '' };
    const isKnown = resource.subresources?.some(({ subresource }) => subresource === info.subresource) ?? false;
    return isKnown ? info : { ...info, subresource: '' };
  }

  private async authorizedAnswer(entered: Entered): Promise<HttpResponse> {
    const { id, request, url, info, user, peer, warnings, trail, time } = entered;
    const attributes = attributesOf(user, info, url.searchParams);
    const asked = this.core.clock.now();
    const { decision, reason } = await this.authorizer.authorize(attributes);
    this.accessMetrics.authorized(decision, (this.core.clock.now() - asked) / 1000);
    trail?.annotate('authorization.k8s.io/decision', decision === 'allow' ? 'allow' : 'forbid');
    trail?.annotate('authorization.k8s.io/reason', reason ?? '');
    if (decision !== 'allow') throw forbiddenBy(attributes, reason);
    const api = this.remoteApis.find(info) ?? this.remoteServers.publisherOf(info.path);
    if (api !== undefined) {
      const opened = () => (isLongRunning(info) && trail?.opened()) || (() => {});
      return this.aggregator.pass({ api, request, url, info, user, peer, auditId: id, time, opened });
    }
    if (!info.isResource) return this.paths.answer(request, url, info);
    const resource = this.core.resources.find(info.group, info.version, info.resource);
    if (resource === undefined) return answerUnknownPath(this.core.resources, info);
    const streams = () => {
      const ends = [this.requestMetrics.opened(request, info), trail?.opened()];
      return () => {
        for (const end of ends) end?.();
      };
    };
    const mayAlso = async (verb: string): Promise<void> => {
      const asked = { ...attributesOf(user, info), verb };
      const { decision, reason } = await this.authorizer.authorize(asked);
      if (decision !== 'allow') throw forbiddenBy(asked, reason);
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
      deprecated: () => this.requestMetrics.deprecated(info),
      watching: (listed: number) => this.requestMetrics.watching(info, listed, () => (this.core.clock.now() - asked) / 1000),
      inProcess: peer.component !== undefined,
    };
    const record = trail && {
      annotate: (key: string, value: string) => trail.annotate(key, value),
      sent: (object: unknown) => trail.sent(object),
      sentPatch: (text: string) => trail.sentPatch(text),
    };
    return dispatch(this.core, this.endpoints, { ...common, ...record });
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

function storeFailure(store: Store): string | undefined {
  try {
    store.get('');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
