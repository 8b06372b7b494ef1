import type { Scope } from './behaviour.ts';
import { call, eventually, extensions, type Json } from './cluster.ts';

/** Makes a definition of its own group and waits until it is served. */
export async function define(
  scope: Scope,
  schema: Json,
  more: Json = {},
): Promise<{ group: string; plural: string; version: string; path: string }> {
  const group = `${scope.unique('g')}.example.com`;
  const name = `foos.${group}`;
  scope.finally(() => extensions.deleteCustomResourceDefinition({ name }));
  await extensions.createCustomResourceDefinition({
    body: {
      metadata: { name, labels: { conformance: group } },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'FooList' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', ...schema } }, ...more }],
      },
    },
  });
  await eventually('the definition is established', async () => {
    const { status } = await extensions.readCustomResourceDefinition({ name });
    return status?.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True');
  });
  await eventually('the kind is served', async () => (await call('GET', `/apis/${group}/v1/foos`)).status === 200);
  return { group, plural: 'foos', version: 'v1', path: `/apis/${group}/v1` };
}

export const object = (group: string, name: string, rest: Json = {}) => ({
  apiVersion: `${group}/v1`,
  kind: 'Foo',
  metadata: { name },
  ...rest,
});
// The client writes this name with dashes.
export const preserving = { x_kubernetes_preserve_unknown_fields: true };
export const spec = (properties: Json) => ({ properties: { spec: { type: 'object', properties } } });
