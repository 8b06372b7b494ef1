import type { Event, Node, Pod } from '../../runtime/api/generated/types/core/v1.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { createApiServer } from '../../runtime/apiserver/api-server.ts';
import type { User } from '../../runtime/apiserver/authentication/user.ts';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import type { Client, ResourceRef } from '../../runtime/client/client.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import { createInformers } from '../../runtime/client/informers.ts';
import type { Log } from '../../runtime/client/log.ts';
import * as resources from '../../runtime/client/resources.ts';
import { type StartControllersOptions, startControllers, startServerControllers } from '../../runtime/controllers/index.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { formatMicroTime, formatTime } from '../../runtime/simulation/clock.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { createSteppedClock, type SteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { settle } from '../client/settle.ts';

export interface World {
  readonly client: Client;
  /** Acts as somebody else. */
  as(user: User): Client;
  readonly clock: SteppedClock;
  /** Every write the controllers have asked for, as `METHOD path`. */
  readonly writes: string[];
  list<T extends KubeObject>(ref: ResourceRef<T>, namespace?: string): Promise<T[]>;
  /** `reason: message` of the events about objects of a kind, in the order of their writing. */
  events(kind: string): Promise<string[]>;
  /** Nodes stop sending signs of life and stop running pods. */
  silence(...names: string[]): void;
  revive(...names: string[]): void;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly nodes?: number;
  /** Milliseconds a pod takes from its binding to being ready. */
  readonly startup?: number;
  /** Which pods never become ready. */
  readonly broken?: (pod: Pod) => boolean;
  /** The authority that signs requests for certificates; none when left out. */
  readonly signingAuthority?: StartControllersOptions['signingAuthority'];
  /** Signs the tokens of secrets; nobody does when left out. */
  readonly secretTokens?: StartControllersOptions['secretTokens'];
  /** Which writes of the controllers are refused, by `METHOD path`. */
  readonly refuse?: (write: string) => boolean;
  /** How many milliseconds the store takes to write an object, by its key; none when left out. */
  readonly commitTime?: (key: string) => number;
}

const lines: Log = {
  debug() {},
  info() {},
  warn: (message, error) => console.warn(message, error instanceof Error ? error.message : error),
  error: (message, error) => console.error(message, error),
};

/** The real API server and the real controllers; nodes that run every pod at once, in place of scheduler and kubelets. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { nodes = 3, startup = 1000, broken = () => false, refuse = () => false, commitTime = () => 0 } = options;
  const clock = createSteppedClock(Date.UTC(2026, 0, 1), settle);
  const random = createSeededRandom(7);
  const store = await openMemoryStore();
  const commit = store.commit.bind(store);
  store.commit = async (changes) => {
    const time = Math.max(...changes.map(({ key }) => commitTime(key)));
    if (time > 0) await clock.sleep(time);
    return commit(changes);
  };
  const server = createApiServer({ store, clock, random, log: (text) => console.error(text) });
  const writes: string[] = [];
  const transport = inProcessTransport(server, { name: 'admin', groups: ['system:masters'] });
  const client = createClient(transport);
  const stop = new AbortController();
  const { signal } = stop;
  for (const name of ['default', 'kube-system', 'kube-node-lease'])
    await client.resource(resources.namespaces).create({ metadata: { name } });

  const silent = new Set<string>();
  const names = Array.from({ length: nodes }, (_, index) => `node-${index + 1}`);
  const ready = (): NonNullable<Node['status']> => ({
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        lastHeartbeatTime: formatTime(clock.now()),
        lastTransitionTime: formatTime(clock.now()),
      },
    ],
  });
  for (const name of names) {
    await client.resource(resources.nodes).create({ metadata: { name }, status: ready() });
    await client.resource(resources.leases).create({ metadata: { name, namespace: 'kube-node-lease' }, spec: { holderIdentity: name } });
  }
  const beat = async (name: string) => {
    const body = { spec: { renewTime: formatMicroTime(clock.now()) } };
    await client.resource(resources.leases).patch(name, 'kube-node-lease', { type: 'merge', body });
    const node = await client.resource(resources.nodes).get(name);
    if (node.status?.conditions?.every(({ type, status }) => type !== 'Ready' || status === 'True')) return;
    await client.resource(resources.nodes).update({ ...node, status: ready() }, 'status');
  };
  clock.every(10_000, () => {
    for (const name of names) if (!silent.has(name)) void beat(name);
  });

  const podResource = client.resource(resources.pods);
  let addresses = 0;
  const runPod = async (pod: Pod) => {
    const { name = '', namespace = '' } = pod.metadata ?? {};
    const running = await podResource.get(name, namespace).catch(() => undefined);
    if (running === undefined || silent.has(running.spec?.nodeName ?? '') || running.metadata?.deletionTimestamp !== undefined) return;
    const address = ++addresses;
    const time = formatTime(clock.now());
    const conditions = broken(running) ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: time }];
    const podIP = `10.244.${address >> 8}.${address & 255}`;
    await podResource.update(
      { ...running, status: { ...running.status, phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions } },
      'status',
    );
  };
  const endPod = async (pod: Pod) => {
    await podResource.delete(pod.metadata?.name ?? '', pod.metadata?.namespace, { gracePeriodSeconds: 0 }).catch(() => {});
  };
  let turn = 0;
  const informers = createInformers({ client, clock, freeze: true });
  informers.for(resources.pods).on({
    added(pod) {
      const live = names.filter((name) => !silent.has(name));
      const target = live[turn++ % live.length];
      if (pod.spec?.nodeName !== undefined || target === undefined) return;
      const { name = '', namespace = '' } = pod.metadata ?? {};
      const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target: { kind: 'Node', name: target } };
      podResource.createSubresource(name, namespace, 'binding', binding).catch((error: unknown) => lines.error('binding', error));
      clock.after(startup, () => void runPod(pod));
    },
    updated(pod, previous) {
      const deleted = pod.metadata?.deletionTimestamp !== undefined && previous.metadata?.deletionTimestamp === undefined;
      if (deleted && !silent.has(pod.spec?.nodeName ?? '')) clock.after(500, () => void endPod(pod));
    },
  });
  informers.start(signal);

  const recording = createClient((request) => {
    const call = `${request.method} ${new URL(request.url).pathname}`;
    if (request.method === 'GET') return transport(request);
    writes.push(call);
    if (!refuse(call)) return transport(request);
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403, message: 'refused by the test' };
    return Promise.resolve(Response.json(status, { status: 403 }));
  });
  const controllerInformers = createInformers({ client: recording, clock, log: lines, freeze: true });
  const { remoteServers } = server;
  const parts = { client: recording, informers: controllerInformers, clock, random, log: lines, signal, remoteServers };
  const serverControllers = startServerControllers({ ...parts, hostname: 'localhost' });
  const running = startControllers({
    ...parts,
    rootCertificate: 'CA',
    ...(options.secretTokens && { secretTokens: options.secretTokens }),
    ...(options.signingAuthority && { signingAuthority: options.signingAuthority }),
  });
  await clock.advance(1000);

  return {
    client,
    as: (user) => createClient(inProcessTransport(server, user)),
    clock,
    writes,
    async list(ref, namespace) {
      return (await client.resource(ref).list(namespace === undefined ? {} : { namespace })).items;
    },
    async events(kind) {
      const all: Event[] = (await client.resource(resources.events).list()).items;
      const about = all.filter((event) => event.involvedObject.kind === kind);
      const revision = (event: Event) => Number(event.metadata?.resourceVersion);
      return about.sort((left, right) => revision(left) - revision(right)).map((event) => `${event.reason}: ${event.message}`);
    },
    silence: (...lost) => lost.forEach((name) => void silent.add(name)),
    revive: (...back) => back.forEach((name) => void silent.delete(name)),
    async stop() {
      stop.abort();
      await Promise.all([running, serverControllers]);
      await store.close();
    },
  };
}
