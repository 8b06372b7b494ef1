import { beforeEach, describe, expect, test } from 'vitest';
import { type AccessApi, rbac, ruleOf, startWithRoles } from './access.ts';

const roles = `${rbac}/namespaces/default/roles`;
const bindings = `${rbac}/namespaces/default/rolebindings`;
const roleRef = (name: string, kind = 'Role') => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const merge = { 'content-type': 'application/merge-patch+json' };

let api: AccessApi;
beforeEach(async () => {
  api = await startWithRoles();
  await api.grant(
    'User eve',
    'default',
    'owner',
    'get list on pods',
    'create update patch get on ~rbac.authorization.k8s.io~roles,~rbac.authorization.k8s.io~rolebindings',
  );
});

describe('whoever writes roles', () => {
  test('gives only what they have, in any shape', async () => {
    const held = { metadata: { name: 'held' }, rules: [ruleOf('get on pods'), ruleOf('list on pods:a')] };
    expect((await api.as('eve', 'POST', roles, held)).code).toBe(201);
    const rules = [ruleOf('get delete watch on pods'), ruleOf('get on ~apps~deployments:web')];
    const refused = await api.as('eve@dev', 'POST', roles, { metadata: { name: 'more' }, rules });
    expect(refused.body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'roles.rbac.authorization.k8s.io "more" is forbidden: user "eve" (groups=["dev" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
        '{APIGroups:[""], Resources:["pods"], Verbs:["delete" "watch"]}\n' +
        '{APIGroups:["apps"], Resources:["deployments"], ResourceNames:["web"], Verbs:["get"]}',
      details: { name: 'more', group: 'rbac.authorization.k8s.io', kind: 'roles' },
    });
    expect((await api.as('eve', 'PATCH', `${roles}/held`, { rules }, merge)).code).toBe(403);
    expect((await api.as('eve', 'PATCH', `${roles}/held`, { rules: [ruleOf('list on pods')] }, merge)).code).toBe(200);
    expect((await api.send('GET', `${roles}/held`)).body.rules).toEqual([ruleOf('list on pods')]);
  });

  test('may pass on what they may escalate, and take owners away from anything', async () => {
    const more = {
      metadata: { name: 'more', ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }] },
      rules: [ruleOf('delete on pods')],
    };
    expect((await api.send('POST', roles, more)).code).toBe(201);
    expect((await api.as('eve', 'PATCH', `${roles}/more`, { metadata: { labels: { a: 'b' } } }, merge)).code).toBe(403);
    expect((await api.as('eve', 'PATCH', `${roles}/more`, { metadata: { ownerReferences: null } }, merge)).code).toBe(200);
    await api.grant('User eve', 'default', 'escalator', 'escalate on ~rbac.authorization.k8s.io~roles:more');
    expect((await api.as('eve', 'PATCH', `${roles}/more`, { metadata: { labels: { a: 'b' } } }, merge)).code).toBe(200);
  });

  test('need everything to aggregate', async () => {
    await api.grant('User eve', '', 'author', 'create on ~rbac.authorization.k8s.io~clusterroles');
    const role = { metadata: { name: 'sum' }, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } };
    expect((await api.as('eve', 'POST', `${rbac}/clusterroles`, role)).body.message).toBe(
      'clusterroles.rbac.authorization.k8s.io "sum" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    );
    expect((await api.as('root@system:masters', 'POST', `${rbac}/clusterroles`, role)).code).toBe(201);
  });
});

describe('whoever writes bindings', () => {
  const binding = (name: string, ref: object) => ({ metadata: { name }, roleRef: ref, subjects: [{ kind: 'User', name: 'bob' }] });

  test('passes on roles of rules that they hold', async () => {
    expect((await api.as('eve', 'POST', bindings, binding('a', roleRef('owner')))).code).toBe(201);
    expect((await api.as('eve', 'POST', bindings, binding('b', roleRef('cluster-admin', 'ClusterRole')))).body.message).toBe(
      'rolebindings.rbac.authorization.k8s.io "b" is forbidden: user "eve" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
        '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n' +
        '{NonResourceURLs:["*"], Verbs:["*"]}',
    );
  });

  test('cannot name roles that are not there, unless they may bind them', async () => {
    expect((await api.as('eve', 'POST', bindings, binding('c', roleRef('nothing')))).body).toMatchObject({
      code: 404,
      message: 'roles.rbac.authorization.k8s.io "nothing" not found',
    });
    await api.grant(
      'User eve',
      'default',
      'binder',
      'bind on ~rbac.authorization.k8s.io~roles:nothing,~rbac.authorization.k8s.io~clusterroles',
    );
    await api.grant('User eve', 'default', 'binder-2', 'bind on ~rbac.authorization.k8s.io~roles:nothing');
    expect((await api.as('eve', 'POST', bindings, binding('c', roleRef('nothing')))).code).toBe(201);
  });
});
