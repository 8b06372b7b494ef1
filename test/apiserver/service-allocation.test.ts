import { expect, test } from 'vitest';
import { PortPool } from '../../runtime/apiserver/allocators/port-pool.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { type Body, startApi } from './api.ts';

type Fields = Record<string, unknown>;

const path = '/api/v1/namespaces/default/services';

function service(name: string, spec: Fields): Fields {
  return { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
}

function causesOf({ body }: { readonly body: Body }): string[] {
  return body.details.causes.map((cause: Body) => `${cause.field}: ${cause.message}`);
}

test('one family of addresses, and what is asked beyond it', async () => {
  const api = await startApi();
  const asked = async (spec: Fields): Promise<string[]> => causesOf(await api.send('POST', path, service('s', spec)));
  expect(await asked({ clusterIP: 'fd00::1' })).toEqual([
    'spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster',
  ]);
  expect(await asked({ ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4', 'IPv6'] })).toEqual([
    `spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified`,
  ]);
  expect(await asked({ ipFamilyPolicy: 'RequireDualStack' })).toEqual([
    'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
  ]);
});

test('a service without a port of the nodes is told so', async () => {
  const api = await startApi();
  const refused = await api.send('POST', path, service('s', { ports: [{ port: 80, nodePort: 1 }] }));
  expect(causesOf(refused)).toEqual(["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"]);
});

test('a taken port for health checks is a failure of the server', async () => {
  const api = await startApi();
  const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30100 };
  expect((await api.send('POST', path, service('a', local))).code).toBe(201);
  const second = await api.send('POST', path, service('b', local));
  expect([second.code, second.body.message]).toEqual([
    500,
    'Internal error occurred: failed to allocate requested HealthCheck NodePort 30100: provided port is already allocated',
  ]);
});

test('protocols share a number of a new service, not of a changed one', async () => {
  const api = await startApi();
  const ports = [
    { name: 'a', port: 53, protocol: 'TCP' },
    { name: 'b', port: 53, protocol: 'UDP' },
  ];
  const numbers = (body: Body): number[] => body.spec.ports.map(({ nodePort }: Body) => nodePort);
  const made = numbers((await api.send('POST', path, service('new', { type: 'NodePort', ports }))).body);
  expect(made[0]).toBe(made[1]);
  await api.send('POST', path, service('changed', { ports }));
  const changed = numbers((await api.send('PUT', `${path}/changed`, service('changed', { type: 'NodePort', ports }))).body);
  expect(changed[0]).not.toBe(changed[1]);
});

test('the first ports are left to those who name them while there are others', () => {
  const pool = new PortPool(30000, 30063, createSeededRandom(1));
  const taken = Array.from({ length: 48 }, () => pool.takeAny() ?? 0);
  expect(Math.min(...taken)).toBe(30016);
  expect(pool.takeAny()).toBe(30000);
});
