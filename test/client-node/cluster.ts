import { KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll } from 'vitest';
import { type ClusterProcess, startCluster, temporaryFolder } from '../support/cluster-process.ts';

/** A cluster for the tests of a file, as a customer's program finds it: by its kubeconfig, over HTTPS. */
export function customersCluster(): { readonly config: KubeConfig } {
  const data = temporaryFolder();
  const config = new KubeConfig();
  let cluster: ClusterProcess | undefined;
  beforeAll(async () => {
    cluster = await startCluster(data.path);
    config.loadFromFile(cluster.kubeconfig);
  });
  afterAll(async () => {
    await cluster?.end();
    data.remove();
  });
  return { config };
}

/** Waits until the probe gives something; throws after half a minute. */
export async function eventually<T>(what: string, probe: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
