import { expect } from 'vitest';
import { behaviour, type Scope } from './support/behaviour.ts';
import { type Answer, call } from './support/cluster.ts';
import { define, object, preserving, spec } from './support/definitions.ts';

const deployments = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments?fieldManager=field_validation_mgr`;

/** A Deployment as a text, with more in its metadata and its spec. */
const deployment = (metadata: string, specification: string) => `{"apiVersion":"apps/v1","kind":"Deployment",
"metadata":{"name":"my-dep",${metadata}"labels":{"app":"nginx"}},"spec":{${specification}"selector":{"matchLabels":{"app":"nginx"}},
"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"nginx:latest"}]}}}}`;

behaviour('[sig-api-machinery] FieldValidation should detect unknown and duplicate fields of a typed object', async (scope) => {
  const path = deployments(await scope.namespace());
  const body = deployment('', '"unknownField":"foo","replicas":2,"replicas":3,');
  const strict = await call('POST', `${path}&fieldValidation=Strict`, body);
  const complaint = 'strict decoding error: unknown field "spec.unknownField", duplicate field "spec.replicas"';
  expect([strict.status, strict.body.reason, strict.body.message]).toEqual([400, 'BadRequest', expect.stringContaining(complaint)]);
  const warned = await call('POST', `${path}&fieldValidation=Warn&dryRun=All`, body);
  expect([warned.status, warned.body.spec.replicas]).toEqual([201, 3]);
  for (const warning of ['unknown field \\"spec.unknownField\\"', 'duplicate field \\"spec.replicas\\"']) {
    expect(String(warned.headers.warning)).toContain(`299 - "${warning}"`);
  }
  const ignored = await call('POST', `${path}&fieldValidation=Ignore&dryRun=All`, body);
  expect([ignored.status, ignored.headers.warning]).toEqual([201, undefined]);
});

behaviour('[sig-api-machinery] FieldValidation should detect unknown metadata fields of a typed object', async (scope) => {
  const path = deployments(await scope.namespace());
  const answer = await call('POST', `${path}&fieldValidation=Strict`, deployment('"unknownMeta":"foo",', ''));
  const complaint = 'strict decoding error: unknown field "metadata.unknownMeta"';
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(complaint)]);
});

const port = {
  type: 'object',
  required: ['containerPort', 'protocol'],
  properties: { containerPort: { type: 'integer', format: 'int32' }, name: { type: 'string' }, protocol: { type: 'string' } },
};
const properties = {
  foo: { type: 'string' },
  cronSpec: { type: 'string', pattern: String.raw`^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$` },
  ports: { type: 'array', x_kubernetes_list_type: 'map', x_kubernetes_list_map_keys: ['containerPort', 'protocol'], items: port },
};

/** Applies a custom resource as a text in YAML, and asks that all its fields be known. */
async function apply(scope: Scope, schema: object, yaml: (apiVersion: string) => string): Promise<Answer> {
  const namespace = await scope.namespace();
  const { group, path } = await define(scope, schema);
  const query = 'fieldManager=field_validation_mgr&fieldValidation=Strict';
  const body = yaml(`${group}/v1`);
  return await call('PATCH', `${path}/namespaces/${namespace}/foos/mytest?${query}`, body, {
    'Content-Type': 'application/apply-patch+yaml',
  });
}

const custom = (apiVersion: string, more: { root?: string; metadata?: string; spec?: string } = {}) => `apiVersion: ${apiVersion}
kind: Foo
metadata:
  name: mytest
${more.metadata ?? ''}${more.root ?? ''}spec:
${more.spec ?? ''}  foo: foo1
  cronSpec: "* * * * */5"
  ports:
  - name: x
    containerPort: 80
    protocol: TCP
`;

behaviour('[sig-api-machinery] FieldValidation should create/apply a valid CR for CRD with validation schema', async (scope) => {
  const answer = await apply(scope, spec(properties), (apiVersion) => custom(apiVersion));
  expect([answer.status, answer.body.spec]).toEqual([
    201,
    { foo: 'foo1', cronSpec: '* * * * */5', ports: [{ name: 'x', containerPort: 80, protocol: 'TCP' }] },
  ]);
});

