import type { FieldTypes } from '../../api/apply/field-types.ts';
import { type Clock, formatTime } from '../../simulation/clock.ts';
import type { Random } from '../../simulation/random.ts';
import { type Change, ConflictError, type Store } from '../../store/store.ts';
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
    readonly random: Random;
  };

  constructor(parts: ObjectWriter['parts']) {
    this.parts = parts;
  }

  /**
   * Writes the status of objects in one commit, if each still is as it was read. Gives whether it was. The new objects belong to the writer
   * from now on.
   */
  async replaceStatus(group: string, plural: string, replacements: readonly Replacement[]): Promise<boolean> {
    return this.replaceAll(group, plural, 'status', replacements);
  }

  /** As {@link replaceStatus}, but for everything else of an object. */
  async replace(group: string, plural: string, replacement: Replacement): Promise<boolean> {
    return this.replaceAll(group, plural, '', [replacement]);
  }

  private async replaceAll(group: string, plural: string, subresource: string, replacements: readonly Replacement[]): Promise<boolean> {
    const { store, resources, cache, fieldTypes, clock } = this.parts;
    const resource = resources.findAnyVersion(group, plural);
    if (resource === undefined) return false;
    const changes = replacements.map(({ old, object }) => {
      trackFields(fieldTypes, resource, old, object, managedChange(resource, 'kube-apiserver', subresource, formatTime(clock.now())));
      const value = resource.form.encode(object);
      cache.keep(value, object);
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

  /** The change that makes an object of a built-in kind, as a part of another commit. The object belongs to the writer from now on. */
  creation(group: string, plural: string, object: ApiObject): Change {
    const { resources, cache, fieldTypes, clock, random } = this.parts;
    const resource = resources.findAnyVersion(group, plural);
    if (resource === undefined) throw new Error(`${plural}.${group} are not served`);
    const time = formatTime(clock.now());
    const { metadata } = object;
    metadata.uid = random.uuid();
    metadata.creationTimestamp = time;
    trackFields(fieldTypes, resource, undefined, object, managedChange(resource, 'kube-apiserver', '', time));
    const value = resource.form.encode(object);
    cache.keep(value, object);
    return { key: resource.keyOf(metadata.namespace ?? '', metadata.name ?? ''), value, expect: 0 };
  }

  /** The change that removes an object as it stands now, as a part of another commit; none when there is none. */
  removal(group: string, plural: string, namespace: string, name: string): readonly Change[] {
    const { store, resources } = this.parts;
    const resource = resources.findAnyVersion(group, plural);
    const entry = resource && store.get(resource.keyOf(namespace, name));
    return entry === undefined ? [] : [{ key: entry.key, value: null, expect: entry.revision }];
  }
}
