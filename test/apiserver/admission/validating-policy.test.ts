import { expect, test } from 'vitest';
import { parseAuditPolicy } from '../../../runtime/apiserver/audit/policy.ts';
import { type Admission, startAdmission } from './admission.ts';

const base = '/apis/admissionregistration.k8s.io/v1';
const configMaps = { resourceRules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }] };

async function start() {
  const admission = await startAdmission();
  return {
    ...admission,
    ...policiesOf(admission),
    map: (name: string, more: object = {}) => admission.create('configmaps', { metadata: { name }, ...more }),
  };
}

function policiesOf({ api }: Admission) {
  return {
    policy: (name: string, spec: object) =>
      api.send('POST', `${base}/validatingadmissionpolicies`, { metadata: { name }, spec: { matchConstraints: configMaps, ...spec } }),
    bind: (name: string, policyName: string, spec: object = {}) =>
      api.send('POST', `${base}/validatingadmissionpolicybindings`, {
        metadata: { name },
        spec: { policyName, validationActions: ['Deny'], ...spec },
      }),
  };
}

test('a policy refuses once it is bound, in the words of its message, for the reason it gives', async () => {
  const { policy, bind, map, create } = await start();
  await policy('p', {
    variables: [
      { name: 'data', expression: 'has(object.data) ? object.data : {}' },
      { name: 'size', expression: 'size(variables.data)' },
    ],
    validations: [
      { expression: 'variables.size < 2', messageExpression: '"too many: " + string(variables.size)' },
      { expression: "object.metadata.name != 'plain'" },
      { expression: "object.metadata.name != 'secret'", message: 'no secrets', reason: 'Forbidden' },
    ],
  });
  expect((await map('plain')).code).toBe(201);
  await bind('b', 'p');
  const message = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: too many: 2";
  expect((await map('many', { data: { a: '1', b: '2' } })).body).toMatchObject({
    code: 422,
    reason: 'Invalid',
    message: `configmaps "many" is forbidden: ${message}`,
    details: { name: 'many', kind: 'configmaps', causes: [{ message }] },
  });
  expect((await create('configmaps', { metadata: { name: 'secret' } })).body).toMatchObject({
    code: 403,
    reason: 'Forbidden',
    message: `configmaps "secret" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no secrets`,
  });
  expect((await map('good', { data: { a: '1' } })).code).toBe(201);
});

test('what is written and by whom can be asked about', async () => {
  const { api, policy, bind, map, merge } = await start();
  await policy('p', {
    validations: [
      { expression: "request.operation != 'UPDATE' || object.data.a == oldObject.data.a", message: 'a stays' },
      { expression: "request.operation != 'DELETE' || object == null && oldObject.metadata.name != 'kept'", message: 'kept' },
      { expression: "request.userInfo.username == 'admin' && request.namespace == namespaceObject.metadata.name" },
      { expression: "authorizer.group('').resource('configmaps').namespace('default').check('create').allowed()" },
      { expression: "authorizer.requestResource.check('get').allowed()" },
      { expression: "!authorizer.serviceAccount('default', 'default').path('/metrics').check('get').allowed()" },
    ],
  });
  await bind('b', 'p');
  expect((await map('kept', { data: { a: '1' } })).code).toBe(201);
  expect((await merge('configmaps', 'kept', { data: { b: '1' } })).code).toBe(200);
  expect((await merge('configmaps', 'kept', { data: { a: '2' } })).body.message).toContain('denied request: a stays');
  expect((await api.send('DELETE', '/api/v1/namespaces/default/configmaps/kept')).body.message).toContain('denied request: kept');
});

