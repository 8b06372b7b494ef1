import type { Store } from '../../store/store.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import { type Count, type Family, Numbers } from './families.ts';

const root = '/registry/';

/** Counts what changes in the store under the name of upstream's watches of etcd. */
export class StorageEvents {
  private readonly total = new Numbers(
    'counter',
    'apiserver_storage_events_received_total',
    'Changes in the store, by group and resource.',
    ['group', 'resource'],
  );
  private readonly resources: ResourceTable;
  private counts: ReadonlyMap<string, Count> = new Map();
  private revision: number | undefined;

  constructor(store: Store, resources: ResourceTable) {
    this.resources = resources;
    store
      .watch(root, store.revision, (events) => {
        for (const { key } of events) this.countOf(key)?.add();
      })
      .catch(() => {}); // A store that has failed or was closed answers no request either.
  }

  get families(): readonly Family[] {
    return [this.total];
  }

  /** Keys begin with the prefix of their resource, which is one part, or two for custom kinds. */
  private countOf(key: string): Count | undefined {
    this.lookUp();
    const end = key.indexOf('/', root.length) + 1;
    return this.counts.get(key.slice(0, end)) ?? this.counts.get(key.slice(0, key.indexOf('/', end) + 1));
  }

  private lookUp(): void {
    const { resources } = this;
    if (this.revision === resources.revision) return;
    this.revision = resources.revision;
    this.counts = new Map([...resources.all()].map(({ prefix, subject }) => [prefix, this.total.of([subject.group, subject.resource])]));
  }
}
