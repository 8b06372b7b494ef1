import type { Store, StoreEvent } from '../../store/store.ts';
import type { ApiObject } from './api-object.ts';
import type { EntryCache } from './entry-cache.ts';
import type { ResourceTable } from './resource-table.ts';

/** Where all objects are. */
const root = '/registry/';
/** Longer lists are made anew each time: to keep them would hold many objects decoded. */
const longestKept = 100;

/** Reads the newest objects for admission and authorization, without going through a request. */
export class ObjectReader {
  private readonly store: Store;
  private readonly resources: ResourceTable;
  private readonly cache: EntryCache;
  /** What was listed, by prefix, until anything in it changes: all writes ask for the same few lists. */
  private readonly lists = new Map<string, readonly ApiObject[]>();

  constructor(store: Store, resources: ResourceTable, cache: EntryCache) {
    this.store = store;
    this.resources = resources;
    this.cache = cache;
    // It is made before all others that watch the store, and so hears of changes first. A store that has failed or was closed has none.
    store.watch(root, store.revision, (events) => this.forget(events)).catch(() => {});
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
    const prefix = resource.prefixIn(namespace);
    let objects = this.lists.get(prefix);
    if (objects === undefined) {
      objects = this.store.current(prefix).map((entry) => this.cache.object(resource, entry));
      if (objects.length <= longestKept) this.lists.set(prefix, objects);
    }
    return objects;
  }

  private forget(events: readonly StoreEvent[]): void {
    // There are as many lists as namespaces, but few steps in a key.
    for (const { key, type } of events) {
      if (type === 'delete') this.forgetNamespace(key);
      for (let end = key.indexOf('/', root.length) + 1; end > 0; end = key.indexOf('/', end) + 1) this.lists.delete(key.slice(0, end));
    }
  }

  /** A namespace that was deleted leaves lists of nothing behind. */
  private forgetNamespace(key: string): void {
    const namespaces = this.resources.findAnyVersion('', 'namespaces')?.prefix;
    if (namespaces === undefined || !key.startsWith(namespaces)) return;
    const ending = `/${key.slice(namespaces.length)}/`;
    for (const prefix of this.lists.keys()) if (prefix.endsWith(ending)) this.lists.delete(prefix);
  }
}
