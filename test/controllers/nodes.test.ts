import { afterEach, expect, test } from 'vitest';
import { nodes, pods, replicaSets } from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.stop());

const labels = { app: 'web' };
const tolerations = ['not-ready', 'unreachable'].map((key) => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));
const set = {
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { tolerations, containers: [{ name: 'web', image: 'nginx' }] } },
  },
};
const node = (name: string) => world.client.resource(nodes).get(name);
const taints = async (name: string) => (await node(name)).spec?.taints?.map(({ key, effect }) => `${key}:${effect}`).sort() ?? [];

test('a node that falls silent is noticed, its pods are told of and, in time, made anew elsewhere', async () => {
  world = await createWorld();
  await world.client.resource(replicaSets).create(set);
  await world.clock.advance(5000);
  const [victim] = (await world.list(pods, 'default')).filter((pod) => pod.spec?.nodeName === 'node-2');
  const name = victim?.metadata?.name ?? '';
  world.silence('node-2');
  await world.clock.advance(45_000);
  expect(await taints('node-2')).toEqual([]);
  await world.clock.advance(25_000);
  expect((await node('node-2')).status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  });
  expect(await taints('node-2')).toEqual(['node.kubernetes.io/unreachable:NoExecute', 'node.kubernetes.io/unreachable:NoSchedule']);
  const told = await world.client.resource(pods).get(name, 'default');
  expect(told.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('False');
  expect(await world.events('Node')).toContain('NodeNotReady: Node node-2 status is now: NodeNotReady');
  expect(await world.events('Pod')).toEqual(['NodeNotReady: Node is not ready']);

  await world.clock.advance(280_000);
  expect((await world.client.resource(pods).get(name, 'default')).metadata?.deletionTimestamp).toBeUndefined();
  await world.clock.advance(40_000);
  const evicted = await world.client.resource(pods).get(name, 'default');
  expect(evicted.metadata?.deletionTimestamp).toBeDefined();
  expect(evicted.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({ reason: 'DeletionByTaintManager' });
  const running = (await world.list(pods, 'default')).filter((pod) => pod.metadata?.deletionTimestamp === undefined);
  expect(running.map((pod) => pod.spec?.nodeName === 'node-2')).toEqual([false, false, false]);
});

test('a node that comes back in time keeps its pods', async () => {
  world = await createWorld();
  await world.client.resource(replicaSets).create(set);
  await world.clock.advance(5000);
  const before = (await world.list(pods, 'default')).map(({ metadata }) => metadata?.name).sort();
  world.silence('node-2');
  await world.clock.advance(120_000);
  expect(await taints('node-2')).toHaveLength(2);
  world.revive('node-2');
  await world.clock.advance(400_000);
  expect(await taints('node-2')).toEqual([]);
  expect((await world.list(pods, 'default')).map(({ metadata }) => metadata?.name).sort()).toEqual(before);
  expect((await world.events('Pod')).at(-1)).toMatch(/^TaintManagerEviction: Cancelling deletion of Pod default\/web-/);
});

test('a machine that slept does not take its nodes for lost', async () => {
  world = await createWorld();
  await world.clock.advance(26_000);
  world.silence('node-1');
  world.clock.jump(120_000);
  // The controller looks before the node has had time to say that it lives.
  await world.clock.advance(6_000);
  world.revive('node-1');
  await world.clock.advance(20_000);
  expect((await world.events('Node')).filter((event) => event.startsWith('NodeNotReady'))).toEqual([]);
  world.silence('node-2');
  await world.clock.advance(70_000);
  expect(await taints('node-2')).toHaveLength(2);
});

test('when all nodes are silent nothing is driven off: it is the control plane that is cut off', async () => {
  world = await createWorld();
  await world.client.resource(replicaSets).create(set);
  await world.clock.advance(5000);
  world.silence('node-1', 'node-2', 'node-3');
  await world.clock.advance(600_000);
  for (const name of ['node-1', 'node-2', 'node-3']) expect(await taints(name)).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
  expect((await world.list(pods, 'default')).every((pod) => pod.metadata?.deletionTimestamp === undefined)).toBe(true);
});

test('a cordoned node is tainted, and pods of a deleted node are given up', async () => {
  world = await createWorld();
  await world.client.resource(nodes).patch('node-1', undefined, { type: 'merge', body: { spec: { unschedulable: true } } });
  await world.clock.advance(1000);
  expect(await taints('node-1')).toEqual(['node.kubernetes.io/unschedulable:NoSchedule']);
  await world.client.resource(replicaSets).create(set);
  await world.clock.advance(5000);
  world.silence('node-3');
  const [victim] = (await world.list(pods, 'default')).filter((pod) => pod.spec?.nodeName === 'node-3');
  await world.client.resource(nodes).delete('node-3');
  await world.clock.advance(100_000);
  const left = await world.list(pods, 'default');
  expect(left).toHaveLength(3);
  expect(left.map(({ metadata }) => metadata?.name)).not.toContain(victim?.metadata?.name);
  expect(await world.events('Node')).toContain('RemovingNode: Node node-3 event: Removing Node node-3 from Controller');
});
