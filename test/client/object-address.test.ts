import { expect, it } from 'vitest';
import { objectAddress } from '../../client/explorer/object-address.ts';

it('tells an object from a manifest, and from objects of other kinds and namespaces', () => {
  expect(objectAddress({ namespace: 'default', kind: 'Deployment', name: 'web' })).toBe('/default/web (Deployment).yaml');
  expect(objectAddress({ namespace: 'default', kind: 'Service', name: 'web' })).toBe('/default/web (Service).yaml');
  expect(objectAddress({ kind: 'Node', name: 'node-1' })).toBe('/node-1 (Node).yaml');
});
