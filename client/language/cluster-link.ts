import type { Cluster, Unsubscribe } from '../cluster/cluster.ts';
import { type WatchedPlural, watchedResources } from '../cluster/object-cache.ts';
import { liveState, type ObjectName } from './live-state.ts';
import { namedObjects, toldPlurals } from './named-objects.ts';

/** What is needed of the connection to the language server. */
export interface Speaker {
  sendNotification(method: string, params: unknown): Promise<void>;
  onRequest(method: string, answer: (params: ObjectName) => Promise<string | null>): { dispose(): void };
}

/** Keeps the language server told of the cluster that is connected: its version, its kinds, the names of its objects. */
export function linkCluster(cluster: Cluster, speaker: Speaker): Unsubscribe {
  let isTold = false;
  const tell = (method: string, params: unknown) => {
    // A server that has ended is started anew by the client, and told again.
    speaker.sendNotification(method, params).catch(() => undefined);
  };
  const tellObjects = (plural: WatchedPlural) => {
    if (plural === 'customresourcedefinitions') {
      const definitions = cluster.objects.list(plural).map(({ metadata, spec }) => ({
        ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
        ...{ metadata: { name: metadata?.name }, spec },
      }));
      tell('kubeside/clusterDefinitions', { definitions });
    } else if (toldPlurals.includes(plural)) {
      const kind = watchedResources.find((resource) => resource.plural === plural)?.kind ?? '';
      tell('kubeside/clusterObjects', { kind, objects: namedObjects(plural, cluster.objects) });
    }
  };
  const follow = () => {
    const isThere = cluster.state.phase === 'running' && cluster.version !== undefined;
    if (isThere === isTold) return;
    isTold = isThere;
    tell('kubeside/cluster', isThere ? { name: cluster.name, gitVersion: cluster.version } : null);
    if (isThere) for (const { plural } of watchedResources) if (cluster.objects.list(plural).length > 0) tellObjects(plural);
  };
  const stops = [
    cluster.onState(follow),
    cluster.objects.onChange((changed) => {
      if (isTold) for (const plural of changed) tellObjects(plural);
    }),
  ];
  const answers = speaker.onRequest('kubeside/liveState', async (wanted) => (await liveState(cluster, wanted, Date.now())) ?? null);
  follow();
  return () => {
    for (const stop of stops) stop();
    answers.dispose();
  };
}
