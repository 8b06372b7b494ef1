import { median, report } from '../report.ts';
import { ApiClient } from './client.ts';
import { configMap, configMaps } from './manifests.ts';

/** As many requests as V8 takes to compile what is hot, as for single objects: what is told by a server that has been running. */
const warmUp = 4;
const rounds = 7;
const writes = 400;
/** Before any watch was told of anything. */
const firstWrites = 100;
const watchers = 200;
const fannedRounds = 5;
const fannedWrites = 20;

/** How long after a write its event arrives: at one watcher, and at the last of many. */
export async function measureWatches(writer: ApiClient, kubeconfig: string): Promise<void> {
  const first = await untilSeen(writer, kubeconfig, 'first-watch', 1, firstWrites);
  const single: number[] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    const latencies = await untilSeen(writer, kubeconfig, `single-watch-${round}`, 1, writes);
    if (round >= warmUp) single.push(median(latencies));
  }
  const fanned: number[] = [];
  for (let round = 0; round < fannedRounds; round++) {
    fanned.push(median(await untilSeen(writer, kubeconfig, `fan-out-${round}`, watchers, fannedWrites)));
  }
  report('api', 'watch event after create p50', 'ms', single, '<= 1');
  report('api', `the first ${firstWrites} watch events of a server p50`, 'ms', [median(first)]);
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
