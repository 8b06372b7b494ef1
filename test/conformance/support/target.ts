import type { TestProject } from 'vitest/node';
import { startCluster, temporaryFolder } from '../../support/cluster-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the kubeconfig of the cluster under test. */
    readonly kubeconfig: string;
  }
}

/** Names the cluster under test: that of KUBESIDE_CONFORMANCE_KUBECONFIG, else one that is started and ended here. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.KUBESIDE_CONFORMANCE_KUBECONFIG;
  if (given !== undefined) {
    project.provide('kubeconfig', given);
    return async () => undefined;
  }
  const data = temporaryFolder();
  // Sooner than usual, so that what begins anew then can be seen.
  const cluster = await startCluster(data.path, '--compaction-interval', '60');
  project.provide('kubeconfig', cluster.kubeconfig);
  return async () => {
    await cluster.end();
    data.remove();
  };
}
