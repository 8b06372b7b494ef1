import { afterEach } from 'vitest';
import type { Event, Pod } from '../../runtime/api/generated/types/core/v1.ts';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import type { Client } from '../../runtime/client/client.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import { createInformers } from '../../runtime/client/informers.ts';
import type { Log } from '../../runtime/client/log.ts';
import * as resources from '../../runtime/client/resources.ts';
import { createNodes, type NodesOptions, type VirtualNodes } from '../../runtime/kubelet/nodes.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import type { SteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { type Api, startApi } from '../apiserver/api.ts';

export interface TestNode {
  readonly api: Api;
  readonly clock: SteppedClock;
  readonly client: Client;
  readonly nodes: VirtualNodes;
  /** What the kubelets warned of. */
  readonly warnings: string[];
  /** Creates a pod bound to node-1. */
  create(name: string, spec: Partial<Pod['spec']>, metadata?: Pod['metadata']): Promise<Pod>;
  pod(name: string): Promise<Pod>;
  exists(name: string): Promise<boolean>;
  /** `Type Reason Message`, of one pod, oldest first; repeated ones with their count. */
  events(name: string): Promise<string[]>;
  stop(): void;
}

const running: AbortController[] = [];
afterEach(() => {
  for (const abort of running.splice(0)) abort.abort();
});

/** A node on an API server on a stepped clock. */
export async function startNode(options: Partial<NodesOptions> & { readonly api?: Api } = {}): Promise<TestNode> {
  const api = options.api ?? (await startApi());
  if (options.api === undefined) {
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'kube-node-lease' } });
    await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  }
  const { clock, server } = api;
  const warnings: string[] = [];
  const log: Log = {
    debug() {},
    info() {},
    warn: (message, error) => void warnings.push(`${message} ${String(error ?? '')}`),
    error: (message, error) => void warnings.push(`${message} ${error instanceof Error ? error.stack : String(error ?? '')}`),
  };
  const client = createClient(inProcessTransport(server, { name: 'admin', groups: ['system:masters'] }));
  const abort = new AbortController();
  running.push(abort);
  const nodes = createNodes({
    clock,
    random: createSeededRandom(7),
    clientFor: (name) => createClient(inProcessTransport(server, { name: `system:node:${name}`, groups: ['system:nodes'] })),
    informers: createInformers({ client, clock, log }),
    count: 1,
    log,
    ...options,
  });
  const started = nodes.run(abort.signal);
  await clock.advance(100);
  await started;
  return {
    ...{ api, clock, client, nodes, warnings },
    create: (name, spec, metadata) =>
      client.resource(resources.pods).create({
        metadata: { name, namespace: 'default', ...metadata },
        spec: { nodeName: 'node-1', automountServiceAccountToken: false, containers: [{ name: 'web', image: 'nginx' }], ...spec },
      }),
    pod: (name) => client.resource(resources.pods).get(name, 'default'),
    async exists(name) {
      const { items } = await client.resource(resources.pods).list({ namespace: 'default' });
      return items.some(({ metadata }) => metadata?.name === name);
    },
    async events(name) {
      const { items } = await client.resource(resources.events).list({ namespace: 'default' });
      return items
        .filter(({ involvedObject }) => involvedObject.name === name)
        .sort((left, right) => ((left.metadata?.name ?? '') < (right.metadata?.name ?? '') ? -1 : 1))
        .map(formatEvent);
    },
    stop: () => abort.abort(),
  };
}

function formatEvent({ type, reason, message, count = 1 }: Event): string {
  return `${type} ${reason} ${message}${count > 1 ? ` (x${count})` : ''}`;
}

export function conditionsOf(pod: Pod): Record<string, string> {
  return Object.fromEntries((pod.status?.conditions ?? []).map(({ type, status }) => [type, status]));
}
