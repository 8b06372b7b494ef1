import { beforeAll, expect, test } from 'vitest';
import { type Api, type Body, startApi } from './api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ flags: { 'event-ttl': '1h0m0s' }, runtimeConfig: ['resource.k8s.io/v1beta2'] });
  await api.clock.advance(3_723_000);
});

const get = (path: string, accept?: string, agent = 'test') =>
  api.send('GET', path, undefined, { 'user-agent': agent, ...(accept !== undefined && { accept }) });
const asked = (kind: string, version: string, media = 'application/json') => `${media};v=${version};g=config.k8s.io;as=${kind}`;

test.each([undefined, ' ', 'text/plain', '*/*', 'text/*', `${asked('Statusz', 'foo')},*/*`, 'text/html;q=0.9,*/*;q=0.8'])(
  'people read what the server is, with Accept %s',
  async (accept) => {
    const { code, body, headers } = await get('/statusz', accept);
    expect([code, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(body.replace(/(?<=\n(?:Started|Up|Go version|Binary version|Emulation version|Paths)):?[ =]? ?(?= )/g, ':')).toBe(`
apiserver statusz
Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.

Started: Thu Jan  1 00:00:00 UTC 2026
Up: 1 hr 02 min 03 sec
Go version: 
Binary version: 1.36.0
Emulation version: 1.36
Paths: /flagz /healthz /livez /readyz /statusz /version
`);
  },
);

test('what the server is, as an object', async () => {
  const { code, body, headers } = await get('/statusz', asked('Statusz', 'v1beta1'));
  expect([code, headers.get('content-type')]).toEqual([200, 'application/json;g=config.k8s.io;v=v1beta1;as=Statusz']);
  expect(headers.get('warning')).toBeNull();
  expect(body).toEqual({
    kind: 'Statusz',
    apiVersion: 'config.k8s.io/v1beta1',
    metadata: { name: 'apiserver' },
    startTime: '2026-01-01T00:00:00Z',
    uptimeSeconds: 3723,
    goVersion: '',
    binaryVersion: '1.36.0',
    emulationVersion: '1.36',
    paths: ['/flagz', '/healthz', '/livez', '/readyz', '/statusz', '/version'],
  });
});

test('the older version warns', async () => {
  for (const [path, kind] of [
    ['/statusz', 'Statusz'],
    ['/flagz', 'Flagz'],
  ] as const) {
    const { body, headers } = await get(path, asked(kind, 'v1alpha1'));
    expect(body.apiVersion).toBe('config.k8s.io/v1alpha1');
    expect(headers.get('warning')).toBe(`299 - "This version of the ${path.slice(1)} endpoint is deprecated. Please use a newer version."`);
  }
});

test('the settings in effect, by the names of flags', async () => {
  const flags = {
    'authorization-mode': '[Node,RBAC]',
    'event-ttl': '1h0m0s',
    'max-mutating-requests-inflight': '200',
    'max-requests-inflight': '400',
    'runtime-config': 'resource.k8s.io/v1beta2=true',
    'service-cluster-ip-range': '10.96.0.0/16',
    'service-node-port-range': '30000-32767',
  };
  const { body } = await get('/flagz', asked('Flagz', 'v1beta1'));
  expect(body).toEqual({ kind: 'Flagz', apiVersion: 'config.k8s.io/v1beta1', metadata: { name: 'apiserver' }, flags });
  const text: string = (await get('/flagz')).body;
  expect(text.split('\n').slice(0, 2)).toEqual(['', 'apiserver flagz']);
  expect(text.split('\n').slice(3, -1)).toHaveLength(7);
  expect(text).toMatch(/\nservice-node-port-range(?::|: |=| )30000-32767\n$/);
  expect((await get('/flagz')).body).toBe(text);
  expect((await get('/flagz', asked('Flagz', 'v1beta1', 'application/yaml'))).body).toMatch(
    /^apiVersion: config.k8s.io\/v1beta1\nflags:\n/,
  );
});

test.each([
  ['/statusz', 'application/xml', true],
  ['/statusz', 'application/json', false],
  ['/flagz', 'application/json;v=v1beta1;g=config.k8s.io', true],
  ['/flagz', asked('Statusz', 'v1beta1'), true],
  ['/flagz', 'application/vnd.kubernetes.protobuf', true],
  ['/flagz', asked('Flagz', 'v1beta1', 'text/plain'), true],
])('%s is not had as %s', async (path, accept, isRaw) => {
  const { code, body, headers } = await get(path, accept);
  expect([code, headers.get('content-type')]).toEqual([406, 'application/json']);
  const message = 'only the following media types are accepted: application/json, application/yaml, text/plain';
  expect(body).toEqual({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'NotAcceptable', code: 406 });
  const raw = await api.server.handle(new Request(`https://kubernetes.default${path}`, { headers: { accept } }), {
    component: { name: 'admin', groups: ['system:masters'] },
  });
  expect((await raw.text()).includes('\n  ')).toBe(isRaw);
});

test('the pages are among the paths, and no slash may follow', async () => {
  const { paths }: Body = (await get('/')).body;
  expect(paths).toEqual(expect.arrayContaining(['/flagz', '/statusz']));
  expect((await get('/statusz/')).code).toBe(404);
});
