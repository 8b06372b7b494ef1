import { expect, test } from 'vitest';
import type { Body } from '../api.ts';
import { type Admission, startAdmission } from './admission.ts';

const base = '/apis/admissionregistration.k8s.io/v1';
const rulesFor = (...resources: string[]) => ({
  resourceRules: [{ operations: ['CREATE', 'UPDATE'], apiGroups: ['*'], apiVersions: ['*'], resources }],
});
const apply = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const patch = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });

async function start() {
  const admission = await startAdmission();
  return { ...admission, ...policiesOf(admission) };
}

function policiesOf({ api, create }: Admission) {
  const policy = (name: string, spec: object) =>
    api.send('POST', `${base}/mutatingadmissionpolicies`, {
      metadata: { name },
      spec: { matchConstraints: rulesFor('configmaps'), reinvocationPolicy: 'Never', ...spec },
    });
  const bind = (name: string, policyName: string, spec: object = {}) =>
    api.send('POST', `${base}/mutatingadmissionpolicybindings`, { metadata: { name }, spec: { policyName, ...spec } });
  return {
    policy,
    bind,
    map: (name: string, more: object = {}) => create('configmaps', { metadata: { name }, ...more }),
    /** A policy in force at once. */
    enforce: async (name: string, spec: object) => {
      const made = await policy(name, spec);
      expect(made.code, JSON.stringify(made.body)).toBe(201);
      expect((await bind(name, name)).code).toBe(201);
    },
  };
}

const causesOf = ({ details }: Body): string[] =>
  details.causes.map(({ field, message }: { field: string; message: string }) => `${field}: ${message}`);

test('a policy changes what is written once it is bound, with variables and conditions', async () => {
  const { policy, bind, map, merge } = await start();
  const made = await policy('p', {
    variables: [{ name: 'team', expression: "request.namespace + '/' + request.userInfo.username" }],
    matchConditions: [{ name: 'not-plain', expression: 'object.metadata.name != "plain"' }],
    mutations: [apply('Object{metadata: Object.metadata{labels: {"name": object.metadata.name}}, data: {"team": variables.team}}')],
  });
  expect(made.body.spec).toMatchObject({ failurePolicy: 'Fail', matchConstraints: { matchPolicy: 'Equivalent', namespaceSelector: {} } });
  expect((await map('early')).body.data).toBeUndefined();
  await bind('b', 'p');
  expect((await map('a', { metadata: { name: 'a', labels: { own: 'x' } }, data: { own: 'y' } })).body).toMatchObject({
    metadata: { labels: { own: 'x', name: 'a' } },
    data: { own: 'y', team: 'default/admin' },
  });
  expect((await map('plain')).body.data).toBeUndefined();
  expect((await merge('configmaps', 'early', { data: { more: '1' } })).body.data).toEqual({ more: '1', team: 'default/admin' });
});

test('lists with keys are merged by their keys, and defaults come after the change', async () => {
  const { enforce, pod } = await start();
  await enforce('sidecar', {
    matchConstraints: rulesFor('pods'),
    mutations: [
      apply(`Object{
        spec: Object.spec{
          initContainers: [Object.spec.initContainers{name: "mesh", image: "mesh:1", restartPolicy: "Always"}],
          containers: object.spec.containers.map(c, Object.spec.containers{
            name: c.name,
            env: [Object.spec.containers.env{name: "MESH", value: "on"}]
          })
        }
      }`),
    ],
  });
  const { body } = await pod('p');
  expect(body.spec.initContainers).toMatchObject([{ name: 'mesh', image: 'mesh:1', terminationMessagePath: '/dev/termination-log' }]);
  expect(body.spec.containers).toMatchObject([{ name: 'a', image: 'nginx', env: [{ name: 'MESH', value: 'on' }] }]);
});

