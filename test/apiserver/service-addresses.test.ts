import { describe, expect, test } from 'vitest';
import { AddressPool } from '../../runtime/apiserver/allocators/address-pool.ts';
import { addressRange, rangeHas } from '../../runtime/apiserver/allocators/address-range.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { type Body, startApi } from './api.ts';

const services = '/api/v1/namespaces/default/services';
const addresses = '/apis/networking.k8s.io/v1/ipaddresses';
const ranges = '/apis/networking.k8s.io/v1/servicecidrs';
type Fields = Record<string, unknown>;

const service = (name: string, spec: Fields = {}): Fields => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });
const address = (name: string): Fields => ({
  metadata: { name },
  spec: { parentRef: { resource: 'gateways', group: 'example.com', name: 'g' } },
});
const range = (name: string, ...cidrs: string[]): Fields => ({ metadata: { name }, spec: { cidrs } });

async function world() {
  const api = await startApi();
  const names = async (): Promise<string[]> => (await api.send('GET', addresses)).body.items.map(({ metadata }: Body) => metadata.name);
  return { ...api, send: api.send, names };
}

describe('the IPAddress of a service', () => {
  test('comes with it, as the API server makes it, and goes with it', async () => {
    const { send } = await world();
    const made = (await send('POST', services, service('web'))).body;
    const found = (await send('GET', `${addresses}/${made.spec.clusterIP}`)).body;
    expect(found).toMatchObject({
      metadata: {
        labels: { 'ipaddress.kubernetes.io/ip-family': 'IPv4', 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' },
        resourceVersion: made.metadata.resourceVersion,
        managedFields: [{ manager: 'kube-apiserver', operation: 'Update' }],
      },
      spec: { parentRef: { resource: 'services', namespace: 'default', name: 'web' } },
    });
    await send('DELETE', `${services}/web`);
    expect((await send('GET', `${addresses}/${made.spec.clusterIP}`)).code).toBe(404);
  });

  test('is no name to be completed', async () => {
    const { send } = await world();
    const made = await send('POST', addresses, { ...address(''), metadata: { generateName: '10.96.0.60' } });
    expect([made.code, made.body.metadata?.name]).toEqual([201, '10.96.0.60']);
  });

  test('names the service as it is called in the end', async () => {
    const { send } = await world();
    const made = (await send('POST', services, { metadata: { generateName: 'web-' }, spec: { ports: [{ port: 80 }] } })).body;
    expect((await send('GET', `${addresses}/${made.spec.clusterIP}`)).body.spec.parentRef.name).toBe(made.metadata.name);
  });

  test('follows the type', async () => {
    const { send, names } = await world();
    await send('POST', services, service('web', { type: 'ExternalName', externalName: 'example.com', ports: [] }));
    expect(await names()).toEqual([]);
    const patch = (body: Fields) => send('PATCH', `${services}/web`, body, { 'content-type': 'application/merge-patch+json' });
    const { clusterIP } = (await patch({ spec: { type: 'ClusterIP', externalName: null, ports: [{ port: 80 }] } })).body.spec;
    expect(await names()).toEqual([clusterIP]);
    await patch({ spec: { type: 'ExternalName', externalName: 'example.com' } });
    expect(await names()).toEqual([]);
  });

  test('is not made by a dry run or a refused service', async () => {
    const { send, names } = await world();
    await send('POST', `${services}?dryRun=All`, service('web'));
    await send('POST', services, service('web', { ports: [] }));
    await send('POST', services, service('headless', { clusterIP: 'None' }));
    expect(await names()).toEqual([]);
  });
});

test('an address that somebody else has made is no service’s', async () => {
  const { send } = await world();
  expect((await send('POST', addresses, address('10.96.7.7'))).code).toBe(201);
  const taken = () => send('POST', services, service('web', { clusterIP: '10.96.7.7' }));
  expect((await taken()).body.message).toContain('failed to allocate IP 10.96.7.7: provided IP is already allocated');
  await send('DELETE', `${addresses}/10.96.7.7`);
  expect((await taken()).code).toBe(201);
  expect((await send('POST', addresses, address('10.96.7.7'))).body.reason).toBe('AlreadyExists');
});

describe('networks of services', () => {
  test('are those of the ServiceCIDRs that are ready and stay', async () => {
    const { send } = await world();
    await send('POST', ranges, range('kubernetes', '10.96.0.0/16'));
    const wanted = (name: string) => send('POST', services, service(name, { clusterIP: '10.200.0.9' }));
    expect((await wanted('web')).body.message).toContain(
      'failed to allocate IP 10.200.0.9: the provided network does not match the current range',
    );
    await send('POST', ranges, range('more', '10.200.0.0/24', 'fd00::/112'));
    const condition = (status: string) => {
      const conditions = [{ type: 'Ready', status, reason: 'Test', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }];
      return send('PATCH', `${ranges}/more/status`, { status: { conditions } }, { 'content-type': 'application/merge-patch+json' });
    };
    await condition('False');
    expect((await wanted('web')).code).toBe(422);
    await condition('True');
    expect((await wanted('web')).code).toBe(201);
  });

  test('give addresses of the next when one is full', () => {
    const pool = new AddressPool(() => ['10.0.0.0/30', '10.0.1.0/30'], createSeededRandom(1));
    const given = [1, 2, 3, 4, 5].map(() => pool.takeAny());
    expect(given.slice(0, 2).sort()).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(given.slice(2, 4).sort()).toEqual(['10.0.1.1', '10.0.1.2']);
    expect(given[4]).toBeUndefined();
  });

  test.each([
    ['10.0.0.0/28', ['10.0.0.1', '10.0.0.1', '10.0.0.14']],
    ['10.0.0.0/24', ['10.0.0.1', '10.0.0.17', '10.0.0.254']],
    ['10.96.0.0/16', ['10.96.0.1', '10.96.1.1', '10.96.255.254']],
  ])('keep a band of %s for those who name their address', (cidr, wanted) => {
    const found = addressRange(cidr);
    const text = (value = 0) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
    expect([text(found?.first), text(found?.firstDynamic), text(found?.last)]).toEqual(wanted);
  });

  test.each([
    ['10.0.0.0', false],
    ['10.0.0.1', true],
    ['10.0.0.255', false],
    ['fd00::1', false],
  ])('%s is one to give: %s', (text, wanted) => {
    const found = addressRange('10.0.0.0/24');
    expect(found !== undefined && rangeHas(found, text)).toBe(wanted);
    expect(addressRange('fd00::/112')).toBeUndefined();
  });
});
