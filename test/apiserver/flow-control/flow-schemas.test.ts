import { beforeAll, expect, test } from 'vitest';
import type { PolicyRulesWithSubjects } from '../../../runtime/api/generated/types/flowcontrol/v1.ts';
import type { User } from '../../../runtime/apiserver/authentication/user.ts';
import { isOfSchema } from '../../../runtime/apiserver/flow-control/matching.ts';
import { requestInfo } from '../../../runtime/apiserver/request-info.ts';
import { flowSchemas, priorityLevels } from '../../../runtime/bootstrap/flow-control.ts';
import { type Api, admin, startApi } from '../api.ts';

const group = (name: string) => ({ kind: 'Group', group: { name } });
const account = (namespace: string, name: string) => ({ kind: 'ServiceAccount', serviceAccount: { namespace, name } });
const user = (name: string) => ({ kind: 'User', user: { name } });
const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true };
const pods = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'], namespaces: ['a'] };
const jane: User = { name: 'jane', groups: ['staff'] };
const robot: User = { name: 'system:serviceaccount:a:robot', groups: [] };

// As upstream's rule_test.go has it.
test.each<[string, PolicyRulesWithSubjects, User, string, boolean]>([
  ['everyone', { subjects: [user('*')], resourceRules: [everything] }, jane, '/api/v1/nodes', true],
  ['a user', { subjects: [user('joe'), user('jane')], resourceRules: [everything] }, jane, '/api/v1/nodes', true],
  ['another user', { subjects: [user('joe')], resourceRules: [everything] }, jane, '/api/v1/nodes', false],
  ['a group', { subjects: [group('staff')], resourceRules: [everything] }, jane, '/api/v1/nodes', true],
  ['all groups', { subjects: [group('*')], resourceRules: [everything] }, robot, '/api/v1/nodes', true],
  ['an account', { subjects: [account('a', 'robot')], resourceRules: [everything] }, robot, '/api/v1/nodes', true],
  ['all accounts of a namespace', { subjects: [account('a', '*')], resourceRules: [everything] }, robot, '/api/v1/nodes', true],
  ['accounts elsewhere', { subjects: [account('b', '*')], resourceRules: [everything] }, robot, '/api/v1/nodes', false],
  ['resources in a namespace', { subjects: [user('*')], resourceRules: [pods] }, jane, '/api/v1/namespaces/a/pods', true],
  ['in another', { subjects: [user('*')], resourceRules: [pods] }, jane, '/api/v1/namespaces/b/pods', false],
  ['in the cluster', { subjects: [user('*')], resourceRules: [pods] }, jane, '/api/v1/pods', false],
  ['of another group', { subjects: [user('*')], resourceRules: [pods] }, jane, '/apis/x/v1/namespaces/a/pods', false],
  ['a subresource', { subjects: [user('*')], resourceRules: [pods] }, jane, '/api/v1/namespaces/a/pods/p/log', false],
  ['no path', { subjects: [user('*')], resourceRules: [everything] }, jane, '/healthz', false],
  ['a path', { subjects: [user('*')], nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz'] }] }, jane, '/healthz', true],
  ['below it', { subjects: [user('*')], nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/livez/*'] }] }, jane, '/livez/x', true],
  ['beside it', { subjects: [user('*')], nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/livez'] }] }, jane, '/livezz', false],
  ['another verb', { subjects: [user('*')], nonResourceRules: [{ verbs: ['put'], nonResourceURLs: ['*'] }] }, jane, '/x', false],
])('a schema is for %s', (_, rule, asking, path, expected) => {
  const spec = { priorityLevelConfiguration: { name: 'x' }, rules: [rule] };
  expect(isOfSchema(spec, requestInfo('GET', new URL(path, 'https://localhost')), asking)).toBe(expected);
});

let api: Api;
const uids = new Map<string, string>();
const apis = '/apis/flowcontrol.apiserver.k8s.io/v1';
beforeAll(async () => {
  api = await startApi({
    tokens: [
      { token: 'admin', user: admin },
      { token: 'jane', user: { name: 'jane', groups: ['system:authenticated'] } },
      {
        token: 'robot',
        user: { name: 'system:serviceaccount:kube-system:robot', groups: ['system:serviceaccounts', 'system:authenticated'] },
      },
    ],
  });
  for (const object of [...priorityLevels, ...flowSchemas]) {
    const { body } = await api.send(
      'POST',
      `${apis}/${object.kind === 'FlowSchema' ? 'flowschemas' : 'prioritylevelconfigurations'}`,
      object,
    );
    uids.set(body.metadata.uid, body.metadata.name);
  }
});

async function classOf(path: string, token: string, method = 'GET'): Promise<unknown[]> {
  const { code, headers } = await api.send(method, path, undefined, { authorization: `Bearer ${token}` }, {});
  const named = (header: string) => uids.get(headers.get(header) ?? '');
  return [code, named('x-kubernetes-pf-flowschema-uid'), named('x-kubernetes-pf-prioritylevel-uid')];
}

test.each([
  ['/api/v1/namespaces', 'admin', 200, 'exempt', 'exempt'],
  ['/readyz', 'jane', 403, 'probes', 'exempt'],
  ['/api/v1/namespaces', 'jane', 403, 'global-default', 'global-default'],
  ['/api/v1/namespaces', 'robot', 403, 'kube-system-service-accounts', 'workload-high'],
  ['/apis/none', 'jane', 403, 'global-default', 'global-default'],
  ['/api/v1/namespaces', 'nobody', 401, undefined, undefined],
  ['/api/v1/namespaces/default/pods/p/log', 'admin', 404, undefined, undefined],
])('%s of %s is answered %i and told as %s of %s', async (path, token, ...expected) => {
  expect(await classOf(path, token)).toEqual(expected);
});

test('schemas that change classify anew, in the order of their precedence, and none without its level', async () => {
  const rules = [{ subjects: [user('jane')], resourceRules: [everything] }];
  const make = async (name: string, matchingPrecedence: number, level: string) => {
    const spec = { matchingPrecedence, priorityLevelConfiguration: { name: level }, rules };
    const { body } = await api.send('POST', `${apis}/flowschemas`, { metadata: { name }, spec });
    uids.set(body.metadata.uid, name);
  };
  await make('dangling', 3, 'nothing');
  await make('late', 5, 'workload-low');
  expect(await classOf('/api/v1/pods', 'jane')).toEqual([403, 'late', 'workload-low']);
  await make('early', 4, 'workload-high');
  expect(await classOf('/api/v1/pods', 'jane')).toEqual([403, 'early', 'workload-high']);
  await api.send('DELETE', `${apis}/flowschemas/early`);
  expect(await classOf('/api/v1/pods', 'jane')).toEqual([403, 'late', 'workload-low']);
});
