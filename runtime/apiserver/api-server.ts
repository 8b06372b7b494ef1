import { FieldTypes } from '../api/apply/field-types.ts';
import type { Info } from '../api/generated/types/meta/v1.ts';
import type { HttpRequest } from '../api/http.ts';
import type { Schema } from '../api/kinds/schema.ts';
import { definitions } from '../api/structure/index.ts';
import type { Clock } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import type { Store } from '../store/store.ts';
import { AdmissionChain, type AdmissionPlugin } from './admission/admission.ts';
import { type AdmissionConfiguration, builtinPlugins } from './admission/plugins/index.ts';
import { Aggregator } from './aggregator/aggregator.ts';
import { publishedPart } from './aggregator/published-part.ts';
import { RemoteApis } from './aggregator/remote-apis.ts';
import { RemoteServers } from './aggregator/remote-servers.ts';
import type { RemoteTransport } from './aggregator/transport.ts';
import { AddressPool } from './allocators/address-pool.ts';
import { PortPool } from './allocators/port-pool.ts';
import { type AuditOptions, Auditor } from './audit/auditor.ts';
import { createAuthenticator, type StaticToken, type TokenVerifier } from './authentication/authenticator.ts';
import { Impersonation } from './authentication/impersonation/impersonation.ts';
import { isIssuerTold } from './authentication/issuer-discovery.ts';
import type { Authorizer } from './authorization/authorizer.ts';
import { builtinAuthorizers } from './authorization/builtin.ts';
import { rbacEscalation } from './authorization/escalation.ts';
import { CustomResources } from './custom-resources/custom-resources.ts';
import { definitionStrategy } from './custom-resources/definition-strategy.ts';
import { Discovery } from './discovery/discovery.ts';
import type { ComponentCheck } from './endpoints/component-statuses.ts';
import { builtinEndpoints } from './endpoints/index.ts';
import type { KubeletConnection } from './endpoints/subresources/connect.ts';
import type { TokenIssuer } from './endpoints/subresources/token.ts';
import { InFlight, type InFlightLimits, usualInFlightLimits } from './filters/in-flight.ts';
import { FlowSchemas } from './flow-control/flow-schemas.ts';
import { HandlerChain } from './handler-chain.ts';
import type { HealthCheck } from './health.ts';
import { AccessMetrics } from './metrics/access-metrics.ts';
import { AdmissionMetrics } from './metrics/admission-metrics.ts';
import { buildInfo } from './metrics/build-info.ts';
import type { Family, MetricsWriter } from './metrics/families.ts';
import { objectCounts } from './metrics/object-counts.ts';
import { RequestMetrics } from './metrics/request-metrics.ts';
import { StorageEvents } from './metrics/storage-events.ts';
import { isUpgradable } from './negotiation/routes.ts';
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
import { Router } from './router.ts';
import type { AggregatingApiServer } from './server.ts';
import type { PodNetwork } from './services/network.ts';
import { storeHealth } from './store-health.ts';
import { usualVersion } from './version.ts';
import { WebhookClient } from './webhooks/client.ts';
import type { WebhookTransport } from './webhooks/transport.ts';
import { flagsOf } from './zpages/flags.ts';
import { ServerPages } from './zpages/server-pages.ts';

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
  /** Further settings that `/flagz` tells, by the names of kube-apiserver's flags. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Writes what `/metrics` answers; without it there is no such path. */
  readonly metricsWriter?: MetricsWriter;
  /** Writes down who did what; left out: nothing is. */
  readonly audit?: AuditOptions;
  /** What other parts of the process count. */
  readonly metrics?: () => readonly Family[];
  /** Told of failures that are nobody's fault but the server's. */
  readonly log?: (text: string) => void;
}

