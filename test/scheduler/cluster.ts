import type { Node, Pod } from '../../runtime/api/generated/types/core/v1.ts';
import { createApiServer } from '../../runtime/apiserver/api-server.ts';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import { ensureBootstrapRoles } from '../../runtime/bootstrap/rbac/reconcile.ts';
import type { Client, Transport } from '../../runtime/client/client.ts';
import { createSeriesRecorder } from '../../runtime/client/event-series-recorder.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import { createInformers } from '../../runtime/client/informers.ts';
import { type Log, silentLog } from '../../runtime/client/log.ts';
import * as resources from '../../runtime/client/resources.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { Scheduler } from '../../runtime/scheduler/scheduler.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { createSteppedClock, type SteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { settle } from '../client/settle.ts';

/** An API server with the scheduler at work, and whatever the test does as administrator. */
export interface TestCluster {
  readonly client: Client;
  readonly clock: SteppedClock;
  /** Lets everything come to rest at this point of time. */
  rest(): Promise<void>;
  addNode(node: Node): Promise<void>;
  addPod(pod: Pod): Promise<Pod>;
  /** By default of the pod with this name. */
  pod(name: string): Promise<Pod>;
  /** Which pod is on which node, `-` for none. */
  places(): Promise<Record<string, string>>;
  /** `<type> <reason> <count>: <message>` of the events of an object, in the order they were made. */
  events(of: string): Promise<string[]>;
  stop(): Promise<void>;
}

export interface TestClusterOptions {
  /** Stands between the scheduler and the API server. */
  readonly interfere?: (transport: Transport) => Transport;
  /** Let happen before the scheduler comes up. */
  readonly before?: (cluster: Pick<TestCluster, 'addNode' | 'addPod' | 'client'>) => Promise<void>;
}

export async function startTestCluster({ interfere = (t) => t, before }: TestClusterOptions = {}): Promise<TestCluster> {
  const store = await openMemoryStore();
  const clock = createSteppedClock(Date.UTC(2026, 0, 1), settle);
  const random = createSeededRandom(1);
  const server = createApiServer({
    store,
    clock,
    random,
    log: (text) => {
      throw new Error(text);
    },
  });
  const client = createClient(inProcessTransport(server, { name: 'admin', groups: ['system:masters'] }));
  for (const name of ['default', 'kube-system', 'kube-public']) await client.resource(resources.namespaces).create({ metadata: { name } });
  await ensureBootstrapRoles(client);
  await client.resource(resources.serviceAccounts).create({ metadata: { name: 'default', namespace: 'default' } });
  const addNode = async (node: Node) => {
    const nodes = client.resource(resources.nodes);
    const made = await nodes.create(node);
    // Admission taints new nodes until the node lifecycle controller, which is not here, sees that they are ready.
    await nodes.patch(made.metadata?.name ?? '', undefined, { type: 'json', body: [{ op: 'remove', path: '/spec/taints' }] });
  };
  const addPod = ({ metadata, ...pod }: Pod) =>
    client.resource(resources.pods).create({ ...pod, metadata: { namespace: 'default', ...metadata } });
  await before?.({ client, addNode, addPod });

  const ending = new AbortController();
  const own = createClient(interfere(inProcessTransport(server, { name: 'system:kube-scheduler', groups: [] })), {
    userAgent: 'kube-scheduler',
  });
  const log: Log = silentLog;
  const informers = createInformers({ client: own, clock, log, freeze: true });
  const { signal } = ending;
  const recorder = createSeriesRecorder({ client: own, clock, random, component: 'default-scheduler', hostname: 'localhost', log, signal });
  const scheduler = new Scheduler({ client: own, informers, recorder, clock, random, log });
  informers.start(ending.signal);
  const running = scheduler.run(ending.signal);
  const rest = async () => {
    for (let turn = 0; turn < 6; turn++) await settle();
  };
  await rest();
  return {
    client,
    clock,
    rest,
    addNode,
    addPod,
    pod: (name) => client.resource(resources.pods).get(name, 'default'),
    async places() {
      const { items } = await client.resource(resources.pods).list();
      return Object.fromEntries(items.map((pod) => [pod.metadata?.name, pod.spec?.nodeName ?? '-']));
    },
    async events(of) {
      const { items } = await client.resource(resources.events).list({ fieldSelector: `involvedObject.name=${of}` });
      return items
        .sort((a, b) => Number(a.metadata?.resourceVersion) - Number(b.metadata?.resourceVersion))
        .map((event) => `${event.type} ${event.reason} ${event.series?.count ?? 1}: ${event.message}`);
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}