test('JSON patches are applied one after the other; one whose test fails changes nothing', async () => {
  const { enforce, map } = await start();
  await enforce('p', {
    mutations: [
      patch(`[JSONPatch{op: "add", path: "/metadata/labels", value: {}},
              JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("example.com/a"), value: "1"}]`),
      patch(`[JSONPatch{op: "test", path: "/data/kind", value: "special"}, JSONPatch{op: "replace", path: "/data/kind", value: "seen"}]`),
      patch(
        `has(object.metadata.labels) ? [JSONPatch{op: "add", path: "/metadata/labels/n", value: string(size(object.metadata.labels))}] : []`,
      ),
    ],
  });

  expect((await map('a', { data: { kind: 'special' } })).body).toMatchObject({
    metadata: { labels: { 'example.com/a': '1', n: '1' } },
    data: { kind: 'seen' },
  });
  expect((await map('b', { data: { kind: 'plain' } })).body.data).toEqual({ kind: 'plain' });
});

test('fields of a constructed patch can be selected and asked for', async () => {
  const { enforce, map } = await start();
  await enforce('p', {
    mutations: [
      patch(`[JSONPatch{op: "add", path: "/data", value: {
        "op": JSONPatch{op: "a"}.op, "no-op": "<" + JSONPatch{}.op + ">",
        "set": string(has(JSONPatch{op: "a"}.op)), "unset": string(has(JSONPatch{}.op)),
        "value": string(has(JSONPatch{value: 1}.value)), "no-value": string(has(JSONPatch{}.value)),
        "same": string(JSONPatch{op: "", path: "a"} == JSONPatch{path: "a"}),
        "object": string(has(Object{data: {}}.data))
      }}]`),
    ],
  });
  expect((await map('a')).body.data).toEqual({
    op: 'a',
    'no-op': '<>',
    set: 'true',
    unset: 'false',
    value: 'true',
    'no-value': 'false',
    same: 'true',
    object: 'false',
  });
});

test.each([
  ['a missing key', apply('Object{data: {"a": object.data.missing}}'), /^expression '.*' resulted in error: no such key: missing$/],
  [
    'a field that is not there',
    apply('Object{speck: Object.speck{a: 1}}'),
    /^error applying patch: failed to convert patch object to typed object: \.speck: field not declared in schema$/,
  ],
  [
    'the type of another field',
    apply('Object{metadata: Object.spec{name: "x"}}'),
    /^type mismatch: unexpected type name "Object\.spec", expected "Object\.metadata", which matches field name path from root Object type$/,
  ],
  [
    'a list that is only replaced as a whole',
    apply('Object{metadata: Object.metadata{managedFields: [Object.metadata.managedFields{manager: "x"}]}}'),
    /^error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: \.metadata\.managedFields/,
  ],
  ['a patch that does not apply', patch('[JSONPatch{op: "remove", path: "/data/x/y"}]'), /^JSON Patch: /],
])('%s refuses the write, unless failures are to be passed over', async (_what, mutation, problem) => {
  const { enforce, policy, bind, map } = await start();
  await policy('lenient', { failurePolicy: 'Ignore', mutations: [mutation] });
  await bind('lenient', 'lenient');
  expect((await map('a', { data: { b: 'c' } })).code).toBe(201);
  await enforce('strict', { mutations: [mutation] });
  const { code, body } = await map('b', { data: { b: 'c' } });
  const by = "policy 'strict' with binding 'strict' denied request: ";
  expect([code, body.reason, body.message.slice(0, by.length)]).toEqual([403, 'Invalid', by]);
  expect(body.message.slice(by.length)).toMatch(problem);
  expect(body.details).toMatchObject({ name: 'b', kind: 'configmaps', causes: [{ message: body.message }] });
});

test('unknown fields of a patched object are a failure of the server, whatever the policy says', async () => {
  const { enforce, map } = await start();
  await enforce('p', { failurePolicy: 'Ignore', mutations: [patch('[JSONPatch{op: "add", path: "/speck", value: "x"}]')] });
  expect((await map('a')).body).toMatchObject({
    code: 500,
    message: 'Internal error occurred: strict decoding error: unknown field "speck"',
  });
});

