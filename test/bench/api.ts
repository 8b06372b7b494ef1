import { startCluster, temporaryFolder } from '../support/cluster-process.ts';
import { ApiClient } from './api-client.ts';
import { percentile, report, time } from './report.ts';

const bench = 'api';
const configMaps = '/api/v1/namespaces/default/configmaps';
const rounds = 5;
const singles = 400;
const parallel = 16;
const burst = 2000;
const listed = 5001;

const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { app: 'bench' } },
  data: { key: 'a value of some length, as configuration has', other: 'x'.repeat(200) },
});

/** Requests over HTTPS against a cluster on disk: what a client feels. */
export async function benchApi(): Promise<void> {
  const folder = temporaryFolder();
  const cluster = await startCluster(folder.path, '--nodes', '0');
  try {
    const one = new ApiClient(cluster.kubeconfig, 1);
    const many = new ApiClient(cluster.kubeconfig, parallel);
    const creates: number[] = [];
    const gets: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const latencies: number[] = [];
      for (let i = 0; i < singles; i++) latencies.push(await time(() => one.call('POST', configMaps, configMap(`single-${round}-${i}`))));
      creates.push(
        percentile(
          latencies.sort((a, b) => a - b),
          0.5,
        ),
      );
      const reads: number[] = [];
      for (let i = 0; i < singles; i++) reads.push(await time(() => one.call('GET', `${configMaps}/single-${round}-${i}`)));
      gets.push(
        percentile(
          reads.sort((a, b) => a - b),
          0.5,
        ),
      );
      const taken = await time(() =>
        Promise.all(Array.from({ length: burst }, (_, i) => many.call('POST', configMaps, configMap(`burst-${round}-${i}`)))),
      );
      rates.push((burst / taken) * 1000);
    }
    report(bench, 'create p50, one connection', 'ms', creates, '<= 2');
    report(bench, 'get p50, one connection', 'ms', gets);
    report(bench, `creates, ${parallel} connections, durable`, '1/s', rates, '>= 1500');
    report(bench, 'watch event after create', 'ms', await watchLatencies(one, many), '<= 2');

    await many.call('DELETE', configMaps);
    await Promise.all(Array.from({ length: listed - 1 }, (_, i) => many.call('POST', configMaps, configMap(`listed-${i}`))));
    const lists: number[] = [];
    for (let round = 0; round < rounds * 2; round++) lists.push(await time(() => one.call('GET', configMaps)));
    report(bench, `list of ${listed} ConfigMaps`, 'ms', lists, '<= 40');
    one.close();
    many.close();
  } finally {
    await cluster.end();
    folder.remove();
  }
}

/** From sending a create to reading its event on a watch; medians of five rounds. */
async function watchLatencies(writer: ApiClient, watcher: ApiClient): Promise<number[]> {
  const medians: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const sent = new Map<string, number>();
    const latencies: number[] = [];
    const began = await watcher.call('GET', `${configMaps}?limit=1`);
    const { metadata } = JSON.parse(began) as { metadata: { resourceVersion: string } };
    const watching = watcher.watch(`${configMaps}?watch=1&resourceVersion=${metadata.resourceVersion}`, ({ object }) => {
      const { name } = object.metadata as { name: string };
      const at = sent.get(name);
      if (at !== undefined) latencies.push(performance.now() - at);
      return latencies.length === 100;
    });
    for (let i = 0; i < 100; i++) {
      const name = `watched-${round}-${i}`;
      sent.set(name, performance.now());
      await writer.call('POST', configMaps, configMap(name));
    }
    await watching;
    medians.push(
      percentile(
        latencies.sort((a, b) => a - b),
        0.5,
      ),
    );
  }
  return medians;
}
