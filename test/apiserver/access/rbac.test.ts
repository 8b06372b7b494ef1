import { describe, expect, test } from 'vitest';
import { rbac, startWithRoles } from './access.ts';

const pods = '/api/v1/namespaces/default/pods';

describe('rules', () => {
  test.each([
    // [rules, method, path, allowed]
    ['get list on pods', 'GET', pods, true],
    ['get list on pods', 'GET', `${pods}?watch=1&timeoutSeconds=1`, false],
    ['get list on pods', 'GET', `${pods}/a`, true],
    ['get list on pods', 'GET', `${pods}/a/log`, false],
    ['get on pods/log', 'GET', `${pods}/a/log`, true],
    ['get on */log', 'GET', `${pods}/a/log`, true],
    ['* on *', 'GET', `${pods}/a/log`, true],
    ['get on pods', 'GET', '/api/v1/namespaces/other/pods/a', false],
    ['get on pods:a', 'GET', `${pods}/a`, true],
    ['get on pods:a', 'GET', `${pods}/b`, false],
    ['list on pods:a', 'GET', pods, false],
    ['list on pods:a', 'GET', `${pods}?fieldSelector=metadata.name%3Da`, true],
    ['list on pods:a', 'GET', `${pods}?fieldSelector=metadata.name%3Da,spec.nodeName%3Dn`, true],
    ['list on pods:a', 'GET', `${pods}?fieldSelector=metadata.name!%3Da`, false],
    ['get on namespaces', 'GET', '/api/v1/namespaces/default', true],
    ['deletecollection on pods', 'DELETE', pods, true],
    ['delete on pods', 'DELETE', pods, false],
    ['list on ~apps~pods', 'GET', pods, false],
    ['list on ~apps~deployments', 'GET', '/apis/apps/v1/namespaces/default/deployments', true],
    ['list on ~*~deployments', 'GET', '/apis/apps/v1/namespaces/default/deployments', true],
  ])('"%s" and %s %s: %s', async (rule, method, path, allowed) => {
    const api = await startWithRoles();
    await api.grant('User eve', 'default', 'some', rule);
    const { code } = await api.as('eve', method, path);
    expect(code === 403).toBe(!allowed);
  });

  test('reach over paths by their beginnings', async () => {
    const api = await startWithRoles();
    await api.grant('Group ops', '', 'paths', 'get on /openapi/*', 'get on /livez');
    expect((await api.as('eve@ops', 'GET', '/livez')).code).toBe(200);
    expect((await api.as('eve@ops', 'GET', '/livez/ping')).body.message).toBe('forbidden: User "eve" cannot get path "/livez/ping"');
    expect((await api.as('eve@ops', 'GET', '/openapi/v3')).code).toBe(200);
    expect((await api.as('eve@ops', 'POST', '/livez')).code).toBe(403);
  });
});

test('bindings reach as far as their kind, to users, groups and service accounts, and end at once', async () => {
  const api = await startWithRoles();
  const all = '/api/v1/pods';
  await api.grant('User eve', '', 'reader', 'list on pods');
  expect((await api.as('eve', 'GET', all)).code).toBe(200);
  expect((await api.as('bob', 'GET', all)).body.message).toBe(
    'pods is forbidden: User "bob" cannot list resource "pods" in API group "" at the cluster scope',
  );
  await api.send('POST', `${rbac}/namespaces/default/rolebindings`, {
    metadata: { name: 'in-default' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
    subjects: [
      { kind: 'Group', name: 'dev' },
      { kind: 'ServiceAccount', name: 'robot', namespace: 'tools' },
    ],
  });
  expect((await api.as('bob@dev', 'GET', pods)).code).toBe(200);
  expect((await api.as('bob@dev', 'GET', all)).code).toBe(403);
  expect((await api.as('system:serviceaccount:tools:robot', 'GET', pods)).code).toBe(200);
  expect((await api.as('system:serviceaccount:default:robot', 'GET', pods)).code).toBe(403);

  await api.send('DELETE', `${rbac}/clusterrolebindings/reader`);
  expect((await api.as('eve', 'GET', all)).code).toBe(403);
  await api.send('PATCH', `${rbac}/clusterroles/reader`, { rules: [] }, { 'content-type': 'application/merge-patch+json' });
  expect((await api.as('bob@dev', 'GET', pods)).code).toBe(403);
  await api.send('DELETE', `${rbac}/clusterroles/reader`);
  expect((await api.as('bob@dev', 'GET', pods)).body).toMatchObject({
    message:
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default": RBAC: clusterrole.rbac.authorization.k8s.io "reader" not found',
    details: { kind: 'pods' },
  });
});

test('reviews tell by which binding something is allowed, and all rules that one holds', async () => {
  const api = await startWithRoles();
  await api.grant('User eve', 'default', 'reader', 'get on pods:a');
  const review = async (user: string, resourceAttributes: object) =>
    (await api.send('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec: { user, resourceAttributes } })).body.status;
  expect(await review('eve', { verb: 'get', resource: 'pods', name: 'a', namespace: 'default' })).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "reader/default" of Role "reader" to User "eve"',
  });
  expect(await review('eve', { verb: 'get', resource: 'pods', name: 'b', namespace: 'default' })).toEqual({ allowed: false });

  const { status } = (
    await api.as('eve', 'POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: 'default' } })
  ).body;
  expect(status.incomplete).toBe(false);
  expect(status.resourceRules).toContainEqual({ verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] });
  expect(status.resourceRules).toContainEqual({
    verbs: ['create'],
    apiGroups: ['authentication.k8s.io'],
    resources: ['selfsubjectreviews'],
  });
  expect(status.nonResourceRules).toContainEqual({
    verbs: ['get'],
    nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'],
  });
});

test('a thousand bindings of others do not slow a request down', async () => {
  const api = await startWithRoles();
  await Promise.all(
    Array.from({ length: 1000 }, (_, index) => api.grant(`User u${index}`, 'default', `r${index}`, 'get on pods', 'list on services')),
  );
  const times: number[] = [];
  for (let index = 0; index < 200; index++) {
    const start = performance.now();
    expect((await api.as(`u${index}`, 'GET', '/api/v1/namespaces/default/services')).code).toBe(200);
    times.push(performance.now() - start);
  }
  // The whole request, on a machine that is busy with something else.
  expect(times.sort((a, b) => a - b)[100]).toBeLessThan(10);
});
