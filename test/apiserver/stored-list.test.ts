import { expect, test } from 'vitest';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import { StoredForm } from '../../runtime/apiserver/registry/stored-form.ts';

const kind = kinds.find((each) => each.kind === 'ConfigMap');
if (kind === undefined) throw new Error('no ConfigMaps');
const form = new StoredForm(kind);
const leading = [{ name: 'one', namespace: 'default', uid: 'u' }, {}, { name: 'a"\\' }];
const revisions = [9, Number.MAX_SAFE_INTEGER, 10_200];
const behind = { labels: { name: 'x' } };
const data = ['é', '', 'x'.repeat(500)].map((text) => ({ text }));

const entries = leading.map((metadata, index) => {
  const value = form.encode({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { ...metadata, ...behind }, data: data[index] });
  return { key: String(index), value, revision: revisions[index] ?? 0, createRevision: 1 };
});
const items = leading.map((metadata, index) => ({
  metadata: { ...metadata, resourceVersion: String(revisions[index]), ...behind },
  data: data[index],
}));

test.each([0, 1, 2, 3])('a list of %i items is made of stored values', (count) => {
  const read = (typed: boolean) => new TextDecoder().decode(form.servedList(entries.slice(0, count), typed, '[é', 'é]\n'));
  expect(read(false)).toBe(`[é${JSON.stringify(items.slice(0, count)).slice(1, -1)}é]\n`);
  const typed = items.slice(0, count).map((item) => ({ kind: 'ConfigMap', apiVersion: 'v1', ...item }));
  expect(read(true)).toBe(`[é${JSON.stringify(typed).slice(1, -1)}é]\n`);
});

test('a value that is stored in another version is no part of such a list', () => {
  for (const text of ['{"kind":"ConfigMap","apiVersion":"v0","metadata":{"name":"older"}}', '{}']) {
    const older = { key: 'older', value: new TextEncoder().encode(text), revision: 5, createRevision: 1 };
    expect(form.servedList([...entries, older], false, '', '')).toBeUndefined();
    expect(form.servedList([older], false, '', '')).toBeUndefined();
  }
});
