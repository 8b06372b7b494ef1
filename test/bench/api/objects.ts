import { median, report, time } from '../report.ts';
import type { ApiClient } from './client.ts';
import { configMap, configMaps, deployment, deployments } from './manifests.ts';

/** V8 compiles what is hot within the first ten thousand requests: what a server that has been running answers is asked for. */
const warmUp = 4;
const rounds = 7;
const singles = 400;
const burst = 2000;

/** How long requests for one object take, and how many creates a second there can be. */
export async function measureObjects(one: ApiClient, many: ApiClient, connections: number): Promise<void> {
  const figures = { create: [] as number[], get: [] as number[], patch: [] as number[], apply: [] as number[], rate: [] as number[] };
  await one.call('POST', deployments, deployment('patched', 0));
  for (let round = 0; round < warmUp + rounds; round++) {
    if (round === warmUp) for (const figure of Object.values(figures)) figure.length = 0;
    figures.create.push(await each((i) => one.call('POST', configMaps, configMap(`single-${round}-${i}`))));
    figures.get.push(await each((i) => one.call('GET', `${configMaps}/single-${round}-${i}`)));
    figures.patch.push(
      await each((i) => {
        const env = [{ name: 'A', value: `${round}-${i}` }];
        const patch = { spec: { template: { spec: { containers: [{ name: 'web', env }] } } } };
        return one.call('PATCH', `${deployments}/patched`, patch, { 'content-type': 'application/strategic-merge-patch+json' });
      }),
    );
    figures.apply.push(
      await each((i) => {
        const applied = { ...deployment('applied', 0), metadata: { name: 'applied', annotations: { change: `${round}-${i}` } } };
        return one.call('PATCH', `${deployments}/applied?fieldManager=bench`, applied, { 'content-type': 'application/apply-patch+yaml' });
      }),
    );
    const taken = await time(() =>
      Promise.all(Array.from({ length: burst }, (_, i) => many.call('POST', configMaps, configMap(`burst-${round}-${i}`)))),
    );
    figures.rate.push((burst / taken) * 1000);
  }
  report('api', 'create p50, one connection', 'ms', figures.create, '<= 1.2');
  report('api', 'get p50, one connection', 'ms', figures.get, '<= 0.4');
  report('api', 'strategic merge patch of a Deployment p50', 'ms', figures.patch);
  report('api', 'server-side apply of a Deployment p50', 'ms', figures.apply);
  report('api', `creates, ${connections} connections, durable`, '1/s', figures.rate, '>= 3000');
}

/** The median time of many calls, one after the other. */
async function each(call: (index: number) => Promise<unknown>): Promise<number> {
  const latencies: number[] = [];
  for (let i = 0; i < singles; i++) latencies.push(await time(() => call(i)));
  return median(latencies);
}
