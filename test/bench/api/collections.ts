import { report, time } from '../report.ts';
import type { ApiClient } from './client.ts';
import { configMap, configMaps } from './manifests.ts';

const rounds = 5;
const listed = 5001;
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';

/** How long it takes to list and to delete five thousand objects. */
export async function measureCollections(one: ApiClient, many: ApiClient): Promise<void> {
  await one.call('DELETE', configMaps);
  const lists: number[] = [];
  const tables: number[] = [];
  const deletions: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { items } = JSON.parse((await one.call('GET', `${configMaps}?limit=1`)).toString()) as { items: unknown[] };
    const missing = listed - items.length;
    await Promise.all(Array.from({ length: missing }, (_, i) => many.call('POST', configMaps, configMap(`listed-${round}-${i}`))));
    for (let i = 0; i < 3; i++) {
      lists.push(await time(() => one.call('GET', configMaps)));
      tables.push(await time(() => one.call('GET', configMaps, undefined, { accept: table })));
    }
    deletions.push(await time(() => one.call('DELETE', configMaps)));
  }
  report('api', `list of ${listed} ConfigMaps`, 'ms', lists, '<= 20');
  report('api', `list of ${listed} ConfigMaps as a Table`, 'ms', tables);
  report(
    'api',
    `deletecollection of ${listed} ConfigMaps`,
    's',
    deletions.map((ms) => ms / 1000),
    '<= 1.5',
  );
}
