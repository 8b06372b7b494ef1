import type { Entry } from '../../store/store.ts';
import type { ApiObject } from './api-object.ts';
import type { Resource } from './resource.ts';
import type { SelectableFields } from './strategy.ts';

/** What selectors look at. */
export interface Attributes {
  readonly labels: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

const noLabels: Readonly<Record<string, string>> = {};

/**
 * Decoded views of stored bytes. What selectors need is kept as long as the bytes live; whole objects only in two
 * generations of bounded size, because the decoded form of every object would double the memory of the cluster.
 */
export class EntryCache {
  private readonly attributes = new WeakMap<Uint8Array, Attributes & { readonly by: SelectableFields | undefined }>();
  private young = new Map<Uint8Array, ApiObject>();
  private old = new Map<Uint8Array, ApiObject>();
  private readonly limit: number;

  constructor(limit = 2048) {
    this.limit = limit;
  }

  /** The object, shared by every caller: it must not be changed. Revision 0 is that of a dry run, and no resourceVersion. */
  object(resource: Resource, entry: Entry): ApiObject {
    let object = this.young.get(entry.value) ?? this.old.get(entry.value);
    if (object === undefined) {
      object = resource.form.decode(entry.value, entry.revision);
      this.keep(entry.value, object);
    }
    if (entry.revision === 0) delete object.metadata.resourceVersion;
    else object.metadata.resourceVersion = String(entry.revision);
    return object;
  }

  /** The object if it is kept decoded, without its resourceVersion being sure; it must not be changed. */
  known(entry: Entry): ApiObject | undefined {
    return this.young.get(entry.value) ?? this.old.get(entry.value);
  }

  /** Labels and selectable fields of an entry. */
  attributesOf(resource: Resource, entry: Entry): Attributes {
    const known = this.attributes.get(entry.value);
    if (known !== undefined && known.by === resource.strategy.selectable) return known;
    const object = this.young.get(entry.value) ?? this.old.get(entry.value) ?? resource.form.decode(entry.value, entry.revision);
    return this.learn(resource, entry.value, object);
  }

  /** Remembers an object that has just been encoded, so that its watchers need not decode it. */
  seed(value: Uint8Array, object: ApiObject): void {
    this.keep(value, object);
  }

  private learn(resource: Resource, value: Uint8Array, object: ApiObject): Attributes {
    const { name = '', namespace = '', labels = noLabels } = object.metadata;
    const fields = { ...resource.strategy.selectable?.values(object), 'metadata.name': name, 'metadata.namespace': namespace };
    const attributes = { labels, fields, by: resource.strategy.selectable };
    this.attributes.set(value, attributes);
    return attributes;
  }

  private keep(value: Uint8Array, object: ApiObject): void {
    if (this.young.size >= this.limit) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(value, object);
  }
}
