import { expect, test } from 'vitest';
import { startApi } from './api.ts';

const base = '/apis/resource.k8s.io';
const exactly = { deviceClassName: 'c', selectors: [{ cel: { expression: 'true' } }] };
const defaulted = { ...exactly, allocationMode: 'ExactCount', count: 1 };
const basic = { attributes: { model: { string: 'm' } }, capacity: { memory: { value: '1Gi' } } };

test.each([
  [
    'namespaces/default/resourceclaims',
    { spec: { devices: { requests: [{ name: 'r', ...exactly }] } } },
    { spec: { devices: { requests: [{ name: 'r', ...defaulted }] } } },
    { spec: { devices: { requests: [{ name: 'r', exactly: defaulted }] } } },
  ],
  [
    'namespaces/default/resourceclaimtemplates',
    { spec: { spec: { devices: { requests: [{ name: 'r', ...exactly }] } } } },
    { spec: { spec: { devices: { requests: [{ name: 'r', ...defaulted }] } } } },
    { spec: { spec: { devices: { requests: [{ name: 'r', exactly: defaulted }] } } } },
  ],
  [
    'resourceslices',
    { spec: { driver: 'd.example.com', nodeName: 'n', pool: { name: 'p', resourceSliceCount: 1 }, devices: [{ name: 'x', basic }] } },
    { spec: { devices: [{ name: 'x', basic }] } },
    { spec: { devices: [{ name: 'x', ...basic }] } },
  ],
])('%s of v1beta1 are those of v1 in other words', async (collection, given, older, newer) => {
  const api = await startApi({ runtimeConfig: ['resource.k8s.io/v1beta1'] });
  const made = await api.send('POST', `${base}/v1beta1/${collection}`, { metadata: { name: 'a' }, ...given });
  expect(made, JSON.stringify(made.body)).toMatchObject({ code: 201, body: { apiVersion: 'resource.k8s.io/v1beta1', ...older } });
  const read = async (version: string) => (await api.send('GET', `${base}/${version}/${collection}/a`)).body;
  expect(await read('v1')).toMatchObject({ apiVersion: 'resource.k8s.io/v1', ...newer });
  expect(await read('v1beta1')).toEqual(made.body);
  const { items } = (await api.send('GET', `${base}/v1beta1/${collection}`)).body;
  expect(items).toMatchObject([older]);
});

test('a request of v1beta1 says what is wrong with it in the words of v1', async () => {
  const api = await startApi({ runtimeConfig: ['resource.k8s.io/v1beta1'] });
  const claims = `${base}/v1beta1/namespaces/default/resourceclaims`;
  const claim = (request: object) => ({ metadata: { name: 'a' }, spec: { devices: { requests: [{ name: 'r', ...request }] } } });
  const { body } = await api.send('POST', claims, claim({ deviceClassName: 'C' }));
  expect(body).toMatchObject({ code: 422, details: { causes: [{ field: 'spec.devices.requests[0].exactly.deviceClassName' }] } });
  const firstAvailable = [{ name: 's', deviceClassName: 'c' }];
  expect((await api.send('POST', claims, claim({ firstAvailable }))).body.spec.devices.requests).toEqual([
    { name: 'r', firstAvailable: [{ name: 's', deviceClassName: 'c', allocationMode: 'ExactCount', count: 1 }] },
  ]);
});

test('the time of a taint is that of its effect', async () => {
  const api = await startApi({ runtimeConfig: ['api/all'] });
  const path = '/apis/resource.k8s.io/v1beta2/devicetaintrules';
  const taint = { key: 'example.com/k', effect: 'NoSchedule' };
  const { timeAdded } = (await api.send('POST', path, { metadata: { name: 'r' }, spec: { taint } })).body.spec.taint;
  await api.clock.advance(60_000);
  const patched = async (change: object) =>
    (await api.send('PATCH', `${path}/r`, { spec: { taint: change } }, { 'content-type': 'application/merge-patch+json' })).body.spec.taint;
  expect([timeAdded, (await patched({ value: 'v' })).timeAdded]).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z']);
  expect((await patched({ effect: 'NoExecute' })).timeAdded).toBe('2026-01-01T00:01:00Z');
  expect((await patched({ effect: 'NoSchedule', timeAdded })).timeAdded).toBe(timeAdded);
});
