import { afterEach, expect, test } from 'vitest';
import { createClient } from '../../runtime/client/http-client.ts';
import { configMaps, namespaces, pods, secrets } from '../../runtime/client/resources.ts';
import { deletionConditions } from '../../runtime/controllers/namespace/conditions.ts';
import { deleteContent } from '../../runtime/controllers/namespace/namespace-content.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world?.stop());

const team = async () => (await world.list(namespaces)).find(({ metadata }) => metadata?.name === 'team');
const conditions = async () =>
  Object.fromEntries(
    (await team())?.status?.conditions?.map(({ type, status, reason, message }) => [type, [status, reason, message]]) ?? [],
  );

async function teamWith(options: Parameters<typeof createWorld>[0], finalizers?: string[]): Promise<void> {
  world = await createWorld(options);
  await world.client.resource(namespaces).create({ metadata: { name: 'team' } });
  await world.client.resource(configMaps).create({ metadata: { name: 'a', namespace: 'team', ...(finalizers && { finalizers }) } });
}

test('what finalizers hold is told of, and the namespace waits until they are gone', async () => {
  await teamWith({}, ['example.com/mine']);
  await world.client.resource(namespaces).delete('team');
  await world.clock.advance(100);
  expect(await conditions()).toMatchObject({
    NamespaceContentRemaining: ['True', 'SomeResourcesRemain', 'Some resources are remaining: configmaps. has 1 resource instances'],
    NamespaceFinalizersRemaining: [
      'True',
      'SomeFinalizersRemain',
      'Some content in the namespace has finalizers remaining: example.com/mine in 1 resource instances',
    ],
    NamespaceDeletionContentFailure: ['False', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
  });
  await world.client.resource(configMaps).patch('a', 'team', { type: 'merge', body: { metadata: { finalizers: null } } });
  // Half of the fifteen seconds that finalizers are given, and one.
  await world.clock.advance(7500);
  expect(await team()).toBeDefined();
  await world.clock.advance(1000);
  expect(await team()).toBeUndefined();
});

test('what cannot be deleted does not keep the rest', async () => {
  let refused = true;
  await teamWith({ refuse: (write) => refused && write === 'DELETE /api/v1/namespaces/team/configmaps' });
  await world.client.resource(secrets).create({ metadata: { name: 's', namespace: 'team' } });
  await world.client.resource(namespaces).delete('team');
  await world.clock.advance(100);
  expect(await conditions()).toMatchObject({
    NamespaceDeletionContentFailure: [
      'True',
      'ContentDeletionFailed',
      'Failed to delete all resource types, 1 remaining: refused by the test',
    ],
    NamespaceContentRemaining: ['False', 'ContentRemoved', 'All content successfully removed'],
  });
  expect(await world.list(secrets, 'team')).toEqual([]);
  refused = false;
  await world.clock.advance(60_000);
  expect(await team()).toBeUndefined();
});

test('a pod that a finalizer holds keeps all else', async () => {
  await teamWith({});
  const spec = { containers: [{ name: 'c', image: 'i' }], terminationGracePeriodSeconds: 0 };
  await world.client.resource(pods).create({ metadata: { name: 'p', namespace: 'team', finalizers: [] }, spec });
  await world.clock.advance(2000);
  await world.client.resource(pods).patch('p', 'team', { type: 'merge', body: { metadata: { finalizers: ['example.com/mine'] } } });
  await world.client.resource(namespaces).delete('team');
  await world.clock.advance(100);
  expect(await conditions()).toMatchObject({ NamespaceFinalizersRemaining: ['False', 'ContentHasNoFinalizers', expect.anything()] });
  expect((await world.list(configMaps, 'team')).map(({ metadata }) => metadata?.name)).toContain('a');
  await world.client.resource(pods).patch('p', 'team', { type: 'merge', body: { metadata: { finalizers: null } } });
  await world.clock.advance(10_000);
  expect(await team()).toBeUndefined();
});

test('another finalizer of the namespace stays', async () => {
  await teamWith({});
  const path = 'https://x/api/v1/namespaces/team/finalize';
  const body = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team' },
    spec: { finalizers: ['example.com/b', 'kubernetes', 'example.com/a'] },
  };
  const init = { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  await world.client.transport(new Request(path, init));
  await world.client.resource(namespaces).delete('team');
  await world.clock.advance(1000);
  expect((await team())?.spec?.finalizers).toEqual(['example.com/a', 'example.com/b']);
});

test('what stays for no reason that is known is an error', async () => {
  const json = (body: object) => Promise.resolve(Response.json(body));
  const verbs = ['list', 'delete', 'deletecollection'];
  const resources = [{ resource: 'configmaps', responseKind: { kind: 'ConfigMap' }, scope: 'Namespaced', verbs }];
  const core = { metadata: { name: '' }, versions: [{ version: 'v1', resources }] };
  const client = createClient((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/apis') return json({ kind: 'APIGroupDiscoveryList', items: [] });
    if (pathname === '/api') return json({ kind: 'APIGroupDiscoveryList', items: [core] });
    return json({ kind: 'ConfigMapList', metadata: {}, items: [{ metadata: { name: 'a', namespace: 'team' } }] });
  });
  const { errors, failures, estimate, totals } = await deleteContent(client, 'team', 0);
  const error = 'unexpected items still remain in namespace: team for gvr: /v1, Resource=configmaps';
  expect([errors, failures, estimate, totals?.remaining]).toEqual([[error], [error], 0, new Map([['configmaps.', 1]])]);
});

test('conditions stay in their places, and are dated when they become others', () => {
  const report = { failures: ['b', 'a'], errors: [], estimate: 0 };
  const failed = {
    type: 'NamespaceDeletionContentFailure',
    status: 'True',
    reason: 'ContentDeletionFailed',
    message: 'older',
    lastTransitionTime: 't0',
  };
  const remaining = {
    type: 'NamespaceContentRemaining',
    status: 'True',
    reason: 'SomeResourcesRemain',
    message: 'x',
    lastTransitionTime: 't0',
  };
  const mine = { type: 'Mine', status: 'True', reason: 'R', message: 'M', lastTransitionTime: 't0' };
  const made = deletionConditions([failed, mine, remaining], report, 't1');
  expect(made.map(({ type, status, lastTransitionTime }) => [type, status, lastTransitionTime])).toEqual([
    ['NamespaceDeletionContentFailure', 'True', 't0'],
    ['Mine', 'True', 't0'],
    ['NamespaceContentRemaining', 'False', 't1'],
    ['NamespaceDeletionDiscoveryFailure', 'False', 't1'],
    ['NamespaceDeletionGroupVersionParsingFailure', 'False', 't1'],
    ['NamespaceFinalizersRemaining', 'False', 't1'],
  ]);
  expect(made[0]?.message).toBe('Failed to delete all resource types, 2 remaining: a, b');
});
