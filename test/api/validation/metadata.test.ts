import { describe, expect, test } from 'vitest';
import { changed, created, type Fields, template } from './objects.ts';

describe('metadata', () => {
  test.each<[string, Fields, string[]]>([
    ['no name', { name: '' }, ['metadata.name: Required value: name or generateName is required']],
    ['label key', { labels: { '/a': '' } }, ['metadata.labels: Invalid value: "/a": prefix part must be non-empty']],
    [
      'annotations in total',
      { annotations: { a: 'x'.repeat(256 * 1024) } },
      ['metadata.annotations: Too long: may not be more than 262144 bytes'],
    ],
    [
      'finalizer',
      { finalizers: ['done'] },
      ['metadata.finalizers[0]: Invalid value: "done": name is neither a standard finalizer name nor is it fully qualified'],
    ],
    [
      'owner',
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: '' }] },
      ['metadata.ownerReferences.uid: Invalid value: "": must not be empty'],
    ],
    [
      'owner of too many parts',
      { ownerReferences: [{ apiVersion: 'a/b/c', kind: 'Pod', name: 'p', uid: 'u' }] },
      ['metadata.ownerReferences.apiVersion: Invalid value: "a/b/c": version must not be empty'],
    ],
    [
      'long name, in characters',
      { name: 'n'.repeat(254) },
      [`metadata.name: Invalid value: "${'n'.repeat(254)}": must be no more than 253 characters`],
    ],
    [
      'long key, in bytes',
      { labels: { [`${'p'.repeat(254)}/${'n'.repeat(64)}`]: '' } },
      ['prefix part must be no more than 253', 'name part must be no more than 63'].map(
        (problem) => `metadata.labels: Invalid value: "${'p'.repeat(254)}/${'n'.repeat(64)}": ${problem} bytes`,
      ),
    ],
    [
      'long value, in bytes',
      { labels: { a: 'v'.repeat(64) } },
      [`metadata.labels: Invalid value: "${'v'.repeat(64)}": must be no more than 63 bytes`],
    ],
  ])('%s', (_, metadata, errors) => {
    expect(created('v1', 'ConfigMap', { metadata })).toEqual(errors);
  });

  test('names follow the rule of the kind', () => {
    const outside = { type: 'ExternalName', externalName: 'a.b' };
    expect(created('v1', 'Service', { metadata: { name: '1a' }, spec: outside })).toEqual([]);
    expect(created('v1', 'Service', { metadata: { name: 'A' }, spec: outside })[0]).toContain('a lowercase RFC 1123 label');
    expect(created('rbac.authorization.k8s.io/v1', 'Role', { metadata: { name: 'system:a/b' } })).toEqual([
      `metadata.name: Invalid value: "system:a/b": may not contain '/'`,
    ]);
    expect(created('v1', 'Namespace', { metadata: { name: 'a', namespace: 'n' } })).toEqual([
      'metadata.namespace: Forbidden: not allowed on this type',
    ]);
  });

  test.each<[string, string, Fields]>([
    ['v1', 'ReplicationController', { spec: { selector: { app: 'a' }, template } }],
    ['resource.k8s.io/v1', 'DeviceClass', { spec: {} }],
  ])('names of %s %s are judged as declared, and not what they are made of', (apiVersion, kind, fields) => {
    const namespace = kind === 'DeviceClass' ? { namespace: '' } : {};
    const judged = (metadata: Fields): string[] => created(apiVersion, kind, { metadata: { ...namespace, ...metadata }, ...fields });
    const name = 'n'.repeat(254);
    expect(judged({ name })).toEqual([`metadata.name: Invalid value: "${name}": must be no more than 253 bytes`]);
    expect(judged({ generateName: 'No name!' })).toEqual([]);
  });

  test('identity does not change', () => {
    expect(changed('v1', 'ConfigMap', {}, { metadata: { uid: 'v', name: 'y' } })).toEqual([
      'metadata.name: Invalid value: "y": field is immutable',
      'metadata.uid: Invalid value: "v": field is immutable',
    ]);
  });
});
