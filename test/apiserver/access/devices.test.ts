import { beforeEach, describe, expect, test } from 'vitest';
import { type AccessApi, startWithRoles } from './access.ts';

const claims = '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims';
const merge = { 'content-type': 'application/merge-patch+json' };
const exactly = { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1 };
const spec = { devices: { requests: [{ name: 'r', exactly }] } };
const results = ['gpu-0', 'gpu-1'].map((device) => ({ request: 'r', driver: 'd.example.com', pool: 'p', device }));
const told = results.map(({ driver, pool, device }) => ({ driver, pool, device }));

let api: AccessApi;
beforeEach(async () => {
  api = await startWithRoles();
  await api.send('POST', claims, { metadata: { name: 'c' }, spec });
});

/** Writes a part of the claim's status, and gives what is wrong with that, or what is told of devices. */
async function report(user: string, status: object): Promise<unknown> {
  const { code, body } = await api.as(user, 'PATCH', `${claims}/c/status`, { status }, merge);
  return code === 200
    ? body.status?.devices
    : body.details.causes.map(({ field, message }: Record<string, string>) => `${field}: ${message}`);
}

describe('access to devices in use', () => {
  const detail =
    'Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace';
  const asking = { devices: { requests: [{ name: 'r', exactly: { ...exactly, adminAccess: true } }] } };

  test('is for marked namespaces', async () => {
    const templates = claims.replace('resourceclaims', 'resourceclaimtemplates');
    const asked = [
      () => api.send('POST', claims, { metadata: { name: 'a' }, spec: asking }),
      () => api.send('POST', templates, { metadata: { name: 't' }, spec: { spec: asking } }),
    ];
    for (const ask of asked)
      expect((await ask()).body.details.causes).toMatchObject([{ field: 'spec.devices.requests[0].adminAccess', message: detail }]);
    const allocation = { devices: { results: [{ ...results[0], adminAccess: true }] } };
    expect(await report('root@system:masters', { allocation })).toEqual([`status.allocation.devices.results[0].adminAccess: ${detail}`]);
    await api.send(
      'PATCH',
      '/api/v1/namespaces/default',
      { metadata: { labels: { 'resource.kubernetes.io/admin-access': 'true' } } },
      merge,
    );
    for (const ask of asked) expect((await ask()).code).toBe(201);
    expect(await report('root@system:masters', { allocation })).toBeUndefined();
  });
});

describe('the status of a claim', () => {
  const claimStatus = '~resource.k8s.io~resourceclaims/status';

  test('gives devices by the hand of who may bind', async () => {
    await api.grant('User eve', 'default', 'status', `patch on ${claimStatus}`);
    const allocation = { devices: { results } };
    expect(await report('eve', { allocation })).toEqual([
      'status.allocation: Forbidden: changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="patch" permission: resourceclaims.resource.k8s.io is forbidden: User "eve" cannot patch resource "resourceclaims/binding" in API group "resource.k8s.io" at the cluster scope',
    ]);
    await api.grant('User eve', '', 'binder', 'patch on ~resource.k8s.io~resourceclaims/binding');
    expect(await report('eve', { allocation })).toBeUndefined();
  });

  test('tells of devices by who may speak for their driver, and forgets those given back', async () => {
    await report('root@system:masters', { allocation: { devices: { results } } });
    const account = 'system:serviceaccount:default:driver';
    await api.grant(`User ${account}`, 'default', 'status', `patch on ${claimStatus}`);
    expect(await report(account, { devices: told })).toEqual([
      `status.devices: Forbidden: changing status.devices requires resource="resourceclaims/driver", verb="[arbitrary-node:patch]" permission: resourceclaims.resource.k8s.io "d.example.com" is forbidden: User "${account}" cannot arbitrary-node:patch resource "resourceclaims/driver" in API group "resource.k8s.io" in the namespace "default"`,
    ]);
    await api.grant(`User ${account}`, 'default', 'driver', 'arbitrary-node:patch on ~resource.k8s.io~resourceclaims/driver:d.example.com');
    expect(await report(account, { devices: told })).toMatchObject(told);
    expect(await report('root@system:masters', { allocation: null })).toBeUndefined();
  });
});

test('drivers of devices are named in lower case', async () => {
  const slice = {
    metadata: { name: 's' },
    spec: { driver: 'D.example.com', nodeName: 'n', pool: { name: 'p', resourceSliceCount: 1, generation: 1 } },
  };
  const { headers } = await api.send('POST', '/apis/resource.k8s.io/v1/resourceslices', slice);
  expect(headers.get('warning')).toBe(
    '299 - "spec.driver: driver names should be lowercase; \\"D.example.com\\" contains uppercase characters"',
  );
});
