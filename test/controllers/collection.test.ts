import { afterEach, expect, test } from 'vitest';
import type { ConfigMap } from '../../runtime/api/generated/types/core/v1.ts';
import {
  clusterRoles,
  configMaps,
  deployments,
  events,
  namespaces,
  pods,
  replicaSets,
  serviceAccounts,
} from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.stop());

const labels = { app: 'web' };
const deployment = (namespace = 'default') => ({
  metadata: { name: 'web', namespace },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
});
const maps = () => world.client.resource(configMaps);
const make = async (name: string, ...owners: { object: ConfigMap; block?: boolean }[]) =>
  maps().create({
    metadata: {
      name,
      namespace: 'default',
      ownerReferences: owners.map(({ object, block = false }) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: object.metadata?.name ?? '',
        uid: object.metadata?.uid ?? '',
        blockOwnerDeletion: block,
      })),
    },
  });
const names = async () =>
  (await world.list(configMaps, 'default')).map(({ metadata }) => metadata?.name).filter((name) => name !== 'kube-root-ca.crt');

test('in the background everything goes after its owner, down to the pods', async () => {
  world = await createWorld();
  await world.client.resource(deployments).create(deployment());
  await world.clock.advance(3000);
  await world.client.resource(deployments).delete('web', 'default', { propagationPolicy: 'Background' });
  expect(await world.list(deployments, 'default')).toEqual([]);
  await world.clock.advance(3000);
  expect([await world.list(replicaSets, 'default'), await world.list(pods, 'default')]).toEqual([[], []]);
});

test('in the foreground an owner waits until its dependents are gone', async () => {
  world = await createWorld();
  await world.client.resource(deployments).create(deployment());
  await world.clock.advance(3000);
  await world.client.resource(deployments).delete('web', 'default', { propagationPolicy: 'Foreground' });
  await world.clock.advance(200);
  const [waiting] = await world.list(deployments, 'default');
  expect(waiting?.metadata).toMatchObject({ finalizers: ['foregroundDeletion'], deletionTimestamp: expect.any(String) });
  expect(await world.list(pods, 'default')).toHaveLength(3);
  await world.clock.advance(5000);
  expect([await world.list(deployments, 'default'), await world.list(replicaSets, 'default'), await world.list(pods, 'default')]).toEqual([
    [],
    [],
    [],
  ]);
});

test('orphans stay, without their owner', async () => {
  world = await createWorld();
  await world.client.resource(deployments).create(deployment());
  await world.clock.advance(3000);
  await world.client.resource(deployments).delete('web', 'default', { propagationPolicy: 'Orphan' });
  await world.clock.advance(3000);
  expect(await world.list(deployments, 'default')).toEqual([]);
  expect((await world.list(replicaSets, 'default'))[0]?.metadata?.ownerReferences ?? []).toEqual([]);
  expect(await world.list(pods, 'default')).toHaveLength(3);
});

test('an object goes with its last owner, also with one that never was', async () => {
  world = await createWorld();
  const [a, b] = [await make('a'), await make('b')];
  await make('shared', { object: a }, { object: b });
  await make('stray', { object: { metadata: { name: 'nobody', uid: 'no-such-uid' } } });
  await make('impostor', { object: { metadata: { name: 'a', uid: 'another-uid' } } });
  await world.clock.advance(2000);
  expect(await names()).toEqual(['a', 'b', 'shared']);
  await maps().delete('a', 'default');
  await world.clock.advance(2000);
  expect((await maps().get('shared', 'default')).metadata?.ownerReferences).toMatchObject([{ name: 'b' }]);
  await maps().delete('b', 'default');
  await world.clock.advance(2000);
  expect(await names()).toEqual([]);
});

