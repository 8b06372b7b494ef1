import { afterEach, expect, test } from 'vitest';
import type { Deployment } from '../../runtime/api/generated/types/apps/v1.ts';
import { deployments, pods, replicaSets } from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.stop());

function deployment(spec: Partial<NonNullable<Deployment['spec']>> = {}, image = 'nginx:1'): Deployment {
  return {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
      ...spec,
    },
  };
}
const web = () => world.client.resource(deployments);
const change = (spec: object) => web().patch('web', 'default', { type: 'strategic', body: { spec } as never });
const image = (name: string) => change({ template: { spec: { containers: [{ name: 'web', image: name }] } } });
const conditions = (object: Deployment) =>
  Object.fromEntries(object.status?.conditions?.map(({ type, status, reason, message }) => [type, `${status} ${reason} ${message}`]) ?? []);

test('a new deployment makes one replica set and its pods, and says so', async () => {
  world = await createWorld();
  await web().create(deployment());
  await world.clock.advance(5000);
  const [set] = await world.list(replicaSets, 'default');
  const hash = set?.metadata?.labels?.['pod-template-hash'] ?? '';
  expect(set?.metadata).toMatchObject({
    name: `web-${hash}`,
    labels: { app: 'web' },
    annotations: {
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
    },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', controller: true, blockOwnerDeletion: true }],
  });
  expect(set?.spec?.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
  const all = await world.list(pods, 'default');
  expect(all.map((pod) => pod.metadata?.generateName)).toEqual([`web-${hash}-`, `web-${hash}-`, `web-${hash}-`]);
  const now = await web().get('web', 'default');
  expect(now.metadata?.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
  expect(now.status).toMatchObject({
    observedGeneration: 1,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    terminatingReplicas: 0,
  });
  expect(now.status?.unavailableReplicas).toBeUndefined();
  expect(conditions(now)).toEqual({
    Available: 'True MinimumReplicasAvailable Deployment has minimum availability.',
    Progressing: `True NewReplicaSetAvailable ReplicaSet "web-${hash}" has successfully progressed.`,
  });
  expect(await world.events('Deployment')).toEqual([`ScalingReplicaSet: Scaled up replica set web-${hash} from 0 to 3`]);
  expect((await world.events('ReplicaSet')).sort()).toEqual(
    all.map((pod) => `SuccessfulCreate: Created pod: ${pod.metadata?.name}`).sort(),
  );
});

test('a rolling update keeps within surge and unavailability, and can be rolled back to its old replica set', async () => {
  world = await createWorld();
  await web().create(deployment({ replicas: 10, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } } }));
  await world.clock.advance(5000);
  await image('nginx:2');
  let most = 0;
  let least = 10;
  for (let step = 0; step < 200; step++) {
    await world.clock.advance(100);
    const sets = await world.list(replicaSets, 'default');
    most = Math.max(
      most,
      sets.reduce((sum, set) => sum + (set.spec?.replicas ?? 0), 0),
    );
    const available = (await world.list(pods, 'default')).filter(
      (pod) =>
        pod.metadata?.deletionTimestamp === undefined &&
        pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    );
    least = Math.min(least, available.length);
  }
  expect([most, least]).toEqual([12, 9]);
  const sets = await world.list(replicaSets, 'default');
  expect(sets.map((set) => [set.spec?.template?.spec?.containers[0]?.image, set.spec?.replicas]).sort()).toEqual([
    ['nginx:1', 0],
    ['nginx:2', 10],
  ]);
  expect((await web().get('web', 'default')).status).toMatchObject({
    replicas: 10,
    updatedReplicas: 10,
    availableReplicas: 10,
    observedGeneration: 2,
  });
  await image('nginx:1');
  await world.clock.advance(20_000);
  const back = (await world.list(replicaSets, 'default')).find((set) => set.spec?.replicas === 10);
  expect(back?.metadata?.annotations).toMatchObject({
    'deployment.kubernetes.io/revision': '3',
    'deployment.kubernetes.io/revision-history': '1',
  });
  expect((await world.list(replicaSets, 'default')).length).toBe(2);
});

test('Recreate starts nothing new before the last old pod is gone', async () => {
  world = await createWorld();
  await web().create(deployment({ strategy: { type: 'Recreate' } }));
  await world.clock.advance(5000);
  await image('nginx:2');
  const seen = new Set<string>();
  for (let step = 0; step < 50; step++) {
    await world.clock.advance(100);
    seen.add([...new Set((await world.list(pods, 'default')).map((pod) => pod.spec?.containers[0]?.image))].sort().join());
  }
  expect([...seen].filter((images) => images !== '')).toEqual(['nginx:1', 'nginx:2']);
  expect(conditions(await web().get('web', 'default')).Available).toMatch(/^True/);
});

test('a rollout that does not move misses its deadline', async () => {
  world = await createWorld({ broken: (pod) => pod.spec?.containers[0]?.image === 'broken' });
  await web().create(deployment({ progressDeadlineSeconds: 60 }));
  await world.clock.advance(5000);
  await image('broken');
  await world.clock.advance(55_000);
  expect(conditions(await web().get('web', 'default')).Progressing).toMatch(
    /^True ReplicaSetUpdated ReplicaSet "web-.*" is progressing\.$/,
  );
  await world.clock.advance(10_000);
  const now = await web().get('web', 'default');
  expect(conditions(now).Progressing).toMatch(/^False ProgressDeadlineExceeded ReplicaSet "web-.*" has timed out progressing\.$/);
  expect(now.status).toMatchObject({ replicas: 4, updatedReplicas: 1, availableReplicas: 3, unavailableReplicas: 1 });
});

test('scaling in mid-rollout is shared out in proportion; paused deployments scale but do not roll', async () => {
  world = await createWorld({ broken: (pod) => pod.spec?.containers[0]?.image === 'broken' });
  await web().create(deployment({ replicas: 10, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } }));
  await world.clock.advance(5000);
  await image('broken');
  await world.clock.advance(5000);
  const sizes = async () =>
    (await world.list(replicaSets, 'default')).map((set) => [set.spec?.template?.spec?.containers[0]?.image, set.spec?.replicas]).sort();
  expect(await sizes()).toEqual([
    ['broken', 5],
    ['nginx:1', 8],
  ]);
  await change({ replicas: 15 });
  await world.clock.advance(5000);
  expect(await sizes()).toEqual([
    ['broken', 7],
    ['nginx:1', 11],
  ]);
  await change({ paused: true });
  await world.clock.advance(1000);
  expect(conditions(await web().get('web', 'default')).Progressing).toBe('Unknown DeploymentPaused Deployment is paused');
  await image('nginx:3');
  await world.clock.advance(5000);
  expect(await sizes()).toEqual([
    ['broken', 7],
    ['nginx:1', 11],
  ]);
  await change({ paused: false });
  await world.clock.advance(30_000);
  expect(await sizes()).toEqual([
    ['broken', 0],
    ['nginx:1', 0],
    ['nginx:3', 15],
  ]);
});

test('old replica sets beyond the limit go, oldest first', async () => {
  world = await createWorld();
  await web().create(deployment({ revisionHistoryLimit: 2 }));
  for (const version of [2, 3, 4, 5]) {
    await world.clock.advance(10_000);
    await image(`nginx:${version}`);
  }
  await world.clock.advance(20_000);
  expect((await world.list(replicaSets, 'default')).map((set) => set.spec?.template?.spec?.containers[0]?.image).sort()).toEqual([
    'nginx:3',
    'nginx:4',
    'nginx:5',
  ]);
});
