import { expect, test } from 'vitest';
import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import { createApiServer } from '../../runtime/apiserver/api-server.ts';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import type { Transport } from '../../runtime/client/client.ts';
import { createSeriesRecorder, type Happening } from '../../runtime/client/event-series-recorder.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import * as resources from '../../runtime/client/resources.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { settle } from './settle.ts';

const minute = 60_000;
const pod = (name: string, resourceVersion = '7'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: `u-${name}`, resourceVersion },
});
const failed = (regarding: Pod, note = 'no room'): Happening => ({
  regarding,
  type: 'Warning',
  reason: 'FailedScheduling',
  action: 'Scheduling',
  note,
});

/** A recorder and the real API server, which judges what is written. */
async function setUp(interfere: (transport: Transport) => Transport = (transport) => transport) {
  const clock = createSteppedClock(Date.UTC(2026, 0, 1), settle);
  const random = createSeededRandom(1);
  const server = createApiServer({ store: await openMemoryStore(), clock, random });
  const transport = inProcessTransport(server, { name: 'admin', groups: ['system:masters'] });
  const client = createClient(transport);
  await client.resource(resources.namespaces).create({ metadata: { name: 'default' } });
  const writes: string[] = [];
  const watched: Transport = (request) => {
    writes.push(request.method);
    return interfere(transport)(request);
  };
  const ending = new AbortController();
  const { signal } = ending;
  const parts = { client: createClient(watched), clock, random, component: 'default-scheduler', hostname: 'host-1', signal };
  const recorder = createSeriesRecorder(parts);
  const list = async () => (await client.resource(resources.newerEvents).list()).items;
  return { client, clock, ending, recorder, writes, list };
}

test('an event says who did what to what, and leaves the fields of old unset', async () => {
  const { recorder, list, client } = await setUp();
  recorder.event({
    ...{ regarding: pod('low'), related: pod('high', '9'), type: 'Normal', reason: 'Preempted' },
    ...{ action: 'Preempting', note: 'Preempted by pod u-high on node n1' },
  });
  await settle();
  const [event] = await list();
  expect(event).toEqual({
    ...{ apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: event?.metadata },
    eventTime: '2026-01-01T00:00:00.000000Z',
    ...{ reportingController: 'default-scheduler', reportingInstance: 'default-scheduler-host-1' },
    ...{ type: 'Normal', reason: 'Preempted', action: 'Preempting', note: 'Preempted by pod u-high on node n1' },
    regarding: { apiVersion: 'v1', kind: 'Pod', name: 'low', namespace: 'default', uid: 'u-low', resourceVersion: '7' },
    related: { apiVersion: 'v1', kind: 'Pod', name: 'high', namespace: 'default', uid: 'u-high', resourceVersion: '9' },
    ...{ deprecatedSource: {}, deprecatedFirstTimestamp: null, deprecatedLastTimestamp: null },
  });
  expect(event?.metadata).toMatchObject({ namespace: 'default', name: expect.stringMatching(/^low\.[0-9a-f]{16}$/) });
  const [core] = (await client.resource(resources.events).list()).items;
  expect(core).toMatchObject({
    ...{ involvedObject: { name: 'low' }, message: 'Preempted by pod u-high on node n1', related: { name: 'high' } },
    ...{ reportingComponent: 'default-scheduler', source: {}, firstTimestamp: null, lastTimestamp: null },
  });
});

test('the second of equal events makes a series, and the others are only counted until it is over', async () => {
  const { clock, recorder, list, writes } = await setUp();
  recorder.event(failed(pod('a')));
  await clock.advance(minute);
  recorder.event(failed(pod('a'), 'still no room'));
  await settle();
  const series = { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' };
  expect(await list()).toMatchObject([{ note: 'no room', eventTime: '2026-01-01T00:00:00.000000Z', series }]);
  for (let i = 0; i < 50; i++) recorder.event(failed(pod('a')));
  await settle();
  expect(await list()).toMatchObject([{ series }]);
  expect(writes).toEqual(['POST', 'PATCH']);
  await clock.advance(11 * minute);
  expect(await list()).toMatchObject([{ series: { count: 52, lastObservedTime: '2026-01-01T00:01:00.000000Z' } }]);
  recorder.event(failed(pod('a')));
  await settle();
  expect(await list()).toHaveLength(2);
  expect(writes).toEqual(['POST', 'PATCH', 'PATCH', 'POST']);
});

test('an event is of one version of what it regards, and one alone is forgotten after six minutes', async () => {
  const { clock, recorder, list } = await setUp();
  recorder.event(failed(pod('a', '7')));
  recorder.event(failed(pod('a', '8')));
  await settle();
  expect(await list()).toHaveLength(2);
  await clock.advance(12 * minute + 1);
  recorder.event(failed(pod('a', '8')));
  await settle();
  const events = await list();
  expect(events).toHaveLength(3);
  expect(events.every((event) => event.series === undefined)).toBe(true);
});

test('a series that goes on is written each half hour, and begins anew under its name when it has expired', async () => {
  const { client, clock, recorder, list, writes } = await setUp();
  for (let i = 0; i < 29; i++) {
    recorder.event(failed(pod('a')));
    await clock.advance(minute);
  }
  expect(writes).toEqual(['POST', 'PATCH']);
  const [event] = await list();
  await client.resource(resources.newerEvents).delete(event?.metadata?.name ?? '', 'default');
  await clock.advance(minute);
  expect(writes).toEqual(['POST', 'PATCH', 'PATCH', 'POST']);
  expect(await list()).toMatchObject([{ metadata: { name: event?.metadata?.name }, series: { count: 29 } }]);
});

test('what cannot be written is tried again while the server is away, and given up when it refuses', async () => {
  let answer: 'none' | 'refusal' | 'true' = 'none';
  const { clock, ending, recorder, list, writes } = await setUp((transport) => (request) => {
    if (answer === 'none') return Promise.reject(new Error('connection refused'));
    if (answer === 'true') return transport(request);
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403, message: 'no' };
    return Promise.resolve(Response.json(status, { status: 403 }));
  });
  for (let i = 0; i < 1_100; i++) recorder.event(failed(pod(`p${i}`)));
  await settle();
  // Eight are on their way, and a thousand wait behind them.
  expect(writes).toHaveLength(8);
  answer = 'true';
  await clock.advance(12_500);
  for (let turn = 0; (await list()).length < 1_008 && turn < 1_000; turn++) await settle();
  expect(await list()).toHaveLength(1_008);
  answer = 'refusal';
  writes.length = 0;
  recorder.event(failed(pod('refused')));
  await clock.advance(minute);
  expect(writes).toEqual(['POST']);
  answer = 'none';
  recorder.event(failed(pod('late')));
  ending.abort();
  await settle();
  answer = 'true';
  await clock.advance(minute);
  expect(writes).toEqual(['POST', 'POST']);
});
