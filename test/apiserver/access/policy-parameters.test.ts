import { beforeEach, expect, test } from 'vitest';
import { type AccessApi, startWithRoles } from './access.ts';

const base = '/apis/admissionregistration.k8s.io/v1';
const matchConstraints = { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] };
const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
const validating = { matchConstraints, validations: [{ expression: 'true' }] };
const mutating = {
  matchConstraints,
  reinvocationPolicy: 'Never',
  mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
};
const merge = { 'content-type': 'application/merge-patch+json' };

let api: AccessApi;
beforeEach(async () => {
  api = await startWithRoles();
  const kinds = [
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
  ];
  await api.grant(
    'User bob',
    '',
    'policies',
    `create patch get on ${kinds.map((kind) => `~admissionregistration.k8s.io~${kind}`).join(',')}`,
  );
});

/** What bob is told of a write: its code, or what is wrong with it. */
async function told(user: string, method: string, path: string, body: object): Promise<number | string[]> {
  const { code, body: answer } = await api.as(user, method, `${base}/${path}`, body, method === 'PATCH' ? merge : {});
  return code < 300 ? code : answer.details.causes.map(({ field, message }: Record<string, string>) => `${field}: ${message}`);
}

const bob = expect.stringMatching(/^&\{bob {2}\[system:authenticated\] map\[.*\]\}$/);
const userIn = (text: string) => /&\{.*\}/.exec(text)?.[0];

test.each([
  ['validatingadmissionpolicies', validating],
  ['mutatingadmissionpolicies', mutating],
])('who makes one of %s may read all parameters', async (plural, spec) => {
  expect(await told('bob', 'POST', plural, { metadata: { name: 'without' }, spec })).toBe(201);
  const object = { metadata: { name: 'p' }, spec: { ...spec, paramKind } };
  const refused = await told('bob', 'POST', plural, object);
  expect(String(refused).replace(/&\{.*\}/, 'USER')).toBe(
    'spec.paramKind: Forbidden: user USER must have "get" permission on all objects of the referenced paramKind (kind=ConfigMap, apiVersion=v1)',
  );
  expect(userIn(String(refused))).toEqual(bob);
  expect(await told('root@system:masters', 'POST', plural, object)).toBe(201);
  // What stands there already is not asked about.
  expect(await told('bob', 'PATCH', `${plural}/p`, { spec: { failurePolicy: 'Ignore' } })).toBe(200);
  expect(await told('bob', 'PATCH', `${plural}/without`, { spec: { paramKind } })).toHaveLength(1);
  await api.grant('User bob', 'default', 'some', 'get on configmaps');
  expect(await told('bob', 'PATCH', `${plural}/without`, { spec: { paramKind } })).toHaveLength(1);
  await api.grant('User bob', '', 'all', 'get on configmaps');
  expect(await told('bob', 'PATCH', `${plural}/without`, { spec: { paramKind } })).toBe(200);
});

test.each([
  [
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    validating,
    { validationActions: ['Deny'] },
    'user USER does not have "get" permission',
  ],
  ['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings', mutating, {}, 'user get does not have "USER" permission'],
])('who binds one of %s may read the parameters that are named', async (policies, plural, spec, binding, message) => {
  await api.send('POST', `${base}/${policies}`, { metadata: { name: 'p' }, spec: { ...spec, paramKind } });
  const bound = (name: string, paramRef?: object) =>
    told('bob', 'POST', plural, { metadata: { name }, spec: { policyName: 'p', ...binding, ...(paramRef && { paramRef }) } });
  expect(await bound('without')).toBe(201);
  const paramRef = { name: 'x', namespace: 'default', parameterNotFoundAction: 'Deny' };
  expect(String(await bound('b', paramRef)).replace(/&\{.*\}/, 'USER')).toBe(
    `spec.paramRef: Forbidden: ${message} on the object referenced by paramRef`,
  );
  await api.grant('User bob', 'default', 'one', 'get on configmaps:x');
  expect(await bound('b', paramRef)).toBe(201);
  expect(await bound('c', { ...paramRef, namespace: 'kube-system' })).toHaveLength(1);
  const { name: _, ...selected } = { ...paramRef, selector: {} };
  expect(await bound('s', selected)).toHaveLength(1);
  await api.grant('User bob', 'default', 'selected', `${plural.startsWith('mutating') ? 'list' : 'get'} on configmaps`);
  expect(await bound('s', selected)).toBe(201);
});
