import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Secret } from '../../runtime/api/generated/types/core/v1.ts';
import { secrets, serviceAccounts } from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

const type = 'kubernetes.io/service-account-token';
const nameKey = 'kubernetes.io/service-account.name';
const uidKey = 'kubernetes.io/service-account.uid';

let world: World;
beforeEach(async () => {
  world = await createWorld({
    nodes: 0,
    secretTokens: { signForSecret: async ({ namespace, serviceAccount, secret }) => `${namespace}/${serviceAccount.name}/${secret}` },
  });
});
afterEach(() => world.stop());

const makeAccount = () => world.client.resource(serviceAccounts).create({ metadata: { name: 'robot', namespace: 'default' } });
async function makeSecret(annotations: Record<string, string> = { [nameKey]: 'robot' }, more: Partial<Secret> = {}): Promise<void> {
  await world.client.resource(secrets).create({ metadata: { name: 't', namespace: 'default', annotations }, type, ...more });
  await world.clock.advance(1000);
}
const found = async () => (await world.list(secrets, 'default')).find(({ metadata }) => metadata?.name === 't');

test('a secret gets the token, the authority and the namespace, and is told which account it is of', async () => {
  const account = await makeAccount();
  await makeSecret();
  const secret = await found();
  expect(secret?.data).toEqual({ 'ca.crt': btoa('CA'), namespace: btoa('default'), token: btoa('default/robot/t') });
  expect(secret?.metadata?.annotations).toEqual({ [nameKey]: 'robot', [uidKey]: account.metadata?.uid });
});

test('what a secret holds already stays, but for an authority that is not the cluster’s', async () => {
  await makeAccount();
  await makeSecret(undefined, { data: { token: btoa('mine'), 'ca.crt': btoa('old'), namespace: btoa('n'), more: btoa('m') } });
  expect((await found())?.data).toEqual({ 'ca.crt': btoa('CA'), namespace: btoa('n'), token: btoa('mine'), more: btoa('m') });
});

test('a token that is taken out is made anew', async () => {
  await makeAccount();
  await makeSecret();
  await world.client.resource(secrets).patch('t', 'default', { type: 'merge', body: { data: { token: null } } });
  await world.clock.advance(1000);
  expect((await found())?.data?.token).toBe(btoa('default/robot/t'));
});

test('a secret goes when there is no such account', async () => {
  await makeSecret();
  expect(await found()).toBeUndefined();
});

test('a secret goes when it means another account of that name', async () => {
  await makeAccount();
  await makeSecret({ [nameKey]: 'robot', [uidKey]: 'other' });
  expect(await found()).toBeUndefined();
});

test('secrets go with their account; those of other types stay', async () => {
  await makeAccount();
  await makeSecret();
  await world.client.resource(secrets).create({ metadata: { name: 'other', namespace: 'default', annotations: { [nameKey]: 'robot' } } });
  await world.client.resource(serviceAccounts).delete('robot', 'default');
  await world.clock.advance(1000);
  expect((await world.list(secrets, 'default')).map(({ metadata }) => metadata?.name)).toEqual(['other']);
});

test('an account does not list a secret any more that is gone', async () => {
  const account = await makeAccount();
  await makeSecret();
  await world.client.resource(serviceAccounts).update({ ...account, secrets: [{ name: 't' }, { name: 'other' }] });
  await world.client.resource(secrets).delete('t', 'default');
  await world.clock.advance(1000);
  expect((await world.client.resource(serviceAccounts).get('robot', 'default')).secrets).toEqual([{ name: 'other' }]);
});
