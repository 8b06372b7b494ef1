import type { APIService } from '../../api/generated/types/apiregistration/v1.ts';
import { type Priority, usualPriority } from '../../api/kinds/group-priorities.ts';
import type { Entry, Store } from '../../store/store.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { EntryCache } from '../registry/entry-cache.ts';
import type { Resource } from '../registry/resource.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import type { ServiceReference } from '../services/resolver.ts';

export interface GroupVersionName {
  readonly group: string;
  readonly version: string;
}

/** What an APIService says of the place of its group version, and whether others serve it. */
export interface Registration extends GroupVersionName {
  readonly name: string;
  readonly priority: Priority;
  readonly isRemote: boolean;
}

/** A group version that an APIService leaves to a server behind a service. */
export interface RemoteApi extends GroupVersionName {
  /** Of the APIService: `v1beta1.metrics.k8s.io`. */
  readonly name: string;
  readonly service: ServiceReference;
  /** Who may have signed the server's certificate, in base64 of PEM; empty: whom the host trusts. */
  readonly caBundle: string;
  readonly isInsecure: boolean;
  /** Whether the server has answered when it was asked last. */
  readonly isAvailable: boolean;
}

/** Which group versions others are to serve, whether or not this server serves them, too. Every request asks. */
export class RemoteApis {
  private readonly store: Store;
  private readonly resource: Resource;
  private readonly cache: EntryCache;
  /** By the entries themselves, so that those of APIServices that are gone go, too. */
  private readonly read = new WeakMap<Entry, { readonly api: RemoteApi | undefined }>();

  constructor(store: Store, resources: ResourceTable, cache: EntryCache) {
    const resource = resources.findAnyVersion('apiregistration.k8s.io', 'apiservices');
    if (resource === undefined) throw new Error('APIServices are not served');
    this.store = store;
    this.resource = resource;
    this.cache = cache;
  }

  find({ group, version }: GroupVersionName): RemoteApi | undefined {
    return version === '' ? undefined : this.named(`${version}.${group}`);
  }

  /** By the name of the APIService. */
  named(name: string): RemoteApi | undefined {
    const entry = this.store.get(this.resource.keyOf('', name));
    if (entry === undefined) return undefined;
    const known = this.read.get(entry);
    if (known !== undefined) return known.api;
    const api = remoteApi(this.cache.object(this.resource, entry));
    this.read.set(entry, { api });
    return api;
  }

  /** Whether each of all APIServices is available, those of this server's own among them. */
  availability(): readonly { readonly name: string; readonly isAvailable: boolean }[] {
    return this.objects().map((object) => ({ name: object.metadata.name ?? '', isAvailable: isAvailable(object) }));
  }

  /** Of the APIServices that say something else than those do that are made for this server's own group versions. */
  registrations(): readonly Registration[] {
    return this.objects().map(registration).filter(isUnusual);
  }

  private objects(): readonly ApiObject[] {
    return this.store.current(this.resource.prefixIn('')).map((entry) => this.cache.object(this.resource, entry));
  }
}

function registration(object: ApiObject): Registration {
  const { spec } = object as unknown as APIService;
  return {
    name: object.metadata.name ?? '',
    group: spec?.group ?? '',
    version: spec?.version ?? '',
    priority: { group: spec?.groupPriorityMinimum ?? 0, version: spec?.versionPriority ?? 0 },
    isRemote: spec?.service !== undefined,
  };
}

function isUnusual({ group, version, priority, isRemote }: Registration): boolean {
  const usual = usualPriority(group, version);
  return isRemote || priority.group !== usual.group || priority.version !== usual.version;
}

function remoteApi(object: ApiObject): RemoteApi | undefined {
  // Stored objects have the structure of their definitions.
  const { spec } = object as unknown as APIService;
  if (spec?.service === undefined) return undefined;
  const { namespace = '', name = '', port = 443 } = spec.service;
  return {
    name: object.metadata.name ?? '',
    group: spec.group ?? '',
    version: spec.version ?? '',
    service: { namespace, name, port },
    caBundle: spec.caBundle ?? '',
    isInsecure: spec.insecureSkipTLSVerify ?? false,
    isAvailable: isAvailable(object),
  };
}

function isAvailable(object: ApiObject): boolean {
  const { status } = object as unknown as APIService;
  return status?.conditions?.some((condition) => condition.type === 'Available' && condition.status === 'True') ?? false;
}
