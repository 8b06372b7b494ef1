import { expect, test } from 'vitest';
import type { Event } from '../../runtime/api/generated/types/core/v1.ts';
import { createRecorder } from '../../runtime/client/event-recorder.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { createFakeApi } from './fake-api.ts';
import { settle } from './settle.ts';

const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'u1' } };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p1', namespace: 'web', uid: 'u2', resourceVersion: '7' } };

async function setUp(options: { readonly signal?: AbortSignal; readonly isDown?: () => boolean } = {}) {
  const api = createFakeApi();
  const clock = createSteppedClock(Date.UTC(2026, 0, 1), settle);
  const events: Event[] = [];
  const client = createClient(async (request) => {
    if (options.isDown?.() === true) throw new Error('connection refused');
    const response = await api.transport(request);
    if (!response.ok) return response;
    const event = (await response.json()) as Event;
    events.push(event);
    return Response.json(event, { status: response.status });
  });
  const recorder = createRecorder({ client, clock, random: createSeededRandom(1), component: 'kubelet', host: 'n1', ...options });
  return { api, clock, events, recorder };
}

test('an event carries what client-go writes, and a repeat counts it up by a patch', async () => {
  const { api, clock, events, recorder } = await setUp();
  recorder.event(pod, 'Warning', 'BackOff', 'Back-off restarting failed container', 'spec.containers{web}');
  await clock.advance(30_000);
  recorder.event(pod, 'Warning', 'BackOff', 'Back-off restarting failed container', 'spec.containers{web}');
  await settle();
  expect(api.requests.map((request) => request.replace(/\.[0-9a-f]{16}$/, '.<time>'))).toEqual([
    'POST /api/v1/namespaces/web/events',
    'PATCH /api/v1/namespaces/web/events/p1.<time>',
  ]);
  expect(events[1]).toMatchObject({
    metadata: { namespace: 'web' },
    involvedObject: {
      kind: 'Pod',
      namespace: 'web',
      name: 'p1',
      uid: 'u2',
      apiVersion: 'v1',
      resourceVersion: '7',
      fieldPath: 'spec.containers{web}',
    },
    count: 2,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:30Z',
    source: { component: 'kubelet', host: 'n1' },
    reportingComponent: 'kubelet',
    reportingInstance: 'n1',
    type: 'Warning',
  });
});

test('a repeat of an event that has expired is written anew', async () => {
  const { api, events, recorder } = await setUp();
  recorder.event(node, 'Normal', 'Starting', 'Starting kubelet.');
  await settle();
  expect(events[0]?.metadata?.namespace).toBe('default');
  api.remove(`/api/v1/namespaces/default/events/${events[0]?.metadata?.name}`);
  recorder.event(node, 'Normal', 'Starting', 'Starting kubelet.');
  await settle();
  expect(events.map((event) => event.count)).toEqual([1, 2]);
  // What has expired comes back under its own name.
  expect(events[1]?.metadata?.name).toBe(events[0]?.metadata?.name);
});

test('similar events are combined and a flood is cut off', async () => {
  const { clock, events, recorder } = await setUp();
  for (let i = 0; i < 100; i++) recorder.event(pod, 'Normal', 'SuccessfulCreate', `Created pod: web-${i}`);
  await settle();
  await settle();
  expect(events).toHaveLength(25);
  expect(events[8]?.message).toBe('Created pod: web-8');
  const combined = events.at(-1);
  expect(combined).toMatchObject({ message: '(combined from similar events): Created pod: web-24', count: 16 });
  expect(combined?.metadata?.name).toBe(events[9]?.metadata?.name);
  // Who stands behind the combined event is told by its source alone.
  expect(events[8]).toMatchObject({ reportingComponent: 'kubelet', reportingInstance: 'n1' });
  expect(combined?.source).toEqual({ component: 'kubelet', host: 'n1' });
  expect(combined).not.toHaveProperty('reportingComponent');
  // Warnings have a budget of their own.
  recorder.event(pod, 'Warning', 'BackOff', 'Back-off');
  await settle();
  expect(events.at(-1)).toMatchObject({ type: 'Warning', count: 1 });
  await clock.advance(600_000);
  for (let i = 0; i < 10; i++) recorder.event(pod, 'Normal', 'Other', `message ${i}`);
  await settle();
  expect(events).toHaveLength(28);
});

test('what was held back has been counted', async () => {
  const { clock, events, recorder } = await setUp();
  for (let i = 0; i < 100; i++) recorder.event(pod, 'Normal', 'Pulled', 'Container image already present');
  await settle();
  expect(events.map((event) => event.count)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  await clock.advance(300_000);
  recorder.event(pod, 'Normal', 'Pulled', 'Container image already present');
  await settle();
  expect(events.at(-1)?.count).toBe(101);
});

test('an object whose name no event may have gets events with a name of chance', async () => {
  const { events, recorder } = await setUp();
  recorder.event(
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'system:node' } },
    'Normal',
    'Seen',
    'x',
  );
  await settle();
  expect(events[0]?.metadata?.name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
});

test('while the server is away a limited number of events waits, and nothing is tried any more after the end', async () => {
  let isDown = true;
  const ending = new AbortController();
  const { clock, events, recorder } = await setUp({ signal: ending.signal, isDown: () => isDown });
  const record = (number: number) =>
    recorder.event(
      { ...pod, metadata: { ...pod.metadata, name: `p${number}`, uid: `u${number}` } },
      'Normal',
      'Started',
      'Started container',
    );
  for (let number = 0; number < 1_100; number++) record(number);
  await settle();
  isDown = false;
  await clock.advance(10_000);
  for (let turn = 0; events.length < 1_000 && turn < 1_000; turn++) await settle();
  expect(events).toHaveLength(1_000);
  expect(events.at(-1)?.involvedObject.name).toBe('p999');
  isDown = true;
  record(1_200);
  await settle();
  expect(clock.next()).toBeDefined();
  ending.abort();
  await settle();
  isDown = false;
  record(1_201);
  await settle();
  expect(clock.next()).toBeUndefined();
  expect(events).toHaveLength(1_000);
});
