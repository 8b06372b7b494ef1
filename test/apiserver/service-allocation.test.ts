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

/** What an update leaves of a service that was made with `before`. */
async function updated(before: Fields, after: Fields): Promise<Body> {
  const api = await startApi();
  await api.send('POST', path, service('s', before));
  const { code, body } = await api.send('PUT', `${path}/s`, service('s', after));
  expect(code, body.message).toBe(200);
  return body.spec;
}

test('an update of what is not there makes it', async () => {
  const api = await startApi();
  const { code, body } = await api.send('PUT', `${path}/s`, service('s', {}));
  expect([code, body.spec.clusterIPs]).toEqual([201, [body.spec.clusterIP]]);
});

test('what an update leaves out is taken from the port of the same name', async () => {
  const named = (name: string, port: number, nodePort?: number): Fields => ({ name, port, nodePort });
  const before = { type: 'NodePort', ports: [named('a', 80, 30101), named('b', 81, 30102)] };
  const after = async (...ports: Fields[]): Promise<number[]> =>
    (await updated(before, { type: 'NodePort', ports })).ports.map(({ nodePort }: Body) => nodePort);
  expect(await after(named('a', 90), named('b', 81))).toEqual([30101, 30102]);
  expect(await after(named('a', 80), named('c', 91, 30101))).not.toContain(30102);
  expect(await after(named('b', 80))).toEqual([30102]);
});

test('a headless service stays so when an update leaves its address out', async () => {
  const { clusterIP, clusterIPs } = await updated({ clusterIP: 'None' }, {});
  expect([clusterIP, clusterIPs]).toEqual(['None', ['None']]);
});

test('a type that has no address or port takes nothing along of what was there', async () => {
  const fromHeadless = await updated(
    { clusterIP: 'None' },
    { clusterIP: 'None', clusterIPs: ['None'], type: 'ExternalName', externalName: 'x.y' },
  );
  expect(fromHeadless.clusterIPs).toBeUndefined();
  const exact = [{ port: 80, nodePort: 30101 }];
  const off = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: exact };
  expect((await updated(off, { type: 'ClusterIP', ports: exact })).ports[0].nodePort).toBeUndefined();
  const named = { name: 'a', port: 80, nodePort: 30101 };
  const more = await updated({ type: 'NodePort', ports: [named] }, { type: 'ClusterIP', ports: [named, { name: 'new', port: 81 }] });
  expect(more.ports.map(({ nodePort }: Body) => nodePort)).toEqual([undefined, undefined]);
});

test('a service that is only a name shows no policy for traffic from inside, and takes no other than there are', async () => {
  const api = await startApi();
  const only = { type: 'ExternalName', externalName: 'x.y', ports: [] };
  const made = await api.send('POST', path, service('a', { ...only, internalTrafficPolicy: 'Local' }));
  expect([made.code, made.body.spec.internalTrafficPolicy]).toEqual([201, undefined]);
  const read = await api.send('GET', `${path}/a`);
  expect(read.body.spec.internalTrafficPolicy).toBeUndefined();
  expect((await updated({}, { ...only, internalTrafficPolicy: 'Cluster' })).internalTrafficPolicy).toBeUndefined();
  const refused = await api.send('POST', path, service('b', { ...only, internalTrafficPolicy: 'Near' }));
  expect(causesOf(refused)).toEqual(['spec.internalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"']);
});

test('ports of one number share one of the nodes, and no others do while a service is new', async () => {
  const api = await startApi();
  const named = (name: string, port: number, protocol: string, nodePort?: number): Fields => ({ name, port, protocol, nodePort });
  const made = async (name: string, ...ports: Fields[]): Promise<Body> =>
    (await api.send('POST', path, service(name, { type: 'NodePort', ports }))).body;
  const shared = await made('a', named('a', 53, 'TCP'), named('b', 53, 'UDP', 30053));
  expect(shared.spec.ports.map(({ nodePort }: Body) => nodePort)).toEqual([30053, 30053]);
  const taken = await made('b', named('a', 53, 'TCP'), named('b', 53, 'UDP', 30053));
  expect(causesOf({ body: taken })).toEqual(['spec.ports[0].nodePort: Invalid value: 30053: provided port is already allocated']);
  const others = await made('c', named('a', 80, 'TCP', 30054), named('b', 81, 'UDP', 30054));
  expect(causesOf({ body: others })).toEqual(['spec.ports[1].nodePort: Invalid value: 30054: provided port is already allocated']);
  const twins = await made('d', named('a', 80, 'TCP'), named('b', 80, 'TCP'));
  expect(causesOf({ body: twins })).toEqual([
    expect.stringMatching(/^spec\.ports\[1\]\.nodePort: Duplicate value: 3\d+$/),
    'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
  ]);
  // Nothing of what was refused is held.
  expect((await made('e', named('a', 80, 'TCP', 30054))).spec.ports[0].nodePort).toBe(30054);
});

