import { beforeEach, expect, test } from 'vitest';
import { type AccessApi, startWithRoles } from './access.ts';

const whoami = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
let api: AccessApi;
beforeEach(async () => {
  api = await startWithRoles();
});

const as = async (headers: Record<string, string>, user = 'root@system:masters') => (await api.as(user, 'POST', whoami, {}, headers)).body;

test('a request acts as the user of its headers', async () => {
  const userInfo = async (headers: Record<string, string>) => (await as(headers)).status.userInfo;
  expect(await userInfo({ 'impersonate-user': 'bob' })).toEqual({ username: 'bob', groups: ['system:authenticated'] });
  expect(
    await userInfo({
      'Impersonate-User': 'bob',
      'Impersonate-Group': 'dev, ops',
      'Impersonate-Uid': 'u1',
      'Impersonate-Extra-Example.com%2fScope': 'a',
    }),
  ).toEqual({ username: 'bob', uid: 'u1', groups: ['dev', 'ops', 'system:authenticated'], extra: { 'example.com/scope': ['a'] } });
  expect(await userInfo({ 'impersonate-user': 'system:serviceaccount:tools:robot' })).toEqual({
    username: 'system:serviceaccount:tools:robot',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:tools', 'system:authenticated'],
  });
  expect((await as({ 'impersonate-user': 'system:anonymous' })).message).toBe(
    'selfsubjectreviews.authentication.k8s.io is forbidden: User "system:anonymous" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope',
  );
  expect(await as({ 'impersonate-group': 'dev' })).toMatchObject({
    code: 400,
    reason: 'BadRequest',
    message:
      'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"dev"}, Extra:map[string][]string(nil)} without impersonating a user name',
  });
  expect((await as({ 'impersonate-extra-b': '2', 'impersonate-extra-a': '1', 'impersonate-uid': 'u' })).message).toBe(
    'requested &user.DefaultInfo{Name:"", UID:"u", Groups:[]string(nil), Extra:map[string][]string{"a":[]string{"1"}, "b":[]string{"2"}}} without impersonating a user name',
  );
  // Nodes have their groups, too, where the right to be one is asked for by its own name.
  expect((await userInfo({ 'impersonate-user': 'system:node:node-1' })).groups).toEqual(['system:nodes', 'system:authenticated']);
  // Nobody becomes a master but by the older right.
  expect((await userInfo({ 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' })).groups).toContain('system:masters');
});

test('only by those who may impersonate it, all of it', async () => {
  const refused = async (headers: Record<string, string>) => (await as(headers, 'eve')).message;
  await api.grant('User eve', '', 'actor', 'impersonate on users:bob', 'impersonate on groups:dev');
  await api.grant('User eve', '', 'extra', 'impersonate on ~authentication.k8s.io~userextras/scope:a');
  expect(
    (await as({ 'impersonate-user': 'bob', 'impersonate-group': 'dev', 'impersonate-extra-scope': 'a' }, 'eve')).status.userInfo,
  ).toEqual({
    username: 'bob',
    groups: ['dev', 'system:authenticated'],
    extra: { scope: ['a'] },
  });
  expect(await refused({ 'impersonate-user': 'root' })).toBe(
    'users "root" is forbidden: User "eve" cannot impersonate resource "users" in API group "" at the cluster scope',
  );
  expect(await refused({ 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' })).toBe(
    'groups "system:masters" is forbidden: User "eve" cannot impersonate resource "groups" in API group "" at the cluster scope',
  );
  expect(await refused({ 'impersonate-user': 'bob', 'impersonate-extra-scope': 'b' })).toBe(
    'userextras.authentication.k8s.io "b" is forbidden: User "eve" cannot impersonate resource "userextras/scope" in API group "authentication.k8s.io" at the cluster scope',
  );
  expect(await refused({ 'impersonate-user': 'bob', 'impersonate-uid': '1' })).toBe(
    'uids.authentication.k8s.io "1" is forbidden: User "eve" cannot impersonate resource "uids" in API group "authentication.k8s.io" at the cluster scope',
  );
  expect(await refused({ 'impersonate-user': 'system:serviceaccount:default:robot' })).toBe(
    'serviceaccounts "robot" is forbidden: User "eve" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "default"',
  );
});

const configMaps = '/api/v1/namespaces/default/configmaps';

test('who may be somebody for some requests only is them for these', async () => {
  const asBob = (path: string, headers: Record<string, string> = {}) =>
    api.as('eve', 'GET', path, undefined, { 'impersonate-user': 'bob', ...headers });
  await api.grant('User eve', '', 'be', 'impersonate:user-info on ~authentication.k8s.io~users:bob');
  expect((await asBob(configMaps)).body.message).toBe(
    'configmaps is forbidden: User "eve" cannot impersonate-on:user-info:list resource "configmaps" in API group "" in the namespace "default"',
  );
  await api.grant('User eve', '', 'lists', 'impersonate-on:user-info:list on configmaps');
  await api.grant('User bob', '', 'reads', 'get list on configmaps');
  expect(await asBob(configMaps)).toMatchObject({ code: 200 });
  expect((await asBob(`${configMaps}/a`)).body.message).toBe(
    'configmaps "a" is forbidden: User "eve" cannot impersonate-on:user-info:get resource "configmaps" in API group "" in the namespace "default"',
  );
  expect((await asBob(configMaps, { 'impersonate-uid': 'u' })).body.message).toContain('cannot impersonate:user-info resource "uids"');
});

test.each([
  [{ 'impersonate-group': 'system:masters' }, /resource "groups" .*: impersonating the system:masters group is not allowed$/],
  [
    { 'impersonate-extra-scope': 'a' },
    /impersonating an invalid key in extra is not allowed: extra.key: Invalid value: "scope": must be a domain-prefixed/,
  ],
  [{ 'impersonate-extra-example.com%2fScope%41': 'a' }, /impersonating a non-lowercase key in extra is not allowed: "example.com\/scopeA"/],
])('by a constrained right nobody becomes %j', async (headers: Record<string, string>, message) => {
  const all = ['users', 'groups', 'userextras/*'].map((resource) => `~authentication.k8s.io~${resource}`).join(',');
  await api.grant('User eve', '', 'be', `impersonate:user-info on ${all}`, 'impersonate-on:user-info:list on configmaps');
  const answer = await api.as('eve', 'GET', configMaps, undefined, { 'impersonate-user': 'bob', ...headers });
  expect(answer.body.message).toMatch(message);
});

test('many groups are asked for at once, and one by one where not all are allowed', async () => {
  const groups = { 'impersonate-user': 'bob', 'impersonate-group': 'a, b, c, d' };
  const ask = async () => (await api.as('eve', 'POST', whoami, {}, groups)).body;
  const on = 'impersonate-on:user-info:create on ~authentication.k8s.io~selfsubjectreviews';
  await api.grant('User eve', '', 'be', on, 'impersonate:user-info on ~authentication.k8s.io~users');
  expect((await ask()).message).toContain('groups.authentication.k8s.io "a" is forbidden');
  await api.grant('User eve', '', 'all', 'impersonate:user-info on ~authentication.k8s.io~groups:*');
  expect((await ask()).status.userInfo.groups).toEqual(['a', 'b', 'c', 'd', 'system:authenticated']);
});

test('a pod may be made to be its own node, and no other', async () => {
  const name = 'system:serviceaccount:default:agent';
  const extra = { 'authentication.kubernetes.io/node-name': ['node-1'] };
  const peer = { component: { name, groups: ['system:serviceaccounts'], extra } };
  const asNode = async (node: string) => (await api.send('POST', whoami, {}, { 'impersonate-user': `system:node:${node}` }, peer)).body;
  const on = 'impersonate-on:associated-node:create on ~authentication.k8s.io~selfsubjectreviews';
  await api.grant(`User ${name}`, '', 'on', on);
  expect((await asNode('node-1')).message).toBe(
    `nodes.authentication.k8s.io "*" is forbidden: User "${name}" cannot impersonate:associated-node resource "nodes" in API group "authentication.k8s.io" at the cluster scope`,
  );
  await api.grant(`User ${name}`, '', 'be', 'impersonate:associated-node on ~authentication.k8s.io~nodes');
  expect((await asNode('node-1')).status.userInfo).toEqual({
    username: 'system:node:node-1',
    groups: ['system:nodes', 'system:authenticated'],
  });
  expect((await asNode('node-2')).message).toContain('cannot impersonate-on:arbitrary-node:create resource "selfsubjectreviews"');
});
