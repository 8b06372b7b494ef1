import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Secret } from '../../runtime/api/generated/types/core/v1.ts';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import type { Client } from '../../runtime/client/client.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import { createInformers } from '../../runtime/client/informers.ts';
import { configMaps, pods, secrets, serviceAccounts } from '../../runtime/client/resources.ts';
import { createLegacyTokenCleaner } from '../../runtime/controllers/service-account/legacy-token-cleaner.ts';
import { createLegacyTokenTracking } from '../../runtime/controllers/service-account/legacy-token-tracking.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { type Api, admin, startApi } from '../apiserver/api.ts';

const type = 'kubernetes.io/service-account-token';
const invalidSince = 'kubernetes.io/legacy-token-invalid-since';
const lastUsed = 'kubernetes.io/legacy-token-last-used';
const tracking = 'kube-apiserver-legacy-service-account-token-tracking';
const day = 24 * 60 * 60_000;

let api: Api;
let client: Client;
let ending: AbortController;
let running: Promise<unknown>;
beforeEach(async () => {
  api = await startApi();
  client = createClient(inProcessTransport(api.server, admin));
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'kube-system' } });
  const { clock } = api;
  const log = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const context = { client, informers: createInformers({ client, clock, log }), clock, random: createSeededRandom(1), log };
  ending = new AbortController();
  const controllers = [createLegacyTokenCleaner(context), createLegacyTokenTracking(context)];
  context.informers.start(ending.signal);
  running = Promise.all(controllers.map((controller) => controller.run(ending.signal)));
  await clock.advance(1000);
  await client.resource(serviceAccounts).create({
    metadata: { name: 'robot', namespace: 'default' },
    secrets: [{ name: 't' }],
    automountServiceAccountToken: false,
  });
});
afterEach(async () => {
  ending.abort();
  await running;
});

async function makeSecret(labels: Record<string, string> = {}, more: Partial<Secret> = {}): Promise<void> {
  const annotations = { 'kubernetes.io/service-account.name': 'robot' };
  await client.resource(secrets).create({ metadata: { name: 't', namespace: 'default', annotations, labels }, type, ...more });
  await api.clock.advance(1000);
}

/** Lets days go by at once; the controllers wake up at the end of them. */
async function pass(days: number): Promise<void> {
  api.clock.jump(days * day);
  await api.clock.advance(1000);
}

/** Since when the token does not count, `''` while it does; `undefined` when the secret is gone. */
async function invalid(): Promise<string | undefined> {
  const secret = (await client.resource(secrets).list({ namespace: 'default' })).items.find(({ metadata }) => metadata?.name === 't');
  return secret && (secret.metadata?.labels?.[invalidSince] ?? '');
}

test('a token that was not used for a year does not count any more, and goes after another one', async () => {
  await makeSecret();
  await pass(365);
  // The first day is not known as a whole.
  expect(await invalid()).toBe('');
  await pass(1);
  expect(await invalid()).toBe('2027-01-02');
  await pass(365);
  expect(await invalid()).toBe('2027-01-02');
  await pass(1);
  expect(await invalid()).toBeUndefined();
});

test('a mark that is no day is put right', async () => {
  await makeSecret({ [invalidSince]: 'long' });
  await pass(368);
  expect(await invalid()).toBe('2027-01-04');
});

test.each([
  ['was used within the year', { [lastUsed]: '2026-06-01' }],
  ['was used on a day that nobody can read', { [lastUsed]: 'yesterday' }],
])('a token stays that %s', async (_, labels) => {
  await makeSecret(labels);
  await pass(370);
  expect(await invalid()).toBe('');
});

test('a token stays that its account does not list', async () => {
  const account = await client.resource(serviceAccounts).get('robot', 'default');
  await client.resource(serviceAccounts).update({ ...account, secrets: [] });
  await makeSecret();
  await pass(370);
  expect(await invalid()).toBe('');
});

test('a token stays that a pod uses', async () => {
  await makeSecret();
  await client.resource(pods).create({
    metadata: { name: 'p', namespace: 'default' },
    spec: {
      serviceAccountName: 'robot',
      containers: [{ name: 'a', image: 'nginx' }],
      volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 't' } }] } }],
    },
  });
  await pass(370);
  expect(await invalid()).toBe('');
});

test('a secret that is younger than a year stays', async () => {
  await pass(300);
  await makeSecret();
  await pass(70);
  expect(await invalid()).toBe('');
});

test('since when uses are known is said once more where it cannot be read, and half an hour after it was deleted', async () => {
  const resource = client.resource(configMaps);
  const since = async () =>
    (await client.resource(configMaps).list({ namespace: 'kube-system' })).items.find(({ metadata }) => metadata?.name === tracking)?.data
      ?.since;
  expect(await since()).toBe('2026-01-01');
  api.clock.jump(day);
  await resource.patch(tracking, 'kube-system', { type: 'merge', body: { data: { since: '2026-02-30' } } });
  await api.clock.advance(1000);
  expect(await since()).toBe('2026-01-02');
  await resource.delete(tracking, 'kube-system');
  await api.clock.advance(1000);
  expect(await since()).toBe('2026-01-02');
  await resource.delete(tracking, 'kube-system');
  await api.clock.advance(29 * 60_000);
  expect(await since()).toBeUndefined();
  await api.clock.advance(60_000);
  expect(await since()).toBe('2026-01-02');
});
