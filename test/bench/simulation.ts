import type { Deployment } from '../../runtime/api/generated/types/apps/v1.ts';
import * as resources from '../../runtime/client/resources.ts';
import { startVirtualCluster } from '../support/virtual-cluster.ts';
import { report, time } from './report.ts';

const rounds = 5;
const minutes = 10;

const deployment: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
};

/** How long ten minutes of a cluster with a three-replica Deployment take on virtual time. */
export async function benchSimulation(): Promise<void> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { cluster, clock, stop } = await startVirtualCluster();
    await cluster.client.resource(resources.deployments).create(deployment);
    taken.push(await time(() => clock.advance(minutes * 60_000)));
    await stop();
  }
  report('simulation', `${minutes} simulated minutes of a Deployment on three nodes`, 'ms', taken, '< 1000');
}
