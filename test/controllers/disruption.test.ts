import { afterEach, expect, test } from 'vitest';
import type { PodDisruptionBudget } from '../../runtime/api/generated/types/policy/v1.ts';
import { deployments, podDisruptionBudgets, pods } from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.stop());

const labels = { app: 'web' };
const spec = { containers: [{ name: 'web', image: 'nginx' }] };

/** A deployment, if it has a size, and a budget about its pods. */
async function start(replicas: number, rule: PodDisruptionBudget['spec']): Promise<void> {
  world = await createWorld();
  const metadata = { name: 'web', namespace: 'default' };
  if (replicas > 0) {
    const template = { metadata: { labels }, spec };
    await world.client.resource(deployments).create({ metadata, spec: { replicas, selector: { matchLabels: labels }, template } });
  }
  await world.client.resource(podDisruptionBudgets).create({ metadata, spec: { selector: { matchLabels: labels }, ...rule } });
  await world.clock.advance(5000);
}

const budget = async () => (await world.client.resource(podDisruptionBudgets).get('web', 'default')).status ?? {};
const evict = async () => {
  const [pod] = (await world.list(pods, 'default')).filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const name = pod?.metadata?.name ?? '';
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } };
  return await world.client
    .resource(pods)
    .createSubresource(name, 'default', 'eviction', body)
    .then(
      () => 'evicted',
      (error: { readonly code: number }) => error.code,
    );
};

test.each([
  ['a number that must be there', 4, { minAvailable: 3 }, [4, 3, 4, 1]],
  ['a share that must be there', 4, { minAvailable: '60%' }, [4, 3, 4, 1]],
  ['a number that may be missing', 4, { maxUnavailable: 1 }, [4, 3, 4, 1]],
  ['a share that may be missing', 4, { maxUnavailable: '30%' }, [4, 2, 4, 2]],
  ['more than there are', 2, { minAvailable: 5 }, [2, 5, 2, 0]],
])('%s', async (_, replicas, rule, wanted) => {
  await start(replicas, rule);
  const { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed, conditions, observedGeneration } = await budget();
  expect([currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed]).toEqual(wanted);
  const isAllowed = (disruptionsAllowed ?? 0) > 0;
  expect(conditions).toMatchObject([
    { type: 'DisruptionAllowed', status: isAllowed ? 'True' : 'False', reason: isAllowed ? 'SufficientPods' : 'InsufficientPods' },
  ]);
  expect(observedGeneration).toBe(1);
});

test('evictions spend what is allowed, until the pods are replaced', async () => {
  await start(3, { minAvailable: 2 });
  expect([await evict(), await evict()]).toEqual(['evicted', 429]);
  expect((await budget()).disruptionsAllowed).toBe(0);
  await world.clock.advance(10_000);
  expect(await budget()).toMatchObject({ currentHealthy: 3, disruptionsAllowed: 1 });
  expect((await budget()).disruptedPods).toBeUndefined();
});

test('a budget without pods says so, and one of pods that nobody manages too', async () => {
  await start(0, { minAvailable: '50%' });
  expect(await budget()).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
  await world.client.resource(pods).create({ metadata: { name: 'alone', namespace: 'default', labels }, spec });
  await world.clock.advance(5000);
  const events = await world.events('PodDisruptionBudget');
  expect(events[0]).toBe('NoPods: No matching pods found');
  expect(events.at(-1)).toContain(
    'UnmanagedPods: Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},})',
  );
});

test('a pod that was told to go and stays is not marked for ever', async () => {
  await start(1, { minAvailable: 0 });
  const [pod] = await world.list(pods, 'default');
  const now = new Date(world.clock.now()).toISOString().replace(/\.\d+/, '');
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: now };
  const body = { status: { conditions: [condition] } };
  await world.client.resource(pods).patch(pod?.metadata?.name ?? '', 'default', { type: 'strategic', body }, 'status');
  await world.clock.advance(115_000);
  const state = async () => {
    const [found] = await world.list(pods, 'default');
    return found?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')?.status;
  };
  expect(await state()).toBe('True');
  await world.clock.advance(10_000);
  expect(await state()).toBe('False');
});
