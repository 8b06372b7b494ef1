import { BaseImage, Cluster } from '@ngrok/webernetes';
import { report, time } from './report.ts';

const rounds = 3;
const replicas = 500;
const nodes = 20;
const patience = 120_000;

/** An image that starts at once and runs until it is stopped, as nginx does on our nodes. */
class Nginx extends BaseImage {
  static readonly imageName = 'nginx';
  static readonly imageVersion = 'latest';
  readonly defaultCommand = ['serve'];
  override async exec(ctx: Parameters<BaseImage['exec']>[0]): Promise<number> {
    return ctx.waitUntilKilled();
  }
}

const manifest: Parameters<Cluster['apply']>[0] = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:latest' }] } },
    },
  },
];

/** The same rollout on @ngrok/webernetes, which has no disk and no HTTP: all it does is in this process and lost with it. */
export async function benchWebernetes(): Promise<void> {
  const boots: number[] = [];
  const rollouts: number[] = [];
  let ready = 0;
  for (let round = 0; round < rounds; round++) {
    const cluster = new Cluster({ nodes });
    cluster.registerImage(Nginx);
    boots.push(await time(() => cluster.init()));
    const began = performance.now();
    await cluster.apply(manifest);
    ready = 0;
    while (ready < replicas && performance.now() - began < patience) {
      await new Promise((again) => setTimeout(again, 20));
      const found = await cluster.api.appsv1.readNamespacedDeployment({ name: 'web', namespace: 'default' });
      ready = found.status?.readyReplicas ?? 0;
    }
    rollouts.push((performance.now() - began) / 1000);
    await cluster.close();
    if (ready < replicas) break;
  }
  report('webernetes', `boot with ${nodes} nodes, in memory`, 'ms', boots);
  const outcome = ready < replicas ? ` (gave up at ${ready} ready)` : '';
  report('webernetes', `scale to ${replicas} replicas on ${nodes} nodes until all are ready${outcome}`, 's', rollouts);
}
