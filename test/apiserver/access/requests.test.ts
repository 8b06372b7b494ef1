import { expect, test } from 'vitest';
import { startWithRoles } from './access.ts';

const maps = '/api/v1/namespaces/default/configmaps';

test('credentials decide who asks; nobody in particular may ask for health and version alone', async () => {
  const api = await startWithRoles({ tokens: [{ token: 'secret', user: { name: 'root', groups: ['system:masters'] } }] });
  const get = (path: string, headers: Record<string, string> = {}, peer = {}) => api.send('GET', path, undefined, headers, peer);
  for (const path of ['/healthz', '/livez', '/readyz', '/version']) expect((await get(path)).code).toBe(200);
  expect((await get(maps)).body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message:
      'configmaps is forbidden: User "system:anonymous" cannot list resource "configmaps" in API group "" in the namespace "default"',
    reason: 'Forbidden',
    details: { kind: 'configmaps' },
    code: 403,
  });
  expect((await get('/apis')).body.message).toBe('forbidden: User "system:anonymous" cannot get path "/apis"');
  expect((await get(maps, { authorization: 'Bearer wrong' })).body).toMatchObject({
    code: 401,
    reason: 'Unauthorized',
    message: 'Unauthorized',
  });
  expect((await get(maps, { authorization: 'Bearer secret' })).code).toBe(200);
  expect((await get(maps, {}, { certificate: { commonName: 'eve', organizations: ['dev'] } })).body.message).toContain(
    'User "eve" cannot list',
  );
  expect((await get(maps, {}, { certificate: { commonName: 'boss', organizations: ['system:masters'] } })).code).toBe(200);
  const review = ['/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, {}] as const;
  const certificate = { commonName: 'eve', organizations: [], sha256: 'abc' };
  expect((await api.send('POST', ...review, { certificate })).body.status.userInfo.extra).toEqual({
    'authentication.kubernetes.io/credential-id': ['X509SHA256=abc'],
  });
  const scheduler = { component: { name: 'system:kube-scheduler', groups: [] } };
  expect((await get(maps, {}, scheduler)).code).toBe(403);
  expect((await get('/api/v1/pods', {}, scheduler)).code).toBe(200);
});

test('reviews answer what the authorizer and the authenticator say', async () => {
  const api = await startWithRoles({
    tokenVerifier: {
      verify: async (token) => (token === 't' ? { user: { name: 'system:serviceaccount:a:b', groups: [] }, audiences: ['x'] } : undefined),
    },
  });
  const ask = async (group: string, plural: string, spec: object) => (await api.send('POST', `/apis/${group}/v1/${plural}`, { spec })).body;
  const attributes = { verb: 'get', resource: 'pods' };
  const access = await ask('authorization.k8s.io', 'selfsubjectaccessreviews', { resourceAttributes: attributes });
  expect(access.status).toEqual({ allowed: true });
  const other = await ask('authorization.k8s.io', 'subjectaccessreviews', { user: 'eve', resourceAttributes: attributes });
  expect(other.status).toEqual({ allowed: false });
  expect((await ask('authorization.k8s.io', 'subjectaccessreviews', { resourceAttributes: attributes })).code).toBe(422);
  expect((await ask('authentication.k8s.io', 'selfsubjectreviews', {})).status.userInfo).toEqual({
    username: 'admin',
    groups: ['system:masters', 'system:authenticated'],
  });
  expect((await ask('authentication.k8s.io', 'tokenreviews', { token: 't' })).status).toMatchObject({
    authenticated: true,
    user: { username: 'system:serviceaccount:a:b' },
    audiences: ['x'],
  });
  expect((await ask('authentication.k8s.io', 'tokenreviews', { token: 'u' })).status).toEqual({ user: {}, error: 'invalid bearer token' });
});
