import type { FieldTypes } from '../../api/apply/field-types.ts';
import { type Clock, formatTime } from '../../simulation/clock.ts';
import { ConflictError, type Store } from '../../store/store.ts';
import type { ApiObject } from './api-object.ts';
import type { EntryCache } from './entry-cache.ts';
import { managedChange, trackFields } from './managed-fields.ts';
import type { ResourceTable } from './resource-table.ts';

/** An object as it was read, and what is to stand in its place. */
export interface Replacement {
  readonly old: ApiObject;
  readonly object: ApiObject;
}

/** Writes what the server itself has to keep up to date, such as the usage of quotas, without going through a request. */
export class ObjectWriter {
  private readonly parts: {
    readonly store: Store;
    readonly resources: ResourceTable;
    readonly cache: EntryCache;
    readonly fieldTypes: FieldTypes;
    readonly clock: Clock;
  };

  constructor(parts: ObjectWriter['parts']) {
    this.parts = parts;
  }

  /**
   * Writes the status of objects in one commit, if each still is as it was read. Gives whether it was. The new objects belong to the writer
   * from now on.
   */
  async replaceStatus(group: string, plural: string, replacements: readonly Replacement[]): Promise<boolean> {
    const { store, resources, cache, fieldTypes, clock } = this.parts;
    const resource = resources.findAnyVersion(group, plural);
    if (resource === undefined) return false;
    const changes = replacements.map(({ old, object }) => {
      trackFields(fieldTypes, resource, old, object, managedChange(resource, 'kube-apiserver', 'status', formatTime(clock.now())));
      const value = resource.form.encode(object);
      cache.seed(resource, value, object);
      const { namespace = '', name = '', resourceVersion } = old.metadata;
      return { key: resource.keyOf(namespace, name), value, expect: Number(resourceVersion) };
    });
    try {
      await store.commit(changes);
      return true;
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
  }
}
