import { startCluster, temporaryFolder } from '../../support/cluster-process.ts';
import { ApiClient } from './client.ts';
import { measureCollections } from './collections.ts';
import { measureMemory } from './memory.ts';
import { measureObjects } from './objects.ts';
import { measureWatches } from './watches.ts';

const parallel = 16;

/** What is measured against one cluster, by the names it is asked for with. Each part finds a server that those before it have warmed. */
const parts: Readonly<Record<string, (clients: Clients) => Promise<void>>> = {
  objects: ({ one, many }) => measureObjects(one, many, parallel),
  watches: ({ one, kubeconfig }) => measureWatches(one, kubeconfig),
  collections: ({ one, many }) => measureCollections(one, many),
};
/** This has clusters of its own. */
const memory = 'memory';

/** The parts of this bench. */
export const apiParts: readonly string[] = [...Object.keys(parts), memory];

interface Clients {
  readonly kubeconfig: string;
  readonly one: ApiClient;
  readonly many: ApiClient;
}

/** Requests over HTTPS against a cluster on disk: what a client feels. `wanted` names the parts; undefined stands for all. */
export async function benchApi(wanted: readonly string[] = apiParts): Promise<void> {
  const folder = temporaryFolder();
  const cluster = await startCluster(folder.path, '--nodes', '0');
  const { kubeconfig } = cluster;
  const clients = { kubeconfig, one: new ApiClient(kubeconfig, 1), many: new ApiClient(kubeconfig, parallel) };
  try {
    for (const [name, measure] of Object.entries(parts)) if (wanted.includes(name)) await measure(clients);
    clients.one.close();
    clients.many.close();
  } finally {
    await cluster.end();
    folder.remove();
  }
  if (wanted.includes(memory)) await measureMemory();
}
