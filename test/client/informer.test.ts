import { expect, test } from 'vitest';
import type { ConfigMap } from '../../runtime/api/generated/types/core/v1.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import { createInformers } from '../../runtime/client/informers.ts';
import { configMaps } from '../../runtime/client/resources.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { createFakeApi } from './fake-api.ts';
import { settle } from './settle.ts';

function configMap(name: string, value: string, team = 'a'): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', labels: { team } }, data: { value } };
}
const path = (name: string) => `/api/v1/configmaps/${name}`;

function setUp() {
  const api = createFakeApi();
  const clock = createSteppedClock(Date.UTC(2026, 0, 1), settle);
  const informers = createInformers({ client: createClient(api.transport), clock, freeze: true });
  const informer = informers.for(configMaps);
  informer.addIndex('team', (object) => [object.metadata?.labels?.team ?? '']);
  const told: string[] = [];
  informer.on({
    added: (object) => told.push(`+${object.metadata?.name}=${object.data?.value}`),
    updated: (object, previous) => told.push(`~${object.metadata?.name} ${previous.data?.value}→${object.data?.value}`),
    deleted: (object) => told.push(`-${object.metadata?.name}`),
  });
  const stop = new AbortController();
  return { api, clock, informers, informer, told, stop };
}

test('an informer lists, then follows, and keeps its indexes', async () => {
  const { api, informers, informer, told, stop } = setUp();
  api.put(path('one'), configMap('one', '1'));
  informers.start(stop.signal);
  await informer.synced();
  expect(told).toEqual(['+one=1']);
  expect(informer.lister.get('default', 'one')?.kind).toBe('ConfigMap');
  await settle();
  api.put(path('two'), configMap('two', '2', 'b'));
  api.put(path('one'), configMap('one', '11', 'b'));
  await settle();
  expect(informer.lister.byIndex('team', 'a')).toEqual([]);
  expect(informer.lister.byIndex('team', 'b').map((object) => object.metadata?.name)).toEqual(['two', 'one']);
  api.remove(path('two'));
  await settle();
  expect(told).toEqual(['+one=1', '+two=2', '~one 1→11', '-two']);
  expect(informer.lister.list('default', (labels) => labels.team === 'b')).toHaveLength(1);
  expect(() => Object.assign(informer.lister.get('default', 'one')?.data ?? {}, { value: 'written' })).toThrow(TypeError);
  stop.abort();
  await settle();
  expect(api.watches).toBe(0);
});

test('a watch that breaks off is resumed where it stood, without listing again', async () => {
  const { api, clock, informers, told, stop } = setUp();
  informers.start(stop.signal);
  await settle();
  api.put(path('one'), configMap('one', '1'));
  await settle();
  api.breakWatches();
  api.put(path('one'), configMap('one', '2'));
  await clock.advance(1000);
  expect(told).toEqual(['+one=1', '~one 1→2']);
  expect(api.requests.filter((request) => !request.includes('watch'))).toHaveLength(1);
  stop.abort();
});

test('history that is gone is made up for by listing again: deletions, replacements and changes are told', async () => {
  const { api, clock, informers, told, stop } = setUp();
  for (const name of ['gone', 'anew', 'same', 'changed']) api.put(path(name), configMap(name, '1'));
  informers.start(stop.signal);
  await settle();
  told.length = 0;
  api.fail('GET', 'ServiceUnavailable', 503, 1);
  api.breakWatches();
  api.remove(path('gone'));
  api.remove(path('anew'));
  api.put(path('anew'), configMap('anew', '2'));
  api.put(path('changed'), configMap('changed', '2'));
  api.compact();
  await clock.advance(10_000);
  expect(told.toSorted()).toEqual(['+anew=2', '-anew', '-gone', '~changed 1→2']);
  api.put(path('same'), configMap('same', '3'));
  await settle();
  expect(told.at(-1)).toBe('~same 1→3');
  stop.abort();
});

test('a server that is down is asked again after longer and longer times', async () => {
  const { api, clock, informers, informer, stop } = setUp();
  api.fail('GET', 'InternalError', 500, 4);
  informers.start(stop.signal);
  let synced = false;
  void informer.synced().then(() => {
    synced = true;
  });
  await clock.advance(800 + 1600 + 3200 + 6300);
  expect([api.requests.length, synced]).toEqual([4, false]);
  await clock.advance(200);
  expect(synced).toBe(true);
  stop.abort();
});

test('a server that takes long to refuse is given time all the same', async () => {
  const clock = createSteppedClock(Date.UTC(2026, 0, 1), settle);
  let asked = 0;
  const transport = async () => {
    asked++;
    await clock.sleep(2_000);
    return new Response('overloaded', { status: 503 });
  };
  const informers = createInformers({ client: createClient(transport), clock });
  informers.for(configMaps);
  const stop = new AbortController();
  informers.start(stop.signal);
  await clock.advance(20_000);
  // Asked at 0, 2.8, 6.4, 11.6 and 20 s.
  expect(asked).toBe(5);
  stop.abort();
});
