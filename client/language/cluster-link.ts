import type { Cluster } from '../cluster/cluster.ts';
import { type WatchedPlural, watchedResources } from '../cluster/object-cache.ts';
import type { Unsubscribe } from '../cluster/unsubscribe.ts';
import { liveState, type ObjectName } from './live-state.ts';
import { namedObjects, toldPlurals } from './named-objects.ts';

/** What is needed of the connection to the language server. */
export interface Speaker {
  sendNotification(method: string, params: unknown): Promise<void>;
  onRequest(method: string, answer: (params: ObjectName) => Promise<string | null>): { dispose(): void };
}

/** Keeps the language server told of the cluster that is connected: its version, its kinds, the names of its objects. */
export class ClusterLink {
  readonly #cluster: Cluster;
  readonly #speaker: Speaker;
  readonly #ends: Unsubscribe[];
  /** What the server was told last of each resource, so that the beats of nodes and the counts of rollouts are not told on. */
  readonly #told = new Map<WatchedPlural, string>();
  #isConnected = false;

  constructor(cluster: Cluster, speaker: Speaker) {
    this.#cluster = cluster;
    this.#speaker = speaker;
    const answers = speaker.onRequest('kubeside/liveState', async (wanted) => (await liveState(cluster, wanted, Date.now())) ?? null);
    this.#ends = [
      cluster.onState(() => this.#follow()),
      cluster.objects.onChange((changed) => {
        if (this.#isConnected) for (const plural of changed) this.#tellObjects(plural);
      }),
      () => answers.dispose(),
    ];
    this.#follow();
  }

  /** The server has been started anew and knows nothing. */
  tellAgain(): void {
    this.#isConnected = false;
    this.#follow();
  }

  dispose(): void {
    for (const end of this.#ends) end();
  }

  #follow(): void {
    const { state, version, name, objects } = this.#cluster;
    const isConnected = state.phase === 'running' && version !== undefined;
    if (isConnected === this.#isConnected) return;
    this.#isConnected = isConnected;
    this.#told.clear();
    this.#tell('kubeside/cluster', isConnected ? { name, gitVersion: version } : null);
    if (isConnected) for (const { plural } of watchedResources) if (objects.list(plural).length > 0) this.#tellObjects(plural);
  }

  #tellObjects(plural: WatchedPlural): void {
    const message = messageOf(plural, this.#cluster);
    if (message === undefined) return;
    const text = JSON.stringify(message.params);
    if (this.#told.get(plural) === text) return;
    this.#told.set(plural, text);
    this.#tell(message.method, message.params);
  }

  #tell(method: string, params: unknown): void {
    // A server that has ended is started anew by the client, and told again.
    this.#speaker.sendNotification(method, params).catch(() => undefined);
  }
}

/** What is told of a resource; undefined of those that no manifest refers to. */
function messageOf(plural: WatchedPlural, { objects }: Cluster): { readonly method: string; readonly params: unknown } | undefined {
  if (plural === 'customresourcedefinitions') {
    const definitions = objects.list(plural).map(({ metadata, spec }) => ({
      ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
      ...{ metadata: { name: metadata?.name }, spec },
    }));
    return { method: 'kubeside/clusterDefinitions', params: { definitions } };
  }
  if (!toldPlurals.includes(plural)) return undefined;
  const kind = watchedResources.find((resource) => resource.plural === plural)?.kind ?? '';
  return { method: 'kubeside/clusterObjects', params: { kind, objects: namedObjects(plural, objects) } };
}
