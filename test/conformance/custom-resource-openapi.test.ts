import { expect } from 'vitest';
import { behaviour, type Scope } from './support/behaviour.ts';
import { ask, call, eventually, extensions, type Json, mergePatch } from './support/cluster.ts';
import { define, object, preserving, spec } from './support/definitions.ts';

/** The published schema of a kind, or nothing while there is none. */
async function published(group: string, version: string, kind: string): Promise<Json | undefined> {
  const answer = await call('GET', `/openapi/v3/apis/${group}/${version}`);
  if (answer.status !== 200) return undefined;
  const kinds = Object.values<Json>(answer.body.components?.schemas ?? {});
  return kinds.find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some((of: Json) => of.group === group && of.version === version && of.kind === kind),
  );
}

const text = (description: string) => spec({ known: { type: 'string', description } });

/** Kinds with schemas, as definitions: group, versions and kind of each. */
async function defineAll(scope: Scope, kinds: readonly { group: string; kind: string; versions: readonly string[] }[]): Promise<void> {
  for (const { group, kind, versions } of kinds) {
    const plural = `${kind.toLowerCase()}s`;
    const name = `${plural}.${group}`;
    scope.finally(() => extensions.deleteCustomResourceDefinition({ name }));
    const schema = { openAPIV3Schema: { type: 'object', ...text(kind) } };
    await extensions.createCustomResourceDefinition({
      body: {
        metadata: { name },
        spec: {
          group,
          scope: 'Namespaced',
          names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
          versions: versions.map((version, index) => ({ name: version, served: true, storage: index === 0, schema })),
        },
      },
    });
  }
  for (const { group, kind, versions } of kinds) {
    for (const version of versions) {
      const found = await eventually(`${kind} of ${group}/${version} is published`, () => published(group, version, kind));
      expect(found.properties.spec.properties.known.description).toBe(kind);
    }
  }
}

behaviour(
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of different groups',
  (scope) =>
    defineAll(
      scope,
      ['one', 'two'].map((prefix) => ({ group: `${scope.unique(prefix)}.example.com`, kind: 'Foo', versions: ['v1'] })),
    ),
);

behaviour(
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of same group but different versions',
  async (scope) => {
    const group = `${scope.unique('g')}.example.com`;
    await defineAll(scope, [
      { group, kind: 'Foo', versions: ['v2', 'v3'] },
      { group, kind: 'Bar', versions: ['v4'] },
    ]);
  },
);

behaviour(
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of same group and version but different kinds',
  async (scope) => {
    const group = `${scope.unique('g')}.example.com`;
    await defineAll(scope, [
      { group, kind: 'Foo', versions: ['v1'] },
      { group, kind: 'Bar', versions: ['v1'] },
    ]);
  },
);

/** A kind with versions v2 and v3, and a way to write its versions anew. */
async function versioned(
  scope: Scope,
): Promise<{ group: string; write(...versions: [name: string, served: boolean][]): Promise<unknown> }> {
  const group = `${scope.unique('g')}.example.com`;
  await defineAll(scope, [{ group, kind: 'Foo', versions: ['v2', 'v3'] }]);
  const schema = { openAPIV3Schema: { type: 'object', ...text('Foo') } };
  return {
    group,
    write: (...versions) =>
      extensions.patchCustomResourceDefinition(
        {
          name: `foos.${group}`,
          body: { spec: { versions: versions.map(([name, served]) => ({ name, served, storage: name === 'v2', schema })) } },
        },
        mergePatch,
      ),
  };
}

behaviour(
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] updates the published spec when one version gets renamed',
  async (scope) => {
    const { group, write } = await versioned(scope);
    await write(['v2', true], ['v4', true]);
    await eventually('the new name is published', () => published(group, 'v4', 'Foo'));
    await eventually('the old name is not', async () => (await published(group, 'v3', 'Foo')) === undefined);
    expect(await published(group, 'v2', 'Foo')).toBeDefined();
  },
);

