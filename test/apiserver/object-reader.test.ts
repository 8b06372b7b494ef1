import { expect, test } from 'vitest';
import { builtinResources } from '../../runtime/apiserver/registry/builtin.ts';
import { EntryCache } from '../../runtime/apiserver/registry/entry-cache.ts';
import { ObjectReader } from '../../runtime/apiserver/registry/object-reader.ts';
import { ResourceTable } from '../../runtime/apiserver/registry/resource-table.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';

async function openReader() {
  const store = await openMemoryStore();
  const resources = new ResourceTable();
  resources.add(builtinResources([], {}));
  const reader = new ObjectReader(store, resources, new EntryCache());
  const put = async (plural: string, namespace: string, name: string): Promise<void> => {
    const resource = resources.findAnyVersion('', plural);
    if (resource === undefined) throw new Error(`no ${plural}`);
    const value = resource.form.encode({ kind: resource.kind.kind, apiVersion: 'v1', metadata: { name, namespace } });
    await store.commit([{ key: resource.keyOf(namespace, name), value }]);
  };
  const remove = (key: string) => store.commit([{ key, value: null }]);
  return { store, resources, reader, put, remove };
}

test('lists are as they stand, and the very same while nothing in them changes', async () => {
  const { store, reader, put } = await openReader();
  const names = (namespace?: string) => reader.list('', 'limitranges', namespace).map(({ metadata }) => metadata.name);

  const before = reader.list('', 'limitranges', 'a');
  expect(before).toEqual([]);
  await put('configmaps', 'a', 'one');
  await put('limitranges', 'b', 'other');
  expect(reader.list('', 'limitranges', 'a')).toBe(before);
  await put('limitranges', 'a', 'one');
  expect(names('a')).toEqual(['one']);
  expect(names()).toEqual(['one', 'other']);
  await put('limitranges', 'b', 'third');
  expect(names()).toEqual(['one', 'other', 'third']);

  for (let index = 0; index <= 100; index++) await put('configmaps', 'many', `map-${index}`);
  const many = reader.list('', 'configmaps', 'many');
  expect(many).toHaveLength(101);
  expect(reader.list('', 'configmaps', 'many')).not.toBe(many);
  await store.close();
});

test('nothing is kept of a namespace that was deleted', async () => {
  const { store, resources, reader, put, remove } = await openReader();
  await put('namespaces', '', 'a');
  const [ofGone, ofOther] = [reader.list('', 'limitranges', 'a'), reader.list('', 'limitranges', 'b')];
  await remove(resources.findAnyVersion('', 'namespaces')?.keyOf('', 'a') ?? '');
  expect(reader.list('', 'limitranges', 'a')).toEqual([]);
  expect(reader.list('', 'limitranges', 'a')).not.toBe(ofGone);
  expect(reader.list('', 'limitranges', 'b')).toBe(ofOther);
  await store.close();
});
