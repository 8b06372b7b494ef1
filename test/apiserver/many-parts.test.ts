import { expect, test } from 'vitest';
import { FieldTypes } from '../../runtime/api/apply/field-types.ts';
import { applyServerSide } from '../../runtime/api/apply/server-side-apply.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { definitions } from '../../runtime/api/structure/index.ts';
import { dropDuplicateOwners } from '../../runtime/apiserver/registry/owner-references.ts';
import { warningsByResource } from '../../runtime/apiserver/registry/warnings/index.ts';

// As many as fit into a body: what compares each with each takes minutes, in which nobody else is answered.
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const warned = (spec: object) => warningsByResource['/pods']?.({ metadata: { name: 'x' }, spec } as KubeObject, undefined) ?? [];

test('many owner references are looked through at once', () => {
  const owners = many(30_000, (index) => ({ apiVersion: 'v1', kind: 'Pod', name: `p${index}`, uid: `u${index}` }));
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', ownerReferences: [...owners, ...owners] } };
  let told = '';
  dropDuplicateOwners(object, (text) => {
    told = text;
  });
  expect(object.metadata.ownerReferences).toEqual(owners);
  expect(told).toContain('duplicate UID(s) observed: u0, u1, ');
});

test('many containers are looked through at once for what is odd about them', () => {
  expect(warned({ containers: many(30_000, (index) => ({ name: `c${index}`, image: 'i' })) })).toEqual([]);
});

test.each([
  ['the same', () => ({ containerPort: 1, protocol: 'TCP' })],
  ['different', (index: number) => ({ containerPort: index, protocol: 'TCP' })],
  ['one, on ports of nodes', (index: number) => ({ containerPort: 1, protocol: 'TCP', hostPort: index + 1 })],
])('of many ports, which are %s, no more is told than there is room for', (_, port) => {
  expect(warned({ containers: [{ name: 'c', image: 'i', ports: many(60_000, port) }] }).length).toBeLessThan(1000);
});

test('many items that are applied are looked up at once among those that were there', () => {
  const pod = (value: string) => {
    const env = many(60_000, (index) => ({ name: `E${index}`, value }));
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'c', env }] } } as KubeObject;
  };
  const types = new FieldTypes((name) => definitions[name]);
  const change = { manager: 'm', apiVersion: 'v1', kind: 'Pod', subresource: '', time: '2030-01-01T00:00:00Z' };
  const { object } = applyServerSide(types.root('io.k8s.api.core.v1.Pod'), pod('before'), pod('after'), {
    ...change,
    force: true,
    keepsNulls: false,
  });
  expect(JSON.stringify(object)).toContain('{"name":"E59999","value":"after"}');
});
