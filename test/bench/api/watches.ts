import { median, report } from '../report.ts';
import { ApiClient } from './client.ts';
import { configMap, configMaps } from './manifests.ts';

const rounds = 5;
const writes = 100;
const watchers = 200;

/** How long after a write its event arrives: at one watcher, and at the last of many. */
export async function measureWatches(writer: ApiClient, kubeconfig: string): Promise<void> {
  const single: number[] = [];
  const fanned: number[] = [];
  for (let round = 0; round < rounds; round++) {
    single.push(median(await untilSeen(writer, kubeconfig, `single-watch-${round}`, 1, writes)));
    fanned.push(median(await untilSeen(writer, kubeconfig, `fan-out-${round}`, watchers, 20)));
  }
  report('api', 'watch event after create', 'ms', single, '<= 1');
  report('api', `create until the last of ${watchers} watchers has its event`, 'ms', fanned);
}

/** From sending each write to the moment when every watcher has read its event, in milliseconds. */
async function untilSeen(writer: ApiClient, kubeconfig: string, prefix: string, readers: number, count: number): Promise<number[]> {
  const clients = Array.from({ length: readers }, () => new ApiClient(kubeconfig, 1));
  const { metadata } = JSON.parse((await writer.call('GET', `${configMaps}?limit=1`)).toString()) as {
    metadata: { resourceVersion: string };
  };
  const path = `${configMaps}?watch=1&resourceVersion=${metadata.resourceVersion}`;
  let arrived = 0;
  let everybodyHas: (when: number) => void = () => undefined;
  const watching = clients.map(async (client) => {
    let seen = 0;
    await client.watch(path, ({ object }) => {
      if ((object.metadata as { name: string }).name.startsWith(prefix)) {
        seen++;
        if (++arrived === readers) everybodyHas(performance.now());
      }
      return seen > count;
    });
  });
  // The first write is not counted: it comes when all watches are open.
  const latencies: number[] = [];
  for (let i = 0; i <= count; i++) {
    arrived = 0;
    const all = new Promise<number>((done) => {
      everybodyHas = done;
    });
    const sent = performance.now();
    await writer.call('POST', configMaps, configMap(`${prefix}-${i}`));
    // The event may be there before the answer to the write.
    const seenByAll = await all;
    if (i > 0) latencies.push(seenByAll - sent);
  }
  await Promise.all(watching);
  for (const client of clients) client.close();
  return latencies;
}
