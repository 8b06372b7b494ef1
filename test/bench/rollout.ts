import { startCluster, temporaryFolder } from '../support/cluster-process.ts';
import { ApiClient } from './api/client.ts';
import { report, time } from './report.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const rounds = 3;
const replicas = 500;

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
};

/** A Deployment scaled to 500 replicas on 20 nodes, in real time, with containers that start at once. */
export async function benchRollout(): Promise<void> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const folder = temporaryFolder();
    process.env.KUBESIDE_STARTUP_DELAY = '0';
    const cluster = await startCluster(folder.path, '--nodes', '20');
    const client = new ApiClient(cluster.kubeconfig, 4);
    await client.call('POST', deployments, deployment);
    taken.push(
      await time(async () => {
        const ready = client.watch(`${deployments}?watch=1&fieldSelector=metadata.name%3Dweb`, ({ object }) => {
          return (object.status as { readyReplicas?: number } | undefined)?.readyReplicas === replicas;
        });
        await client.call('PATCH', `${deployments}/web`, { spec: { replicas } }, { 'content-type': 'application/merge-patch+json' });
        await ready;
      }),
    );
    client.close();
    await cluster.end();
    folder.remove();
  }
  report(
    'rollout',
    `scale to ${replicas} replicas on 20 nodes until all are ready`,
    's',
    taken.map((ms) => ms / 1000),
    '<= 5',
  );
}
