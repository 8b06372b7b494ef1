import { createSigningKeys } from '../../runtime/bootstrap/certificates.ts';
import { silentLog } from '../../runtime/client/log.ts';
import { type Cluster, type ClusterOptions, startCluster } from '../../runtime/cluster.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { createSteppedClock, type SteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { settle } from '../client/settle.ts';

/** A whole cluster whose time only passes when it is told to. */
export interface VirtualCluster {
  readonly cluster: Cluster;
  readonly clock: SteppedClock;
  stop(): Promise<void>;
}

/** Where virtual time begins. */
export const start = Date.UTC(2026, 0, 1);

/** Starts a cluster on virtual time in memory; the same seed gives the same run. */
export async function startVirtualCluster(options: Partial<ClusterOptions> = {}): Promise<VirtualCluster> {
  const clock = createSteppedClock(start, settle);
  const store = await openMemoryStore();
  const noKeys = { certificate: '', key: '' };
  const cluster = await startCluster({
    store,
    clock,
    random: createSeededRandom(7),
    log: silentLog,
    nodes: 3,
    pki: {
      ca: 'the CA',
      apiserver: noKeys,
      admin: noKeys,
      adminToken: 'admin',
      frontProxy: { ca: 'the proxies’ CA', client: noKeys },
      serviceAccount: await createSigningKeys(),
    },
    ...options,
  });
  const ready = cluster.ready;
  await clock.advance(0);
  await ready;
  return {
    cluster,
    clock,
    async stop() {
      const stopped = cluster.stop();
      await clock.advance(60_000);
      await stopped;
      await store.close();
    },
  };
}
