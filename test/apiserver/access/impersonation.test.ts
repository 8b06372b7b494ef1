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
  expect(await as({ 'impersonate-group': 'dev' })).toBe(
    `Internal Server Error: "${whoami}": requested [{Group  dev    }] without impersonating a user\n`,
  );
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
