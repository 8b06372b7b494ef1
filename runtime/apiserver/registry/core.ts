import type { FieldTypes } from '../../api/apply/field-types.ts';
import { type Clock, formatTime } from '../../simulation/clock.ts';
import type { Random } from '../../simulation/random.ts';
import { type Change, ConflictError, type Entry, type Store } from '../../store/store.ts';
import type { AdmissionChain } from '../admission/admission.ts';
import type { Annotate } from '../audit/annotate.ts';
import type { User } from '../authentication/user.ts';
import type { RequestTime } from '../filters/request-time.ts';
import type { Storable } from './converted.ts';
import type { EntryCache } from './entry-cache.ts';
import type { ObjectReader } from './object-reader.ts';
import type { Resource } from './resource.ts';
import type { ResourceTable } from './resource-table.ts';

/** What every write needs to know about the request behind it. */
export interface WriteOptions {
  readonly user: User;
  /** The verb of the request, as authorization knows it; left out where no request asks. */
  readonly verb?: string;
  readonly dryRun: boolean;
  /** Past it nothing may be written. */
  readonly time?: RequestTime | undefined;
  /** Throws 403 for who may change an object, but not make one; left out where that is known. */
  readonly checkMayCreate?: () => Promise<void>;
  /** It is a server-side apply. */
  readonly isApply?: boolean;
  /** Who is named in `metadata.managedFields`. */
  readonly fieldManager: string;
  warn(text: string): void;
  /** Notes something for the audit log; left out while nobody keeps one. */
  readonly annotate?: Annotate;
}

/** How often a write that names no resourceVersion is tried again when others come first. */
export const maxAttempts = 50;

/** The parts that all operations on objects share. */
export class Core {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly resources: ResourceTable;
  readonly cache: EntryCache;
  readonly reader: ObjectReader;
  readonly admission: AdmissionChain;
  /** The types by which fields are owned, by definition. */
  readonly fieldTypes: FieldTypes;

  constructor(parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly random: Random;
    readonly resources: ResourceTable;
    readonly cache: EntryCache;
    readonly reader: ObjectReader;
    readonly admission: AdmissionChain;
    readonly fieldTypes: FieldTypes;
  }) {
    this.store = parts.store;
    this.clock = parts.clock;
    this.random = parts.random;
    this.resources = parts.resources;
    this.cache = parts.cache;
    this.reader = parts.reader;
    this.admission = parts.admission;
    this.fieldTypes = parts.fieldTypes;
  }

  /** The time as `metav1.Time`. */
  now(): string {
    return formatTime(this.clock.now());
  }

  /** The newest entry of an object. */
  entry(resource: Resource, namespace: string, name: string): Entry | undefined {
    return this.store.get(resource.keyOf(namespace, name));
  }

  /**
   * Writes an object over `old` (or where nothing is). Gives `undefined` when another write came first.
   * `further` changes are written with it, or nothing is. A dry run gives the entry that would have been; its revision is that of `old`, or 0.
   */
  async put(
    key: string,
    { object, value }: Storable,
    old: Entry | undefined,
    dryRun: boolean,
    further: readonly Change[] = [],
  ): Promise<Entry | undefined> {
    const expect = old?.revision ?? 0;
    if (dryRun) {
      return this.store.get(key)?.revision === old?.revision
        ? { key, value, revision: expect, createRevision: old?.createRevision ?? 0 }
        : undefined;
    }
    this.cache.keep(value, object);
    try {
      const revision = await this.store.commit([{ key, value, expect }, ...further]);
      const stored = this.store.get(key);
      return stored?.revision === revision ? stored : { key, value, revision, createRevision: old?.createRevision ?? revision };
    } catch (error) {
      if (error instanceof ConflictError) return undefined;
      throw error;
    }
  }

  /**
   * Removes an entry, and writes `further` changes with it. Gives the revision at which it is gone, `undefined` when another write came first. In a dry run
   * that is the revision of `old`.
   */
  async remove(key: string, old: Entry, dryRun: boolean, further: readonly Change[] = []): Promise<number | undefined> {
    if (dryRun) return this.store.get(key)?.revision === old.revision ? old.revision : undefined;
    try {
      return await this.store.commit([{ key, value: null, expect: old.revision }, ...further]);
    } catch (error) {
      if (error instanceof ConflictError) return undefined;
      throw error;
    }
  }
}
