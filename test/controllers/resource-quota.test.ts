import { afterEach, expect, test } from 'vitest';
import type { Pod, ResourceQuota } from '../../runtime/api/generated/types/core/v1.ts';
import { configMaps, deployments, pods, resourceQuotas, services } from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.stop());

const quotas = () => world.client.resource(resourceQuotas);
const make = (hard: Record<string, string>): Promise<ResourceQuota> =>
  quotas().create({ metadata: { name: 'q', namespace: 'default' }, spec: { hard } });
const status = async () => (await quotas().get('q', 'default')).status;
const pod = (name: string): Pod => ({
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'a', image: 'nginx', resources: { requests: { cpu: '200m' } } }] },
});

test('usage is counted from what is there, follows deletions and ends, and never lets more in than fits', async () => {
  world = await createWorld();
  const podResource = world.client.resource(pods);
  await podResource.create(pod('first'));
  await make({ pods: '2', 'count/pods': '3', 'requests.cpu': '1', 'count/configmaps': '5', 'count/deployments.apps': '1' });
  await world.clock.advance(1000);
  expect(await status()).toEqual({
    hard: { pods: '2', 'count/pods': '3', 'requests.cpu': '1', 'count/configmaps': '5', 'count/deployments.apps': '1' },
    used: { pods: '1', 'count/pods': '1', 'requests.cpu': '200m', 'count/configmaps': '1', 'count/deployments.apps': '0' },
  });
  await podResource.create(pod('second'));
  await expect(podResource.create(pod('third'))).rejects.toThrow(
    'pods "third" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
  );
  await podResource.delete('second', 'default', { gracePeriodSeconds: 0 });
  await world.clock.advance(1000);
  expect((await status())?.used).toMatchObject({ pods: '1', 'requests.cpu': '200m' });
  await podResource.update({ ...(await podResource.get('first', 'default')), status: { phase: 'Succeeded' } }, 'status');
  await world.clock.advance(1000);
  // A pod that has ended still is an object.
  expect((await status())?.used).toMatchObject({ pods: '0', 'count/pods': '1', 'requests.cpu': '0' });
});

test('a quota on a kind that nothing else follows finds it by discovery, and a changed limit takes effect', async () => {
  world = await createWorld();
  await make({ 'count/poddisruptionbudgets.policy': '0', services: '0', 'count/unheard.of': '1' });
  await world.clock.advance(1000);
  expect((await status())?.used).toEqual({ 'count/poddisruptionbudgets.policy': '0', services: '0' });
  const service = { metadata: { name: 's', namespace: 'default' }, spec: { ports: [{ port: 80 }] } };
  await expect(world.client.resource(services).create(service)).rejects.toThrow('exceeded quota: q');
  const body = { spec: { hard: { services: '1' } } };
  await quotas().patch('q', 'default', { type: 'merge', body });
  await world.clock.advance(1000);
  await world.client.resource(services).create(service);
  expect((await status())?.used).toMatchObject({ services: '1' });
});

test('a recount does not lose the charge of a pod that is still being written', async () => {
  world = await createWorld({ commitTime: (key) => (key.endsWith('/default/second') ? 300 : 0) });
  const podResource = world.client.resource(pods);
  await make({ pods: '2' });
  await world.clock.advance(10_000);
  await podResource.create(pod('first'));
  await world.clock.advance(2000);
  const second = podResource.create(pod('second'));
  await world.clock.advance(100);
  await podResource.delete('first', 'default', { gracePeriodSeconds: 0 });
  await world.clock.advance(500);
  await second;
  // Not less than before while a charge may be under way, and then what is there.
  expect((await status())?.used).toEqual({ pods: '2' });
  await world.clock.advance(2000);
  expect((await status())?.used).toEqual({ pods: '1' });
  await podResource.create(pod('third'));
  await expect(podResource.create(pod('fourth'))).rejects.toThrow('exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2');
});

test('a deployment makes the pods that fit, says why not more, and goes on when there is room', async () => {
  world = await createWorld();
  await make({ pods: '2' });
  await world.clock.advance(1000);
  await world.client.resource(deployments).create({
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  });
  await world.clock.advance(2000);
  expect(await world.list(pods, 'default')).toHaveLength(2);
  expect((await world.events('ReplicaSet')).join('\n')).toMatch(
    /FailedCreate: Error creating: pods "web-[a-z0-9]+-[a-z0-9]+" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2/,
  );
  await quotas().patch('q', 'default', { type: 'merge', body: { spec: { hard: { pods: '3' } } } });
  await world.clock.advance(60_000);
  expect(await world.list(pods, 'default')).toHaveLength(3);
});

test('a count that was lost comes right at the next full count', async () => {
  world = await createWorld();
  await make({ 'count/configmaps': '2' });
  await world.clock.advance(20_000);
  const maps = world.client.resource(configMaps);
  await maps.create({ metadata: { name: 'a', namespace: 'default' } });
  // The name is taken: the write fails after it was charged.
  await quotas().update(
    { ...(await quotas().get('q', 'default')), status: { hard: { 'count/configmaps': '2' }, used: { 'count/configmaps': '1' } } },
    'status',
  );
  await expect(maps.create({ metadata: { name: 'a', namespace: 'default' } })).rejects.toThrow('already exists');
  await world.clock.advance(5 * 60_000);
  expect((await status())?.used).toEqual({ 'count/configmaps': '2' });
});
