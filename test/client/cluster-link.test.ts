import { expect, it, vi } from 'vitest';
import type { Cluster, ClusterState } from '../../client/cluster/cluster.ts';
import { ApiFailure } from '../../client/cluster/failure.ts';
import { ObjectCache } from '../../client/cluster/object-cache.ts';
import { ClusterLink, type Speaker } from '../../client/language/cluster-link.ts';
import { liveState } from '../../client/language/live-state.ts';

/** A cluster whose state is set by hand. */
class SetCluster implements Cluster {
  readonly name = 'kubeside';
  readonly capabilities = { simulated: true, lifecycle: true };
  readonly kubeconfig = undefined;
  readonly kept = false;
  readonly objects = new ObjectCache(0);
  state: ClusterState = { phase: 'stopped' };
  version: string | undefined;
  readonly #listeners = new Set<(state: ClusterState) => void>();

  set(phase: ClusterState['phase'], version?: string): void {
    this.state = { phase };
    this.version = version;
    for (const listener of this.#listeners) listener(this.state);
  }

  onState(listener: (state: ClusterState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly requests: string[] = [];

  async request(method: string, path: string): Promise<never> {
    this.requests.push(`${method} ${path}`);
    throw new ApiFailure(404, { message: `${path} not found` });
  }

  watch(): never {
    throw new Error('nothing is watched');
  }

  async kinds() {
    return [{ group: 'example.org', version: 'v1', kind: 'Widget', plural: 'widgets', namespaced: true, verbs: ['get'], shortNames: [] }];
  }
}

function listen(): Speaker & { readonly told: [string, unknown][] } {
  const told: [string, unknown][] = [];
  return {
    told,
    sendNotification: async (method, params) => void told.push([method, params]),
    onRequest: () => ({ dispose: () => undefined }),
  };
}

it('tells the language server of a cluster while it runs, by names and keys alone', async () => {
  const cluster = new SetCluster();
  const speaker = listen();
  const link = new ClusterLink(cluster, speaker);
  cluster.objects.replace('configmaps', [Object.assign({ metadata: { namespace: 'default', name: 'settings' } }, { keys: ['colour'] })]);
  expect(speaker.told).toEqual([]);
  cluster.set('running', 'v1.36.0');
  const settings = { kind: 'ConfigMap', objects: [{ namespace: 'default', name: 'settings', keys: ['colour'] }] };
  expect(speaker.told).toEqual([
    ['kubeside/cluster', { name: 'kubeside', gitVersion: 'v1.36.0' }],
    ['kubeside/clusterObjects', settings],
  ]);
  speaker.told.length = 0;
  const service = { metadata: { namespace: 'default', name: 'web' }, spec: { ports: [{ name: 'http', port: 80 }] } };
  cluster.objects.replace('services', [service]);
  cluster.objects.replace('pods', [{ metadata: { namespace: 'default', name: 'web-1' } }]);
  await vi.waitFor(() =>
    expect(speaker.told).toContainEqual([
      'kubeside/clusterObjects',
      { kind: 'Service', objects: [{ namespace: 'default', name: 'web', servicePorts: [{ name: 'http', number: 80 }] }] },
    ]),
  );
  expect(JSON.stringify(speaker.told)).not.toContain('web-1');
  cluster.set('stopped');
  expect(speaker.told.at(-1)).toEqual(['kubeside/cluster', null]);
  link.dispose();
  cluster.set('running', 'v1.36.0');
  expect(speaker.told.at(-1)).toEqual(['kubeside/cluster', null]);
});

it('tells again what is new alone, and all of it to a server that was started anew', async () => {
  const cluster = new SetCluster();
  const speaker = listen();
  const link = new ClusterLink(cluster, speaker);
  cluster.set('running', 'v1.36.0');
  const told = () => speaker.told.map(([method, params]) => `${method} ${(params as { kind?: string } | null)?.kind ?? ''}`.trim());
  const deployment = (readyReplicas: number) => ({ metadata: { namespace: 'default', name: 'web' }, status: { readyReplicas } });
  cluster.objects.replace('deployments', [deployment(0)]);
  await vi.waitFor(() => expect(told()).toEqual(['kubeside/cluster', 'kubeside/clusterObjects Deployment']));
  cluster.objects.put('deployments', deployment(1));
  cluster.objects.put('namespaces', { metadata: { name: 'default' } });
  await vi.waitFor(() => expect(told()).toContain('kubeside/clusterObjects Namespace'));
  expect(told()).toHaveLength(3);
  speaker.told.length = 0;
  link.tellAgain();
  expect(told()).toEqual(['kubeside/cluster', 'kubeside/clusterObjects Namespace', 'kubeside/clusterObjects Deployment']);
});

it('tells how an object is', async () => {
  const cluster = new SetCluster();
  const now = Date.parse('2030-01-01T00:05:00Z');
  const creationTimestamp = '2030-01-01T00:00:00Z';
  const say = (kind: string, name: string, namespace = 'default') => liveState(cluster, { kind, namespace, name }, now);
  expect(await say('Pod', 'web')).toBeUndefined();
  cluster.set('running', 'v1.36.0');
  const metadata = { namespace: 'default', name: 'web', creationTimestamp };
  const deployment = { metadata, spec: { replicas: 3 }, status: { replicas: 3, updatedReplicas: 3, readyReplicas: 2 } };
  cluster.objects.replace('deployments', [deployment]);
  cluster.objects.replace('secrets', [Object.assign({ metadata }, { keys: ['password'] })]);
  expect(await say('Deployment', 'web')).toBe('In **kubeside**: 2 of 3, 5m old');
  expect(await say('Secret', 'web')).toBe('In **kubeside**: keys `password`, 5m old');
  expect(await say('Deployment', 'gone')).toBe('In **kubeside**: not there');
  expect(await say('Widget', 'one')).toBe('In **kubeside**: not there');
  expect(cluster.requests).toEqual(['GET /apis/example.org/v1/namespaces/default/widgets/one']);
  expect(await say('Gadget', 'one')).toBeUndefined();
});
