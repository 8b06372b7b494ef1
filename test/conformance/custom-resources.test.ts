import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour } from './support/behaviour.ts';
import { ask, call, custom, eventually, extensions, type Json, jsonPatch, mergePatch } from './support/cluster.ts';
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
    const label = scope.unique('listed');
    const labelSelector = `conformance-list=${label}`;
    const definitions = await Promise.all(Array.from({ length: 10 }, () => define(scope, preserving)));
    const { group: other } = await define(scope, preserving);
    const named = await Promise.all(
      definitions.map(({ group }) =>
        extensions.patchCustomResourceDefinition(
          { name: `foos.${group}`, body: { metadata: { labels: { 'conformance-list': label } } } },
          mergePatch,
        ),
      ),
    );
    const { items } = await extensions.listCustomResourceDefinition({ labelSelector });
    const byName = (list: readonly V1CustomResourceDefinition[]) =>
      Object.fromEntries(list.map(({ metadata, spec }) => [metadata?.name, spec]));
    expect(byName(items)).toEqual(byName(named));
    await extensions.deleteCollectionCustomResourceDefinition({ labelSelector });
    await eventually('none is left', async () => (await extensions.listCustomResourceDefinition({ labelSelector })).items.length === 0);
    expect((await extensions.readCustomResourceDefinition({ name: `foos.${other}` })).metadata?.deletionTimestamp).toBeUndefined();
  },
);

behaviour(
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition getting/updating/patching custom resource definition status sub-resource works',
  async (scope) => {
    const { group } = await define(scope, preserving);
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/foos.${group}`;
    const { spec: wanted } = await ask('GET', path);
    const updated = await eventually('an update without conflict', async () => {
      const current = await ask('GET', `${path}/status`);
      expect(current.spec).toEqual(wanted);
      const status = { ...current.status, conditions: [...current.status.conditions, { message: 'updated' }] };
      const answer = await call('PUT', `${path}/status`, { ...current, spec: { ...wanted, scope: 'Cluster' }, status });
      return answer.status === 409 ? undefined : answer;
    });
    expect(updated.status, updated.text).toBe(200);
    expect(updated.body.status.conditions).toContainEqual(expect.objectContaining({ message: 'updated' }));
    expect(updated.body.spec).toEqual(wanted);
    const operations = [{ op: 'add', path: '/status/conditions', value: [{ message: 'patched' }] }];
    const patched = await ask('PATCH', `${path}/status`, operations, { 'Content-Type': 'application/json-patch+json' });
    expect(patched.status.conditions).toContainEqual(expect.objectContaining({ message: 'patched' }));
    expect(patched.status.conditions).not.toContainEqual(expect.objectContaining({ message: 'updated' }));
  },
);

behaviour(
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] should include custom resource definition resources in discovery documents',
  async () => {
    const version = { groupVersion: 'apiextensions.k8s.io/v1', version: 'v1' };
    const { groups } = await ask('GET', '/apis');
    expect(groups.find((group: Json) => group.name === 'apiextensions.k8s.io')?.versions).toContainEqual(version);
    const group = await ask('GET', '/apis/apiextensions.k8s.io');
    expect([group.name, group.versions]).toEqual(['apiextensions.k8s.io', expect.arrayContaining([version])]);
    const { resources, groupVersion } = await ask('GET', '/apis/apiextensions.k8s.io/v1');
    expect(groupVersion).toBe('apiextensions.k8s.io/v1');
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
    const watch = (name: string) =>
      scope.watch(`${path}/namespaces/${namespace}/foos`, { fieldSelector: `metadata.name=${name}`, timeoutSeconds: 600 });
    const [first, second] = [await watch('a'), await watch('b')];
    for (const name of ['a', 'b']) {
      const body = object(group, name, { content: 1 });
      const created = (await custom.createNamespacedCustomObject({ group, version, plural, namespace, body })) as Json;
      expect(created).toMatchObject({ apiVersion: `${group}/v1`, kind: 'Foo', metadata: { uid: expect.any(String) } });
    }
    const operations = [{ op: 'add', path: '/dummy', value: 'test' }];
    for (const name of ['a', 'b']) {
      await custom.patchNamespacedCustomObject({ group, version, plural, namespace, name, body: operations }, jsonPatch);
    }
    for (const name of ['a', 'b']) await custom.deleteNamespacedCustomObject({ group, version, plural, namespace, name });
    const told = ({ metadata, dummy }: Json) => `${metadata.name} ${dummy ?? '-'}`;
    await first.expect(['ADDED a -', 'MODIFIED a test', 'DELETED a test'], told);
    await second.expect(['ADDED b -', 'MODIFIED b test', 'DELETED b test'], told);
  },
);

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