/** Makes the API server over a store. Nothing is written until the first request. */
export function createApiServer(options: ApiServerOptions): AggregatingApiServer {
  const { store, clock, random, log = () => {}, nodePorts = [30000, 32767], serviceCidr = '10.96.0.0/16', runtimeConfig = [] } = options;
  const { inFlight: limits = usualInFlightLimits } = options;
  const requestMetrics = new RequestMetrics();
  const accessMetrics = new AccessMetrics();
  const admissionMetrics = new AdmissionMetrics();

  const resources = new ResourceTable();
  const cache = new EntryCache();
  const reader = new ObjectReader(store, resources, cache);
  // Definitions of custom kinds come and go.
  const schemaOf = (name: string): Schema | undefined => customResources.schemaOf(name) ?? definitions[name];
  const fieldTypes = new FieldTypes(schemaOf);
  const writer = new ObjectWriter({ store, resources, cache, fieldTypes, clock, random });
  const serviceAddresses = new ServiceAddresses(reader, writer);
  const addresses = new AddressPool(() => serviceAddresses.networks(serviceCidr), random);
  const ports = new PortPool(...nodePorts, random);
  resources.add(
    builtinResources(runtimeConfig, {
      '/services': serviceStrategy(addresses, ports, serviceAddresses),
      'networking.k8s.io/ipaddresses': ipAddressStrategy(addresses),
      'apiextensions.k8s.io/customresourcedefinitions': definitionStrategy(clock),
    }),
  );

  const builtin = builtinAuthorizers(store, resources, reader, cache);
  const authorizer = options.authorizer ?? builtin.authorizer;
  const escalation = rbacEscalation({ ...builtin, authorizer });

  const webhooks = new WebhookClient({ clock, random, reader, transport: options.webhooks, network: options.podNetwork });
  const plugins = builtinPlugins({
    clock,
    random,
    webhooks,
    metrics: admissionMetrics,
    further: [...(options.admission ?? []), escalation],
    configuration: options.admissionConfiguration ?? {},
  });
  const observers = { clock, metrics: admissionMetrics };
  const admission = new AdmissionChain(plugins, { reader, writer, authorizer, resources, fieldTypes }, observers);

  for (const address of serviceAddresses.names()) addresses.hold(address);
  for (const service of reader.list('', 'services')) holdAllocated(service, addresses, ports);

  const core = new Core({ store, clock, random, resources, cache, reader, admission, fieldTypes });
  const customResources = new CustomResources(core, webhooks, log);
  customResources.start();

  const remoteApis = new RemoteApis(store, resources, cache);
  const aggregatorParts = {
    clock,
    random,
    reader,
    network: options.podNetwork,
    transport: options.remoteServers,
    identity: options.frontProxy,
    terminated: (request: HttpRequest, info: RequestInfo, code: number) =>
      requestMetrics.terminated(request, publishedPart(remoteServers, info), code, 'aggregator'),
    log,
  };
  const aggregator = new Aggregator(aggregatorParts);
  const remoteServers: RemoteServers = new RemoteServers(aggregatorParts, remoteApis);

  const inFlight = new InFlight(limits);
  const flowSchemas = new FlowSchemas(store, resources, reader);
  const auditor = options.audit && new Auditor(options.audit, clock);
  const objects = objectCounts(store, resources);
  const version = { ...usualVersion, ...options.version };
  const build = buildInfo(version);
  const own = [
    requestMetrics,
    accessMetrics,
    admissionMetrics,
    remoteServers,
    ...(auditor ? [auditor.metrics] : []),
    new StorageEvents(store, resources),
  ];
  const told = [...own.flatMap(({ families }) => families), inFlight.family, ...objects, build];
  const families = () => [...told, ...(options.metrics?.() ?? [])];

  const authenticator = createAuthenticator({
    tokens: options.tokens ?? [],
    verifier: options.tokenVerifier,
    audiences: options.tokenIssuer?.audiences ?? [],
    reader,
    writer,
    clock,
  });

  const health = storeHealth(store);
  const checks: readonly HealthCheck[] = [
    { name: 'ping', of: ['healthz', 'livez', 'readyz'], check: () => undefined },
    ...health.checks,
    ...(options.healthChecks ?? []),
  ];
  const components = [...(options.components ?? []), health.component];
  const { tokenIssuer, kubelets } = options;
  const endpoints = builtinEndpoints({ core, authenticator, authorizer, components, tokenIssuer, kubelets });

  const openApi = createOpenApi({
    version: `${version.major}.${version.minor}`,
    kinds: () => [...resources.all()].map(({ kind }) => kind),
    isCustom: (kind) => kind.read !== undefined,
    isIssuerTold: isIssuerTold(options.tokenIssuer),
    schemaOf,
    descriptions: async () => (await import('../api/generated/descriptions.json', { with: { type: 'json' } })).default,
    parameterTexts: async () => (await import('../api/generated/parameters.json', { with: { type: 'json' } })).default,
    // Upstream wraps the store of namespaces, so that its documents do not know that these are returned, too.
    returnsDeleted: ({ group, version, plural }) =>
      plural !== 'namespaces' && resources.find(group, version, plural)?.strategy.returnsDeleted === true,
    now: () => clock.now(),
    revision: () => resources.revision,
    remote: () => remoteServers.openApi,
  });
  const discovery = new Discovery(resources, remoteApis, remoteServers);
  const { metricsWriter } = options;
  const registrations = () => remoteApis.registrations();
  const flags = flagsOf({ inFlight: limits, nodePorts, serviceCidr, runtimeConfig }, options.flags ?? {});
  const pages = new ServerPages({ clock, random, version, flags });
  const documents = { openApi, discovery, registrations, version, pages, metricsWriter, families };
  const paths = new NonResourcePaths({ resources, checks, tokenIssuer, ...documents });

  const router = new Router({ core, clock, authorizer, endpoints, paths, remoteApis, remoteServers, aggregator, metrics: requestMetrics });
  const impersonation = new Impersonation(authorizer);
  const access = { authenticator, impersonation, authorizer, auditor };
  const chain = new HandlerChain({
    ...access,
    clock,
    random,
    resources,
    flowSchemas,
    inFlight,
    requestMetrics,
    accessMetrics,
    router,
    log,
  });
  const passesOn = ({ pathname }: URL) => {
    const [, root, group = '', version = ''] = pathname.split('/');
    return root === 'apis' && remoteApis.find({ group, version }) !== undefined;
  };
  return {
    remoteServers,
    handle: (request, peer) => chain.handle(request, peer),
    passesOn,
    mayUpgrade(method, url, protocol) {
      if (passesOn(url)) return true;
      try {
        return isUpgradable(requestInfo(method, url), protocol);
      } catch {
        return false; // Why nothing is found by such a path is told where it is answered.
      }
    },
  };
}