test('a namespace is emptied and then gone', async () => {
  world = await createWorld();
  await world.client.resource(namespaces).create({ metadata: { name: 'team' } });
  await world.clock.advance(1000);
  expect((await world.list(serviceAccounts, 'team')).map(({ metadata }) => metadata?.name)).toEqual(['default']);
  expect((await world.list(configMaps, 'team'))[0]).toMatchObject({ metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': 'CA' } });
  await world.client.resource(deployments).create(deployment('team'));
  await world.clock.advance(3000);
  await world.client.resource(namespaces).delete('team');
  await world.clock.advance(100);
  const [team] = (await world.list(namespaces)).filter(({ metadata }) => metadata?.name === 'team');
  expect(team?.status?.phase).toBe('Terminating');
  expect(
    Object.fromEntries(
      team?.status?.conditions?.map(({ type, status, reason, message }) => [type, `${status} ${reason}: ${message}`]) ?? [],
    ),
  ).toMatchObject({
    // As long as pods are left, nothing else is looked at, and upstream tells of nothing that remains.
    NamespaceContentRemaining: 'False ContentRemoved: All content successfully removed',
    NamespaceDeletionContentFailure: 'False ContentDeleted: All content successfully deleted, may be waiting on finalization',
    NamespaceFinalizersRemaining: 'False ContentHasNoFinalizers: All content-preserving finalizers finished',
  });
  await world.clock.advance(5000);
  expect((await world.list(namespaces)).map(({ metadata }) => metadata?.name)).not.toContain('team');
  expect([
    ...(await world.list(pods, 'team')),
    ...(await world.list(serviceAccounts, 'team')),
    ...(await world.list(configMaps, 'team')),
  ]).toEqual([]);
});

test('what every namespace must have comes back when it is deleted or changed', async () => {
  world = await createWorld();
  await world.client.resource(serviceAccounts).delete('default', 'default');
  await maps().patch('kube-root-ca.crt', 'default', { type: 'merge', body: { data: { 'ca.crt': 'forged' } } });
  await world.clock.advance(1000);
  expect(await world.list(serviceAccounts, 'default')).toHaveLength(1);
  expect((await maps().get('kube-root-ca.crt', 'default')).data).toEqual({ 'ca.crt': 'CA' });
});

const owner = ({ metadata }: ConfigMap, changes: object = {}) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', name: metadata?.name ?? '', uid: metadata?.uid ?? '' },
  ...changes,
});
const told = async () =>
  (await world.list(events))
    .filter(({ reason }) => reason === 'OwnerRefInvalidNamespace')
    .map(({ message, type, source }) => [message, type, source?.component]);

test('an owner in another namespace is none, which is told; what has no namespace is left with an owner that has one', async () => {
  world = await createWorld();
  const parent = await make('parent');
  await world.clock.advance(1000);
  await maps().create({ metadata: { name: 'cross', namespace: 'kube-system', ownerReferences: [owner(parent)] } });
  await make('child', { object: parent });
  await maps().create({ metadata: { name: 'misnamed', namespace: 'default', ownerReferences: [owner(parent, { name: 'other' })] } });
  await maps().create({ metadata: { name: 'odd', namespace: 'default', ownerReferences: [owner(parent, { kind: 'Secret' })] } });
  await world.client.resource(clusterRoles).create({ metadata: { name: 'owned', ownerReferences: [owner(parent)] }, rules: [] });
  await world.clock.advance(5000);
  expect(await names()).toEqual(['child', 'parent']);
  expect((await world.list(configMaps, 'kube-system')).map(({ metadata }) => metadata?.name)).not.toContain('cross');
  const message = (namespace: string) =>
    `ownerRef [v1/ConfigMap, namespace: ${namespace}, name: parent, uid: ${parent.metadata?.uid}] does not exist in namespace "${namespace}"`;
  expect(await told()).toEqual(['', 'kube-system'].map((namespace) => [message(namespace), 'Warning', 'garbage-collector-controller']));

  await maps().delete('parent', 'default');
  await world.clock.advance(5000);
  expect(await names()).toEqual([]);
  expect((await world.list(clusterRoles)).map(({ metadata }) => metadata?.name)).toContain('owned');
});
