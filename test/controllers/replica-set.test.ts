import { afterEach, expect, test, vi } from 'vitest';
import type { ReplicaSet } from '../../runtime/api/generated/types/apps/v1.ts';
import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import { pods, replicaSets, replicationControllers } from '../../runtime/client/resources.ts';
import { podsToDelete } from '../../runtime/controllers/replicaset/pod-ranking.ts';
import { createWorld, type World } from './world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
const replicaSet = (replicas: number, more: object = {}): ReplicaSet => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas, selector: { matchLabels: labels }, template, ...more },
});
const creations = (writes: readonly string[]) => writes.filter((write) => write === 'POST /api/v1/namespaces/default/pods').length;

test('never more pods are made than asked for, though the cache is behind, and lost ones are replaced', async () => {
  world = await createWorld();
  await world.client.resource(replicaSets).create(replicaSet(50));
  for (let step = 0; step < 20; step++) await world.clock.advance(5);
  await world.clock.advance(5000);
  expect(creations(world.writes)).toBe(50);
  const [lost] = await world.list(pods, 'default');
  await world.client.resource(pods).delete(lost?.metadata?.name ?? '', 'default');
  await world.clock.advance(5000);
  expect(creations(world.writes)).toBe(51);
  const set = await world.client.resource(replicaSets).get('web', 'default');
  expect(set.status).toEqual({
    replicas: 50,
    fullyLabeledReplicas: 50,
    readyReplicas: 50,
    availableReplicas: 50,
    terminatingReplicas: 0,
    observedGeneration: 1,
  });
  // One write for many pods that start together.
  expect(world.writes.filter((write) => write.endsWith('replicasets/web/status')).length).toBeLessThan(12);
});

test('orphans that match are taken in, pods that no longer match are let go', async () => {
  world = await createWorld();
  await world.client.resource(pods).create({ metadata: { name: 'orphan', namespace: 'default', labels }, spec: template.spec });
  await world.client.resource(replicaSets).create(replicaSet(2));
  await world.clock.advance(3000);
  const orphan = await world.client.resource(pods).get('orphan', 'default');
  expect(orphan.metadata?.ownerReferences).toMatchObject([{ kind: 'ReplicaSet', name: 'web', controller: true }]);
  expect(creations(world.writes)).toBe(1);
  await world.client.resource(pods).patch('orphan', 'default', { type: 'merge', body: { metadata: { labels: { app: 'other' } } } });
  await world.clock.advance(3000);
  expect((await world.client.resource(pods).get('orphan', 'default')).metadata?.ownerReferences ?? []).toEqual([]);
  expect(creations(world.writes)).toBe(2);
});

test('minReadySeconds holds back availability, and nothing more has to happen for it to come', async () => {
  world = await createWorld();
  await world.client.resource(replicaSets).create(replicaSet(2, { minReadySeconds: 30 }));
  await world.clock.advance(10_000);
  const status = async () => (await world?.client.resource(replicaSets).get('web', 'default'))?.status;
  expect(await status()).toMatchObject({ readyReplicas: 2 });
  expect((await status())?.availableReplicas).toBeUndefined();
  await world.clock.advance(25_000);
  expect(await status()).toMatchObject({ availableReplicas: 2 });
});

test('scaling down to none deletes all and says so; a ReplicationController does the same', async () => {
  world = await createWorld();
  const resource = world.client.resource(replicationControllers);
  await resource.create({ metadata: { name: 'rc', namespace: 'default' }, spec: { replicas: 3, selector: labels, template } });
  await world.clock.advance(3000);
  expect((await resource.get('rc', 'default')).status).toMatchObject({ replicas: 3, readyReplicas: 3, observedGeneration: 1 });
  await resource.patch('rc', 'default', { type: 'merge', body: { spec: { replicas: 0 } } });
  await world.clock.advance(3000);
  expect(await world.list(pods, 'default')).toEqual([]);
  expect(
    (await world.events('ReplicationController')).filter((event) => event.startsWith('SuccessfulDelete: Deleted pod: rc-')),
  ).toHaveLength(3);
});

test('a refused creation is tried once, not a hundred times, and shows as a condition, but not in the log', async () => {
  const warn = vi.spyOn(console, 'warn');
  let refused = true;
  world = await createWorld({ refuse: (write) => refused && write === 'POST /api/v1/namespaces/default/pods' });
  await world.client.resource(replicaSets).create(replicaSet(100));
  await world.clock.advance(1000);
  expect(creations(world.writes)).toBeLessThan(10);
  const status = async () => (await world?.client.resource(replicaSets).get('web', 'default'))?.status;
  expect((await status())?.conditions).toMatchObject([
    { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'refused by the test' },
  ]);
  expect((await world.events('ReplicaSet'))[0]).toBe('FailedCreate: Error creating: refused by the test');
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
  refused = false;
  await world.clock.advance(10_000);
  expect(await status()).toMatchObject({ replicas: 100, availableReplicas: 100 });
  expect((await status())?.conditions).toBeUndefined();
});

test('pods are ranked for deletion as upstream ranks them', () => {
  const now = Date.UTC(2026, 0, 2);
  const time = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();
  const pod = (
    name: string,
    about: { node?: string; phase?: string; ready?: number; cost?: string; restarts?: number; age?: number },
  ): Pod => ({
    metadata: {
      name,
      uid: name,
      creationTimestamp: time(about.age ?? 1000),
      ...(about.cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': about.cost } }),
    },
    spec: { containers: [], ...(about.node === '' ? {} : { nodeName: about.node ?? 'n0' }) },
    status: {
      phase: about.phase ?? 'Running',
      conditions: about.ready === -1 ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: time(about.ready ?? 900) }],
      containerStatuses: [{ name: 'c', image: '', imageID: '', ready: true, restartCount: about.restarts ?? 0 }],
    },
  });
  const order = [
    pod('unassigned', { node: '', phase: 'Pending', ready: -1 }),
    pod('pending', { phase: 'Pending', ready: -1 }),
    pod('not-ready', { ready: -1 }),
    pod('cheap', { cost: '-5' }),
    pod('doubled', { node: 'crowded' }),
    pod('fresh', { ready: 10 }),
    pod('restarted', { restarts: 3 }),
    pod('young', { age: 901 }),
    pod('plain', { age: 100_000 }),
    pod('dear', { cost: '100' }),
  ];
  const crowd = Array.from({ length: 20 }, (_, index) => pod(`other-${index}`, { node: 'crowded' }));
  const shuffled = [...order].reverse();
  const ranked = podsToDelete(shuffled, [...shuffled, ...crowd], order.length - 1, now).map(({ metadata }) => metadata?.name);
  expect(ranked).toEqual(order.slice(0, -1).map(({ metadata }) => metadata?.name));
});
