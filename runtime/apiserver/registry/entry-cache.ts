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

/** How many bytes the objects of a generation are stored in, at most: a few thousand large ones would hold gigabytes. */
const generationBytes = 16 * 1024 * 1024;

/**
 * Decoded views of stored bytes. What selectors need is kept as long as the bytes live; whole objects only in two
 * generations of bounded size, because the decoded form of every object would double the memory of the cluster.
 */
export class EntryCache {
  private readonly attributes = new WeakMap<Uint8Array, Attributes & { readonly by: SelectableFields | undefined }>();
  /** Of kinds with a converter: what selectors of each served version look at. */
  private readonly served = new WeakMap<SelectableFields, WeakMap<Uint8Array, Attributes>>();
  private young = new Map<Uint8Array, ApiObject>();
  private old = new Map<Uint8Array, ApiObject>();
  private youngBytes = 0;
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

  /** Labels and selectable fields of an entry: of kinds with a converter as they are served, if that has been told to `learnServed`. */
  attributesOf(resource: Resource, entry: Entry): Attributes {
    const served = this.servedAttributes(resource, entry);
    if (served !== undefined) return served;
    const known = this.attributes.get(entry.value);
    if (known !== undefined && known.by === resource.strategy.selectable) return known;
    const object = this.young.get(entry.value) ?? this.old.get(entry.value) ?? resource.form.decode(entry.value, entry.revision);
    return this.learn(resource, entry.value, object);
  }

  /** What has been learnt of an entry in the version that is served. */
  servedAttributes({ converter, strategy }: Resource, entry: Entry): Attributes | undefined {
    if (converter === undefined || strategy.selectable === undefined) return undefined;
    return this.served.get(strategy.selectable)?.get(entry.value);
  }

  /** Remembers what selectors look at in an entry, once it has been converted into the version that is served. */
  learnServed(resource: Resource, entry: Entry, object: ApiObject): void {
    const { selectable } = resource.strategy;
    if (selectable === undefined) return;
    const known = this.served.get(selectable) ?? new WeakMap<Uint8Array, Attributes>();
    this.served.set(selectable, known.set(entry.value, attributesIn(resource, object)));
  }

  /** Remembers an object that has just been encoded, so that its watchers need not decode it. */
  keep(value: Uint8Array, object: ApiObject): void {
    if (this.young.size >= this.limit || this.youngBytes + value.length > generationBytes) {
      this.old = this.young;
      this.young = new Map();
      this.youngBytes = 0;
    }
    if (!this.young.has(value)) this.youngBytes += value.length;
    this.young.set(value, object);
  }

  private learn(resource: Resource, value: Uint8Array, object: ApiObject): Attributes {
    const attributes = { ...attributesIn(resource, object), by: resource.strategy.selectable };
    this.attributes.set(value, attributes);
    return attributes;
  }
}

function attributesIn(resource: Resource, object: ApiObject): Attributes {
  const { name = '', namespace = '', labels = noLabels } = object.metadata;
  return { labels, fields: { ...resource.strategy.selectable?.values(object), 'metadata.name': name, 'metadata.namespace': namespace } };
}
