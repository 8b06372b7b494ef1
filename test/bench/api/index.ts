import { startCluster, temporaryFolder } from '../../support/cluster-process.ts';
import { ApiClient } from './client.ts';
import { measureCollections } from './collections.ts';
import { measureMemory } from './memory.ts';
import { measureObjects } from './objects.ts';
import { measureWatches } from './watches.ts';

const parallel = 16;

/** Requests over HTTPS against a cluster on disk: what a client feels. */
export async function benchApi(): Promise<void> {
  const folder = temporaryFolder();
  const cluster = await startCluster(folder.path, '--nodes', '0');
  try {
    const one = new ApiClient(cluster.kubeconfig, 1);
    const many = new ApiClient(cluster.kubeconfig, parallel);
    await measureObjects(one, many, parallel);
    await measureWatches(one, cluster.kubeconfig);
    await measureCollections(one, many);
    one.close();
    many.close();
  } finally {
    await cluster.end();
    folder.remove();
  }
  await measureMemory();
}
