import { expect, test } from 'vitest';
import { EntryCache } from '../../runtime/apiserver/registry/entry-cache.ts';

const mebibyte = 1024 * 1024;

test('of large objects fewer are kept decoded', () => {
  const cache = new EntryCache();
  const values = Array.from({ length: 100 }, () => new Uint8Array(mebibyte));
  const entryOf = (value: Uint8Array) => ({ key: 'k', revision: 1, createRevision: 1, value });
  for (const value of values) cache.keep(value, { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'large' } });
  const known = values.map((value) => cache.known(entryOf(value)) !== undefined);
  expect(known.at(-1)).toBe(true);
  expect(known.filter(Boolean).length).toBeLessThan(40);

  const small = Array.from({ length: 2000 }, () => new Uint8Array(4000));
  for (const value of small) cache.keep(value, { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'small' } });
  expect(small.every((value) => cache.known(entryOf(value)) !== undefined)).toBe(true);
});