test('parameters are one invocation each; a binding without them may refuse', async () => {
  const { policy, bind, map } = await start();
  await policy('p', {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    matchConditions: [{ name: 'not-params', expression: '!has(object.metadata.labels)' }],
    mutations: [apply('Object{data: {params.metadata.name: params.data.value}}')],
  });
  await map('p1', { metadata: { name: 'p1', labels: { params: 'yes' } }, data: { value: '1' } });
  await map('p2', { metadata: { name: 'p2', labels: { params: 'yes' } }, data: { value: '2' } });
  await bind('b', 'p', { paramRef: { selector: { matchLabels: { params: 'yes' } }, parameterNotFoundAction: 'Allow' } });
  expect((await map('a')).body.data).toEqual({ p1: '1', p2: '2' });
  await bind('strict', 'p', { paramRef: { name: 'none', parameterNotFoundAction: 'Deny' } });
  expect((await map('c')).body).toMatchObject({
    code: 403,
    reason: 'Forbidden',
    message:
      "policy 'p' with binding 'strict' denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
  });
});

test('a policy that wants to is asked again after others have changed the object', async () => {
  const count = patch(`[JSONPatch{op: "add", path: "/data/" + (has(object.data.first) ? "second" : "first"), value: "x"}]`);
  const mark = patch('has(object.data.mark) ? [] : [JSONPatch{op: "add", path: "/data/mark", value: "x"}]');
  for (const [reinvocationPolicy, expected] of [
    ['Never', { own: 'x', first: 'x', mark: 'x' }],
    ['IfNeeded', { own: 'x', first: 'x', second: 'x', mark: 'x' }],
  ] as const) {
    const { enforce, map } = await start();
    await enforce('a', { reinvocationPolicy, mutations: [count] });
    await enforce('b', { mutations: [mark] });
    expect((await map('m', { data: { own: 'x' } })).body.data).toEqual(expected);
  }
});

test('policies and bindings that cannot work are refused', async () => {
  const { policy, bind } = await start();
  const { body } = await policy('p', {
    matchConstraints: { resourceRules: [{ operations: ['DELETE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }] },
    variables: [{ name: 'v', expression: 'Object{}' }],
    reinvocationPolicy: 'Sometimes',
    mutations: [
      apply('Foo{a: 1}'),
      apply('[1]'),
      patch('Object{}'),
      patch('[JSONPatch{op: 1}]'),
      { patchType: 'JSONPatch', applyConfiguration: { expression: 'Object{}' } },
      { patchType: 'Magic' },
      apply(' '),
    ],
  });
  expect(causesOf(body)).toEqual([
    'spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"',
    expect.stringMatching(/^spec\.variables\[0\]\.expression: Invalid value: .*undeclared reference to 'Object' \(in container ''\)/s),
    expect.stringMatching(/applyConfiguration\.expression: Invalid value: .* <input>:1:4: undeclared reference to 'Foo'/s),
    'spec.mutations[1].applyConfiguration.expression: Invalid value: "[1]": must evaluate to Object but got list(int)',
    'spec.mutations[2].jsonPatch.expression: Invalid value: "Object{}": must evaluate to list(JSONPatch) but got Object',
    expect.stringMatching(/<input>:1:14: expected type of field 'op' is 'string' but provided type is 'int'/),
    'spec.mutations[4].jsonPatch: Required value: must be specified when patchType is JSONPatch',
    'spec.mutations[4].applyConfiguration: Invalid value: "{applyConfiguration}": must not be specified when patchType is JSONPatch',
    'spec.mutations[5].patchType: Unsupported value: "Magic": supported values: "ApplyConfiguration", "JSONPatch"',
    'spec.mutations[6].applyConfiguration.expression: Required value',
    'spec.reinvocationPolicy: Unsupported value: "Sometimes": supported values: "IfNeeded", "Never"',
  ]);
  expect(causesOf((await policy('q', { reinvocationPolicy: undefined, mutations: [] })).body)).toEqual([
    'spec.mutations: Required value: mutations must contain at least one item',
    'spec.reinvocationPolicy: Required value',
  ]);
  expect(causesOf((await bind('b', 'P', { paramRef: { name: 'a/b', parameterNotFoundAction: 'Deny' } })).body)).toEqual([
    expect.stringMatching(/^spec\.policyName: Invalid value: "P": a lowercase RFC 1123 subdomain/),
    'spec.paramRef.name: Invalid value: "a/b": may not contain \'/\'',
  ]);
});
