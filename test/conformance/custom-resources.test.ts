import { expect } from 'vitest';
import { behaviour } from './support/behaviour.ts';
import { ask, call, custom, eventually, extensions, type Json, mergePatch, refusal } from './support/cluster.ts';
import { define, object, preserving, spec } from './support/definitions.ts';

behaviour(
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition creating/deleting custom resource definition objects works',
  async (scope) => {
    const { group } = await define(scope, preserving);
    const name = `foos.${group}`;
    await extensions.deleteCustomResourceDefinition({ name });
    await eventually(
      'the definition is gone',
      async () => (await call('GET', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`)).status === 404,
    );
    await eventually('the kind is no longer served', async () => (await call('GET', `/apis/${group}/v1/foos`)).status === 404);
  },
);

behaviour(
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition listing custom resource definition objects works',
  async (scope) => {
    const { group } = await define(scope, preserving);
    const labelSelector = `conformance=${group}`;
    expect((await extensions.listCustomResourceDefinition({ labelSelector })).items).toHaveLength(1);
    await extensions.deleteCollectionCustomResourceDefinition({ labelSelector });
    await eventually('none is left', async () => (await extensions.listCustomResourceDefinition({ labelSelector })).items.length === 0);
  },
);

behaviour(
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition getting/updating/patching custom resource definition status sub-resource works',
  async (scope) => {
    const { group } = await define(scope, preserving);
    const name = `foos.${group}`;
    const current = await extensions.readCustomResourceDefinitionStatus({ name });
    const conditions = [...(current.status?.conditions ?? []), { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'updated' }];
    const patched = await extensions.patchCustomResourceDefinitionStatus({ name, body: { status: { conditions } } }, mergePatch);
    expect(patched.status?.conditions?.map(({ type }) => type)).toContain('StatusUpdate');
  },
);

behaviour(
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] should include custom resource definition resources in discovery documents',
  async () => {
    expect((await ask('GET', '/apis')).groups.map((group: Json) => group.name)).toContain('apiextensions.k8s.io');
    const { resources } = await ask('GET', '/apis/apiextensions.k8s.io/v1');
    expect(resources.map((resource: Json) => resource.name)).toContain('customresourcedefinitions');
  },
);

behaviour(
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] custom resource defaulting for requests and from storage works',
  async (scope) => {
    const namespace = await scope.namespace();
    const schema = (a: Json, b: Json) => spec({ a: { type: 'string', ...a }, b: { type: 'string', ...b } });
    const { group, plural, version } = await define(scope, schema({}, {}));
    await custom.createNamespacedCustomObject({ group, version, plural, namespace, body: object(group, 'first', { spec: {} }) });
    const redefine = (openAPIV3Schema: Json) =>
      extensions.patchCustomResourceDefinition(
        {
          name: `foos.${group}`,
          body: {
            spec: {
              versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', ...openAPIV3Schema } } }],
            },
          },
        },
        mergePatch,
      );
    const read = async (name: string) => (await custom.getNamespacedCustomObject({ group, version, plural, namespace, name })).spec;
    await redefine(schema({ default: 'A' }, {}));
    await eventually('the default is read', async () => (await read('first')).a === 'A');
    await custom.createNamespacedCustomObject({ group, version, plural, namespace, body: object(group, 'second', { spec: {} }) });
    await redefine(schema({}, { default: 'B' }));
    await eventually('the new default is read', async () => (await read('second')).b === 'B');
    expect([await read('first'), await read('second')]).toEqual([{ b: 'B' }, { a: 'A', b: 'B' }]);
  },
);

behaviour(
  '[sig-api-machinery] CustomResourceDefinition Watch [Privileged:ClusterAdmin] CustomResourceDefinition Watch watch on custom resource definition objects',
  async (scope) => {
    const namespace = await scope.namespace();
    const { group, plural, version, path } = await define(scope, preserving);
    const watch = await scope.watch(`${path}/namespaces/${namespace}/foos`);
    await custom.createNamespacedCustomObject({ group, version, plural, namespace, body: object(group, 'a', { content: 1 }) });
    await custom.patchNamespacedCustomObject({ group, version, plural, namespace, name: 'a', body: { content: 2 } }, mergePatch);
    await custom.deleteNamespacedCustomObject({ group, version, plural, namespace, name: 'a' });
    await watch.expect(['ADDED 1', 'MODIFIED 2', 'DELETED 2'], ({ content }) => String(content));
  },
);

behaviour(
  '[sig-api-machinery] FieldValidation should create/apply an invalid CR with extra properties for CRD with validation schema',
  async (scope) => {
    const namespace = await scope.namespace();
    const { group, path } = await define(scope, spec({ known: { type: 'string' } }));
    const foos = `${path}/namespaces/${namespace}/foos`;
    const strict = await call('POST', `${foos}?fieldValidation=Strict`, object(group, 'a', { spec: { known: 'x', extra: 'y' } }));
    expect([strict.status, strict.body.message]).toEqual([400, expect.stringContaining('unknown field "spec.extra"')]);
  },
);

behaviour('[sig-api-machinery] FieldValidation should create/apply a valid CR for CRD with validation schema', async (scope) => {
  const namespace = await scope.namespace();
  const { group, path, plural, version } = await define(scope, spec({ known: { type: 'string', maxLength: 5 } }));
  const foos = `${path}/namespaces/${namespace}/foos`;
  expect((await call('POST', `${foos}?fieldValidation=Strict`, object(group, 'a', { spec: { known: 'x' } }))).status).toBe(201);
  const long = custom.createNamespacedCustomObject({
    group,
    version,
    plural,
    namespace,
    body: object(group, 'b', { spec: { known: 'too long' } }),
  });
  expect((await refusal(long)).message).toContain('spec.known: Too long: may not be more than 5 bytes');
});

behaviour(
  '[sig-api-machinery] FieldValidation should create/apply a CR with unknown fields for CRD with no validation schema',
  async (scope) => {
    const namespace = await scope.namespace();
    const { group, path } = await define(scope, preserving);
    const body = object(group, 'a', { spec: { anything: ['goes'] } });
    const answer = await call('POST', `${path}/namespaces/${namespace}/foos?fieldValidation=Strict`, body);
    expect([answer.status, answer.body.spec]).toEqual([201, { anything: ['goes'] }]);
  },
);

behaviour('[sig-api-machinery] FieldValidation should detect duplicates in a CR when preserving unknown fields', async (scope) => {
  const namespace = await scope.namespace();
  const { group, path } = await define(scope, preserving);
  const body = `{"apiVersion":"${group}/v1","kind":"Foo","metadata":{"name":"a"},"spec":{"foo":"1","foo":"2"}}`;
  const answer = await call('POST', `${path}/namespaces/${namespace}/foos?fieldValidation=Strict`, body);
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('duplicate field "spec.foo"')]);
});

behaviour('[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery request for CRDs', async (scope) => {
  const { group } = await define(scope, preserving);
  await eventually('the group is discovered', async () => {
    const list = await ask('GET', '/apis', undefined, { Accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' });
    return list.items.some((item: Json) => item.metadata.name === group);
  });
});

behaviour(
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD with validation schema',
  async (scope) => {
    const { group } = await define(scope, spec({ known: { type: 'string', description: 'what is known' } }));
    const document = await eventually('the document is published', async () => {
      const answer = await call('GET', `/openapi/v3/apis/${group}/v1`);
      return answer.status === 200 ? answer.body : undefined;
    });
    const found = Object.entries<Json>(document.components.schemas).find(([name]) => name.endsWith('.v1.Foo'))?.[1];
    expect(found?.properties.spec.properties.known).toMatchObject({ type: 'string', description: 'what is known' });
  },
);
