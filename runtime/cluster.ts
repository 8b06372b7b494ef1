import type { RemoteTransport } from './apiserver/aggregator/transport.ts';
import { createApiServer } from './apiserver/api-server.ts';
import type { AuditOptions } from './apiserver/audit/auditor.ts';
import type { User } from './apiserver/authentication/user.ts';
import { inProcessTransport } from './apiserver/in-process.ts';
import type { MetricsWriter } from './apiserver/metrics/families.ts';
import { storageSize } from './apiserver/metrics/object-counts.ts';
import { WorkQueueMetrics } from './apiserver/metrics/work-queue-metrics.ts';
import type { ApiServer } from './apiserver/server.ts';
import type { WebhookTransport } from './apiserver/webhooks/transport.ts';
import { keepKubernetesService } from './bootstrap/kubernetes-service.ts';
import type { Pki } from './bootstrap/pki.ts';
import { ServiceAccountTokens } from './bootstrap/service-account-tokens.ts';

import { type StartHook, StartHooks } from './bootstrap/start-hooks.ts';
import { ensureSystemObjects, keepSystemObjects } from './bootstrap/system-objects.ts';
import { ApiError, type Client, type Transport } from './client/client.ts';
import { createSeriesRecorder } from './client/event-series-recorder.ts';
import { createClient } from './client/http-client.ts';
import { createInformers, type Informers } from './client/informers.ts';
import type { Log } from './client/log.ts';
import * as resources from './client/resources.ts';
import { startControllers, startServerControllers } from './controllers/index.ts';
import { createNodes, type VirtualNodes } from './kubelet/nodes.ts';
import { dial } from './network/http-connection.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { type Cancel, type Clock, formatTime } from './simulation/clock.ts';
import type { Random } from './simulation/random.ts';
import { keepExpiring } from './store/expiry.ts';
import type { Store } from './store/store.ts';

const serviceNetwork = '10.96.0.0/16';

/** First address of the service network, that of service `kubernetes`. */
export const serviceAddress = '10.96.0.1';

/** Where the API server is found on the simulated network of the nodes. */
const advertise = { address: '172.18.0.2', port: 6443 };

/** How often old revisions are forgotten, in milliseconds, as kube-apiserver compacts etcd. */
const usualCompactionInterval = 5 * 60_000;

/** How long an event lives after it was written last, as `kube-apiserver --event-ttl`. */
const eventLifetime = 60 * 60_000;

export interface ClusterOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly pki: Pki;
  /** How many virtual nodes the cluster has. */
  readonly nodes: number;
  /** The machine that the control plane runs on, as events name it; `localhost` if left out. */
  readonly hostname?: string;
  /** API versions served beside the stable ones, as `kube-apiserver --runtime-config` takes them. */
  readonly runtimeConfig?: readonly string[];
  /** Writes what `/metrics` answers. */
  readonly metricsWriter?: MetricsWriter;
  /** How many bytes the files of the store take. */
  readonly storageSize?: () => number;
  /** Writes down who did what. */
  readonly audit?: AuditOptions;
  /** How often old revisions are forgotten, in milliseconds; every five minutes if left out. */
  readonly compactionInterval?: number;
  /** Scales the simulated time that images take to pull and containers to start; 0: none at all. */
  readonly startupDelay?: number;
  /** The way to webhooks of admission and conversion; without it calling them fails. */
  readonly webhooks?: WebhookTransport;
  /** The way to servers that extend the API; without it they cannot be reached. */
  readonly remoteServers?: RemoteTransport;
}

export interface Cluster {
  readonly server: ApiServer;
  /** Acts as `kubernetes-admin`. */
  readonly client: Client;
  readonly informers: Informers;
  readonly nodes: VirtualNodes;
  /** Resolves when the system objects and the default ServiceAccount are there. */
  readonly ready: Promise<void>;
  /** Stops every component; the store stays open. */
  stop(): Promise<void>;
}

const masters = (name: string): User => ({ name, groups: ['system:masters'] });
const component = (name: string): User => ({ name, groups: [] });
const systemAccount = (name: string): User => ({
  name: `system:serviceaccount:kube-system:${name}`,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
});