/** What is answered to a change of a service that was made with `before`. */
async function refused(before: Fields, after: Fields): Promise<Body> {
  const api = await startApi();
  await api.send('POST', path, service('s', before));
  return (await api.send('PUT', `${path}/s`, service('s', after))).body;
}

test('other protocols may share a port of a changed service, the same may not', async () => {
  const ports = (protocol: string): Fields[] => [
    { name: 'a', port: 80, nodePort: 30101 },
    { name: 'b', port: 81, protocol, nodePort: 30101 },
  ];
  const shared = await updated({ type: 'NodePort', ports: ports('UDP').slice(0, 1) }, { type: 'NodePort', ports: ports('UDP') });
  expect(shared.ports[1].nodePort).toBe(30101);
  const twice = await refused({}, { type: 'NodePort', ports: ports('TCP') });
  expect([twice.code, twice.reason, twice.message]).toEqual([500, undefined, 'duplicate nodePort: {TCP 30101}']);
  const unnamed = await refused({ type: 'NodePort' }, { type: 'NodePort', ports: [{ port: 80 }, { port: 81 }] });
  expect(unnamed.message).toMatch(/^duplicate nodePort: \{TCP 3\d+\}$/);
});

test('addresses and the port for health checks are not taken anew for what may not change', async () => {
  const moved = await refused({}, { clusterIP: '1.2.3.4' });
  expect(causesOf({ body: moved })).toEqual(['spec.clusterIPs[0]: Invalid value: ["1.2.3.4"]: may not change once set']);
  const named = await refused({ clusterIP: 'None', selector: { a: 'b' } }, { clusterIP: '10.96.0.50', selector: { a: 'b' } });
  expect(causesOf({ body: named })).toEqual(['spec.clusterIPs[0]: Invalid value: ["10.96.0.50"]: may not change once set']);
  const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30100 };
  const health = await refused(local, { ...local, healthCheckNodePort: 1 });
  expect(causesOf({ body: health })).toEqual(['spec.healthCheckNodePort: Forbidden: field is immutable']);
  const node = await refused(local, { ...local, ports: [{ port: 80, nodePort: 30100 }] });
  expect(causesOf({ body: node })).toEqual(['spec.ports[0].nodePort: Invalid value: 30100: provided port is already allocated']);
});

test('a dry run gets what is nobody’s', async () => {
  const api = await startApi();
  const asked = async (spec: Fields): Promise<Body> => (await api.send('POST', `${path}?dryRun=All`, service('dry', spec))).body;
  await api.send('POST', path, service('s', { type: 'NodePort', clusterIP: '10.96.0.50', ports: [{ port: 80, nodePort: 30100 }] }));
  const ports = ['a', 'b'].map((name, index) => ({ name, port: 80 + index }));
  const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports };
  const { clusterIP, ports: given, healthCheckNodePort } = (await asked(local)).spec;
  expect([clusterIP, given.map(({ nodePort }: Body) => nodePort), healthCheckNodePort]).toEqual(['10.96.0.0', [32769, 32770], 32771]);
  expect((await asked({ clusterIP: '10.96.0.50' })).spec.clusterIP).toBe('10.96.0.50');
  expect(causesOf({ body: await asked({ clusterIP: '1.2.3.4' }) })).toEqual([
    'spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. The range of valid IPs is 10.96.0.0/16',
  ]);
  expect(causesOf({ body: await asked({ type: 'NodePort', ports: [{ port: 80, nodePort: 30100 }] }) })).toEqual([
    'spec.ports[0].nodePort: Invalid value: 30100: provided port is already allocated',
  ]);
  expect((await asked({ type: 'NodePort', ports: [{ port: 80, nodePort: 1 }] })).spec.ports[0].nodePort).toBe(1);
});
