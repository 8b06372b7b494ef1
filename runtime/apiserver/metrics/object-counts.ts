import { subjectText } from '../../api/status.ts';
import type { Store } from '../../store/store.ts';
import type { Resource } from '../registry/resource.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import { type Family, Reading } from './families.ts';

/** How many objects are stored, under upstream's older and its newer name. They are counted when they are asked for. */
export function objectCounts(store: Store, resources: ResourceTable): readonly Family[] {
  return [
    new Reading('apiserver_storage_objects', 'Stored objects by resource. apiserver_resource_objects says it by group, too.', () =>
      stored(store, resources, ({ subject }) => ({ resource: subjectText(subject) })),
    ),
    new Reading('apiserver_resource_objects', 'Stored objects by group and resource.', () =>
      stored(store, resources, ({ subject: { group, resource } }) => ({ group, resource })),
    ),
  ];
}

function* stored<T>(store: Store, resources: ResourceTable, labelsOf: (resource: Resource) => T): Iterable<[T, number]> {
  const seen = new Set<string>();
  for (const resource of resources.all()) {
    if (seen.has(resource.prefix)) continue;
    seen.add(resource.prefix);
    yield [labelsOf(resource), store.current(resource.prefix).length];
  }
}

/** How large the store's files are, in bytes, under the name that upstream gives the first etcd of a cluster. */
export function storageSize(read: () => number): Family {
  return new Reading('apiserver_storage_size_bytes', "Size of the store's files, in bytes.", () => [
    [{ storage_cluster_id: 'etcd-0' }, read()],
  ]);
}