behaviour('own: a custom resource that its schema forbids is refused with all that is wrong', async (scope) => {
  const namespace = await scope.namespace();
  const { group, path } = await define(scope, spec({ ...properties, known: { type: 'string', maxLength: 5 } }));
  const body = object(group, 'a', { spec: { known: 'too long', cronSpec: 'never', ports: [{ containerPort: 1 }] } });
  const answer = await call('POST', `${path}/namespaces/${namespace}/foos?fieldValidation=Strict`, body);
  expect(answer.body).toMatchObject({ code: 422, reason: 'Invalid' });
  expect(answer.body.details.causes.map(({ field, message }: { field: string; message: string }) => `${field}: ${message}`).sort()).toEqual(
    [
      expect.stringMatching(/^spec\.cronSpec: Invalid value: "never": spec\.cronSpec in body should match /),
      'spec.known: Too long: may not be more than 5 bytes',
      'spec.ports[0].protocol: Required value',
    ],
  );
});

behaviour(
  '[sig-api-machinery] FieldValidation should create/apply a CR with unknown fields for CRD with no validation schema',
  async (scope) => {
    const answer = await apply(scope, preserving, (apiVersion) => custom(apiVersion, { spec: '  unknown: uk1\n' }));
    expect([answer.status, answer.body.spec.unknown]).toEqual([201, 'uk1']);
  },
);

behaviour(
  '[sig-api-machinery] FieldValidation should create/apply an invalid CR with extra properties for CRD with validation schema',
  async (scope) => {
    const answer = await apply(scope, spec(properties), (apiVersion) => custom(apiVersion, { root: 'unknownField: unknown\n' }));
    expect([answer.status, answer.body.message]).toEqual([500, expect.stringContaining('.unknownField: field not declared in schema')]);
  },
);

behaviour(
  '[sig-api-machinery] FieldValidation should detect unknown metadata fields in both the root and embedded object of a CR',
  async (scope) => {
    const template = {
      type: 'object',
      x_kubernetes_embedded_resource: true,
      properties: { metadata: { type: 'object', properties: { name: { type: 'string' } } }, spec: { type: 'object' } },
    };
    const schema = { properties: { spec: { type: 'object', ...preserving, properties: { ...properties, template } } } };
    const inner =
      '  template:\n    apiVersion: foo/v1\n    kind: Sub\n    metadata:\n      unknownSubMeta: unknown\n      name: subobject\n';
    const answer = await apply(scope, schema, (apiVersion) => custom(apiVersion, { metadata: '  unknownMeta: unknown\n', spec: inner }));
    expect(answer.status).toBe(500);
    for (const field of ['.metadata.unknownMeta', '.spec.template.metadata.unknownSubMeta']) {
      expect(answer.body.message).toContain(`${field}: field not declared in schema`);
    }
    const namespace = await scope.namespace();
    const { group, path } = await define(scope, schema);
    const nested = { apiVersion: 'foo/v1', kind: 'Sub', metadata: { name: 'subobject', unknownSubMeta: 'x' } };
    const body = object(group, 'a', { spec: { template: nested } });
    const created = await call('POST', `${path}/namespaces/${namespace}/foos?fieldValidation=Strict`, {
      ...body,
      metadata: { ...body.metadata, unknownMeta: 'x' },
    });
    expect(created.status).toBe(400);
    for (const field of ['metadata.unknownMeta', 'spec.template.metadata.unknownSubMeta']) {
      expect(created.body.message).toContain(`unknown field "${field}"`);
    }
  },
);

behaviour('[sig-api-machinery] FieldValidation should detect duplicates in a CR when preserving unknown fields', async (scope) => {
  const schema = { properties: { spec: { type: 'object', ...preserving, properties } } };
  const answer = await apply(scope, schema, (apiVersion) => custom(apiVersion, { spec: '  unknown: uk1\n  foo: foo2\n' }));
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('key "foo" already set in map')]);
  const namespace = await scope.namespace();
  const { group, path } = await define(scope, schema);
  const body = `{"apiVersion":"${group}/v1","kind":"Foo","metadata":{"name":"a"},"spec":{"foo":"1","foo":"2"}}`;
  const created = await call('POST', `${path}/namespaces/${namespace}/foos?fieldValidation=Strict`, body);
  expect([created.status, created.body.message]).toEqual([400, expect.stringContaining('duplicate field "spec.foo"')]);
});