behaviour(
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] removes definition from spec when one version gets changed to not be served',
  async (scope) => {
    const { group, write } = await versioned(scope);
    await write(['v2', true], ['v3', false]);
    await eventually('the version is published no more', async () => (await published(group, 'v3', 'Foo')) === undefined);
    expect(await published(group, 'v2', 'Foo')).toBeDefined();
  },
);

/** Makes an object with fields that the schema does not know, under strict validation. */
async function unknownFields(scope: Scope, schema: Json, fields: Json): Promise<Json> {
  const namespace = await scope.namespace();
  const { group, path } = await define(scope, schema);
  const foos = `${path}/namespaces/${namespace}/foos`;
  const made = await ask('POST', `${foos}?fieldValidation=Strict`, object(group, 'a', fields));
  await ask('PUT', `${foos}/a?fieldValidation=Strict`, { ...made, metadata: { ...made.metadata, labels: { changed: 'true' } } });
  expect(await ask('GET', `${foos}/a`)).toMatchObject(fields);
  return await eventually('the kind is published', () => published(group, 'v1', 'Foo'));
}

behaviour(
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD preserving unknown fields at the schema root',
  async (scope) => {
    const schema = await unknownFields(scope, { ...preserving, ...text('known') }, { a: { b: [{ c: 'd' }] } });
    expect(schema['x-kubernetes-preserve-unknown-fields']).toBe(true);
  },
);

behaviour(
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD preserving unknown fields in an embedded object',
  async (scope) => {
    const embedded = { type: 'object', ...preserving };
    const schema = await unknownFields(scope, spec({ embedded }), { spec: { embedded: { b: [{ c: 'd' }] } } });
    expect(schema.properties.spec.properties.embedded['x-kubernetes-preserve-unknown-fields']).toBe(true);
  },
);

behaviour(
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD without validation schema',
  async (scope) => {
    const schema = await unknownFields(scope, preserving, { a: { b: [{ c: 'd' }] } });
    expect(schema['x-kubernetes-group-version-kind']).toHaveLength(1);
  },
);

behaviour('[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface for CRDs', async (scope) => {
  const { group } = await define(scope, preserving);
  const Accept =
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
  const found = await eventually('the group is discovered', async () => {
    const { items } = await ask('GET', '/apis', undefined, { Accept });
    return items.find(({ metadata }: Json) => metadata.name === group);
  });
  expect(found.versions[0].resources).toMatchObject([{ resource: 'foos', responseKind: { kind: 'Foo' }, scope: 'Namespaced' }]);
});

behaviour(
  '[sig-api-machinery] CustomResourceFieldSelectors [Privileged:ClusterAdmin] CustomResourceFieldSelectors MUST list and watch custom resources matching the field selector',
  async (scope) => {
    const namespace = await scope.namespace();
    const selectableFields = [{ jsonPath: '.spec.color' }, { jsonPath: '.spec.size' }];
    const { group, path } = await define(scope, spec({ color: { type: 'string' }, size: { type: 'string' } }), { selectableFields });
    const foos = `${path}/namespaces/${namespace}/foos`;
    const watch = await scope.watch(foos, { fieldSelector: 'spec.color=blue' });
    const make = (name: string, color: string, size: string) => ask('POST', foos, object(group, name, { spec: { color, size } }));
    await make('a', 'blue', 'medium');
    await make('b', 'blue', 'large');
    await make('c', 'green', 'large');
    const listed = async (selector: string) => {
      const { items } = await ask('GET', `${foos}?fieldSelector=${encodeURIComponent(selector)}`);
      return items.map(({ metadata }: Json) => metadata.name);
    };
    expect(await listed('spec.color=blue')).toEqual(['a', 'b']);
    expect(await listed('spec.color=blue,spec.size=large')).toEqual(['b']);
    expect(await listed('spec.color!=blue')).toEqual(['c']);
    const merge = { 'Content-Type': 'application/merge-patch+json' };
    await ask('PATCH', `${foos}/a`, { spec: { color: 'green' } }, merge);
    await ask('DELETE', `${foos}/b`);
    await watch.expect(['ADDED a', 'ADDED b', 'DELETED a', 'DELETED b'], ({ metadata }) => metadata.name);
  },
);