/** Puts a cluster together: API server, controllers, scheduler and nodes, each with the identity that kubeadm would give it. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { store, clock, random, pki, hostname = 'localhost' } = options;
  const ending = new AbortController();
  const { signal } = ending;
  // What fails because the cluster ends is no news.
  const log = logUntil(signal, options.log);
  const tokens = new ServiceAccountTokens(pki.serviceAccount, clock, random);
  // Why a part of this process does not work any more.
  const failures = new Map<string, string>();
  const watched = (name: string, work: Promise<unknown>) =>
    work.catch((error: unknown) => {
      if (signal.aborted) return;
      failures.set(name, error instanceof Error ? error.message : String(error));
      log.error(`${name} has ended`, error);
    });
  const hooks = new StartHooks();
  let isSynced = false;
  const queues = new WorkQueueMetrics(() => clock.now());
  const server = createApiServer({
    store,
    clock,
    random,
    tokens: [{ token: pki.adminToken, user: masters('kubernetes-admin') }],
    tokenVerifier: tokens,
    tokenIssuer: tokens,
    // The nodes come into being after the server they register with.
    kubelets: {
      connect: (connection, request) => nodes.connection.connect(connection, request),
      open: (connection, request) => nodes.connection.open(connection, request),
    },
    serviceCidr: serviceNetwork,
    runtimeConfig: options.runtimeConfig ?? [],
    flags: { 'advertise-address': advertise.address, 'event-ttl': `${eventLifetime / 3_600_000}h0m0s` },
    ...(options.metricsWriter && { metricsWriter: options.metricsWriter }),
    metrics: () => [...queues.families, ...(options.storageSize ? [storageSize(options.storageSize)] : [])],
    healthChecks: [
      { name: 'informer-sync', of: ['readyz'], check: () => (isSynced ? undefined : 'informers not started yet') },
      ...hooks.checks.map((check) => ({ ...check, of: ['healthz', 'livez', 'readyz'] as const })),
      { name: 'shutdown', of: ['readyz'], check: () => (signal.aborted ? 'process is shutting down' : undefined) },
    ],
    components: ['scheduler', 'controller-manager'].map((name) => ({ name, check: () => failures.get(name) })),
    ...(options.audit && { audit: options.audit }),
    ...(options.webhooks && { webhooks: options.webhooks }),
    ...(options.remoteServers && { remoteServers: options.remoteServers }),
    frontProxy: pki.frontProxy.client,
    podNetwork: { dial: async (address, port) => dial(nodes.sockets, address, port) },
    log: (text) => log.error(text),
  });
  const clientOf = (user: User, userAgent: string) => createClient(until(signal, inProcessTransport(server, user)), { userAgent });

  const serverClient = clientOf(masters('system:apiserver'), 'kube-apiserver');
  const kubernetesService = { client: serverClient, serviceAddress, advertise };
  // The server has read the definitions of custom resources when it is made.
  hooks.finished('crd-informer-synced');
  const finished = (hook: StartHook) => hooks.finished(hook);
  await ensureSystemObjects({ ...kubernetesService, serviceNetwork, now: formatTime(clock.now()), finished });
  const cancelKubernetesService = keepKubernetesService(kubernetesService, clock, log);
  const cancelSystemObjects = keepSystemObjects(serverClient, serviceNetwork, clock, log);

  const running: Promise<unknown>[] = [];
  const serverInformers = createInformers({ client: serverClient, clock, log });
  running.push(
    startServerControllers({
      client: serverClient,
      informers: serverInformers,
      clock,
      random,
      log,
      signal,
      queues,
      hostname,
      remoteServers: server.remoteServers,
      trust: { clientCa: pki.ca, frontProxyCa: pki.frontProxy.ca },
      onStarted: (controller) => hooks.started(controller),
      onEnded: (controller) => hooks.ended(controller),
    }),
  );
  serverInformers.synced().then(
    () => {
      isSynced = true;
    },
    (error: unknown) => log.error('informers of the API server', error),
  );
  const managerClient = clientOf(component('system:kube-controller-manager'), 'kube-controller-manager');
  const managerInformers = createInformers({ client: managerClient, clock, log });
  running.push(
    startControllers({
      client: managerClient,
      // As with --use-service-account-credentials: everyone reads what the manager sees, and writes in its own name.
      clientFor: (account) => clientOf(systemAccount(account), 'kube-controller-manager'),
      informers: managerInformers,
      clock,
      random,
      log,
      signal,
      queues,
      rootCertificate: pki.ca,
      secretTokens: tokens,
      onEnded: (controller) => failures.set('controller-manager', `${controller} has ended`),
      ...(pki.caKey !== undefined && { signingAuthority: { certificate: pki.ca, key: pki.caKey } }),
    }),
  );

  const schedulerClient = clientOf(component('system:kube-scheduler'), 'kube-scheduler');
  const schedulerInformers = createInformers({ client: schedulerClient, clock, log });
  const recorder = createSeriesRecorder({ client: schedulerClient, clock, random, component: 'default-scheduler', hostname, log, signal });
  const scheduler = new Scheduler({ client: schedulerClient, informers: schedulerInformers, recorder, clock, random, log });
  schedulerInformers.start(signal);
  running.push(watched('scheduler', scheduler.run(signal)));

  const nodeIdentity = (name: string): User => ({ name: `system:node:${name}`, groups: ['system:nodes'] });
  // What all kubelets of this process look at together, such as services, is read once.
  const kubeletInformers = createInformers({ client: clientOf(nodeIdentity('shared'), 'kubelet'), clock, log });
  const nodes = createNodes({
    clock,
    random,
    log,
    informers: kubeletInformers,
    clientFor: (name) => clientOf(nodeIdentity(name), 'kubelet'),
    count: options.nodes,
    ...(options.startupDelay !== undefined && { startupDelay: options.startupDelay }),
  });
  kubeletInformers.start(signal);
  running.push(nodes.run(signal));

  const cancelCompaction = keepCompacting(store, clock, options.compactionInterval ?? usualCompactionInterval, log);
  const cancelExpiry = keepExpiring(store, clock, '/registry/events/', eventLifetime, (error) =>
    log.error('expiry of events failed', error),
  );
  const client = clientOf(masters('kubernetes-admin'), 'kubeside');
  const informers = createInformers({ client, clock, log });
  informers.start(signal);

  return {
    server,
    client,
    informers,
    nodes,
    ready: defaultServiceAccount(informers),
    async stop() {
      cancelKubernetesService();
      cancelSystemObjects();
      cancelCompaction();
      cancelExpiry();
      ending.abort();
      await Promise.allSettled(running);
    },
  };
}

/** Once the signal has aborted, requests are refused at once: what a component is about to do then, it would only do halfway. */
function until(signal: AbortSignal, transport: Transport): Transport {
  return async (request) => {
    if (signal.aborted) {
      throw new ApiError({
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        message: 'the cluster is stopping',
        reason: 'ServiceUnavailable',
        code: 503,
      });
    }
    return transport(request);
  };
}

function logUntil(signal: AbortSignal, log: Log): Log {
  const told =
    (level: keyof Log) =>
    (message: string, error?: unknown): void => {
      if (!signal.aborted) log[level](message, error);
    };
  return { debug: told('debug'), info: told('info'), warn: told('warn'), error: told('error') };
}

/** Forgets, each time, what was there the time before. */
function keepCompacting(store: Store, clock: Clock, interval: number, log: Log): Cancel {
  let last = store.revision;
  return clock.every(interval, () => {
    const upTo = last;
    last = store.revision;
    if (upTo > store.compacted) store.compact(upTo).catch((error: unknown) => log.error('compaction failed', error));
  });
}

async function defaultServiceAccount(informers: Informers): Promise<void> {
  const accounts = informers.for(resources.serviceAccounts, { namespace: 'default' });
  await new Promise<void>((resolve) => {
    const off = accounts.on({
      added: (account) => {
        if (account.metadata?.name !== 'default') return;
        resolve();
        queueMicrotask(() => off());
      },
    });
  });
}
