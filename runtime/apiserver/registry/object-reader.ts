import type { Store } from '../../store/store.ts';
import type { ApiObject } from './api-object.ts';
import type { EntryCache } from './entry-cache.ts';
import type { ResourceTable } from './resource-table.ts';

/** Reads the newest objects for admission and authorization, without going through a request. */
export class ObjectReader {
  private readonly store: Store;
  private readonly resources: ResourceTable;
  private readonly cache: EntryCache;
  /** What was listed at the newest revision, by prefix: all writes that wait for a commit ask for the same few lists. */
  private lists = new Map<string, readonly ApiObject[]>();
  private listedAt = 0;

  constructor(store: Store, resources: ResourceTable, cache: EntryCache) {
    this.store = store;
    this.resources = resources;
    this.cache = cache;
  }

  /** One object, shared and not to be changed; `namespace` is empty for kinds without one. */
  get(group: string, plural: string, namespace: string, name: string): ApiObject | undefined {
    const resource = this.resources.findAnyVersion(group, plural);
    const entry = resource && this.store.get(resource.keyOf(namespace, name));
    return resource && entry && this.cache.object(resource, entry);
  }

  /** All objects, of one namespace unless `namespace` is empty; shared and not to be changed. */
  list(group: string, plural: string, namespace = ''): readonly ApiObject[] {
    const resource = this.resources.findAnyVersion(group, plural);
    if (resource === undefined) return [];
    const { revision } = this.store;
    if (revision !== this.listedAt) {
      this.lists = new Map();
      this.listedAt = revision;
    }
    const prefix = resource.prefixIn(namespace);
    let objects = this.lists.get(prefix);
    if (objects === undefined) {
      objects = this.store.current(prefix).map((entry) => this.cache.object(resource, entry));
      this.lists.set(prefix, objects);
    }
    return objects;
  }
}