test('a binding may only warn, and choose by labels, with parameters', async () => {
  const { policy, bind, map } = await start();
  await policy('p', {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    matchConditions: [{ name: 'not-params', expression: '!object.metadata.name.startsWith("params")' }],
    validations: [{ expression: 'object.metadata.name != params.data.name', messageExpression: '"not " + params.data.name' }],
  });
  await bind('b', 'p', {
    validationActions: ['Warn'],
    paramRef: { selector: { matchLabels: { params: 'yes' } }, parameterNotFoundAction: 'Allow' },
    matchResources: { objectSelector: { matchLabels: { judged: 'yes' } } },
  });
  const judged = (name: string) => map('x', { metadata: { name, labels: { judged: 'yes' } } });
  expect((await judged('early')).headers.get('warning')).toBeNull();
  await map('x', { metadata: { name: 'params-1', labels: { params: 'yes' } }, data: { name: 'a' } });
  await map('x', { metadata: { name: 'params-2', labels: { params: 'yes' } }, data: { name: 'b' } });
  expect((await map('a')).headers.get('warning')).toBeNull();
  const { code, headers } = await judged('b');
  expect([code, headers.get('warning')]).toEqual([
    201,
    `299 - "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': not b"`,
  ]);
  await bind('strict', 'p', { paramRef: { name: 'none', parameterNotFoundAction: 'Deny' } });
  expect((await map('c')).body.message).toBe(
    "configmaps \"c\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'strict' denied request: " +
      'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  );
});

test('failures of expressions refuse, unless they are to be passed over', async () => {
  const { policy, bind, map } = await start();
  const validations = [{ expression: 'object.data.missing == "x"' }];
  await policy('lenient', { failurePolicy: 'Ignore', validations });
  await bind('l', 'lenient');
  expect((await map('a', { data: { b: 'c' } })).code).toBe(201);
  await policy('strict', { validations });
  await bind('s', 'strict');
  expect((await map('b', { data: { b: 'c' } })).body.message).toBe(
    "configmaps \"b\" is forbidden: ValidatingAdmissionPolicy 'strict' with binding 's' denied request: " +
      `expression 'object.data.missing == "x"' resulted in error: no such key: missing`,
  );
});

test('policies and bindings that cannot work are refused', async () => {
  const { policy, bind } = await start();
  const { body } = await policy('p', {
    validations: [{ expression: 'object.a ==' }, { expression: 'size(object)' }, { expression: 'params.x', message: 'a\nb' }],
    variables: [{ name: 'a-b', expression: 'foo' }],
  });
  const causes = body.details.causes.map(({ field, message }: { field: string; message: string }) => `${field}: ${message}`);
  expect(causes).toEqual([
    'spec.variables[0].name: Invalid value: "a-b": must be a valid CEL identifier',
    expect.stringMatching(
      /^spec\.variables\[0\]\.expression: Invalid value: "foo": compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo'/,
    ),
    expect.stringMatching(/^spec\.validations\[0\]\.expression: Invalid value: "object\.a ==": compilation failed: ERROR: <input>:1:/),
    'spec.validations[1].expression: Invalid value: "size(object)": must evaluate to bool but got int',
    expect.stringMatching(
      /^spec\.validations\[2\]\.expression: Invalid value: "params\.x": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params'/,
    ),
    'spec.validations[2].message: Invalid value: "a\\nb": must not contain line breaks',
  ]);
  expect((await bind('b', 'p', { validationActions: ['Deny', 'Warn'], paramRef: {} })).body.details.causes).toMatchObject([
    { field: 'spec.paramRef', message: 'Required value: one of name or selector must be specified' },
    { field: 'spec.paramRef.parameterNotFoundAction', message: 'Required value' },
    { field: 'spec.validationActions', reason: 'FieldValueInvalid' },
  ]);
});

test('audit annotations and failures are written down, and policies follow their changes', async () => {
  const lines: string[] = [];
  const policyOfAudit = parseAuditPolicy('apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{ level: Metadata }]');
  const admission = await startAdmission({ audit: { policy: policyOfAudit, sink: (line) => lines.push(line) } });
  const { policy, bind } = policiesOf(admission);
  await policy('p', {
    auditAnnotations: [{ key: 'who', valueExpression: '"by " + request.userInfo.username' }],
    validations: [{ expression: 'object.metadata.name == "a"', message: 'only a' }],
  });
  await bind('b', 'p', { validationActions: ['Audit'] });
  const annotations = async (name: string) => {
    lines.length = 0;
    expect((await admission.create('configmaps', { metadata: { name } })).code).toBe(201);
    return JSON.parse(lines.at(-1) ?? '').annotations;
  };
  const failure = { message: 'only a', policy: 'p', binding: 'b', expressionIndex: 0, validationActions: ['Audit'] };
  expect(await annotations('b')).toMatchObject({
    'p/who': 'by admin',
    'validation.policy.admission.k8s.io/validation_failure': JSON.stringify([failure]),
  });
  await admission.api.send(
    'PATCH',
    `${base}/validatingadmissionpolicies/p`,
    { spec: { validations: [{ expression: 'true' }] } },
    { 'content-type': 'application/merge-patch+json' },
  );
  expect(Object.keys(await annotations('c'))).not.toContain('validation.policy.admission.k8s.io/validation_failure');
});
