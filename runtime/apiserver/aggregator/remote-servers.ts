import { jsonEqual } from '../../api/equality.ts';
import { type Family, Numbers, Reading } from '../metrics/families.ts';
import { discoveryFailure } from './availability.ts';
import type { RemoteApi, RemoteApis } from './remote-apis.ts';
import { type DiscoveredResource, type DiscoveryDocument, fetchDiscovery } from './remote-discovery.ts';
import { fetchOpenApi, type RemoteOpenApi } from './remote-openapi.ts';
import type { RemoteParts } from './remote-server.ts';

/** The resources of a group version that others serve, and whether its server has told them when it was asked last. */
export interface KnownResources {
  readonly resources: readonly DiscoveredResource[];
  readonly isCurrent: boolean;
}

const openApiRoot = '/openapi/v3/';
const unknown: KnownResources = { resources: [], isCurrent: false };

/** What the controllers of the aggregation layer do with the servers behind APIServices, which they know by the names of these. */
export class RemoteServers {
  private readonly parts: RemoteParts;
  private readonly apis: RemoteApis;
  private readonly documents = new Map<string, DiscoveryDocument>();
  private readonly known = new Map<string, KnownResources>();
  private changes = 0;
  private readonly published = new Map<string, RemoteOpenApi>();
  private openApiChanges = 0;
  private readonly unavailable = new Numbers(
    'counter',
    'aggregator_unavailable_apiservice_total',
    'How often APIServices became unavailable, by name and reason.',
    ['name', 'reason'],
  );

  constructor(parts: RemoteParts, apis: RemoteApis) {
    this.parts = parts;
    this.apis = apis;
  }

  /** Why a server does not answer, in upstream's words; nothing when it does. Rejects when it cannot be asked at all. */
  async discoveryFailure(apiService: string): Promise<string | undefined> {
    const api = this.apis.named(apiService);
    return api && discoveryFailure(this.parts, api);
  }

  /** Asks a server anew for its resources. Rejects when it does not tell them; nothing more is told of them then. */
  async refreshDiscovery(apiService: string): Promise<void> {
    const api = this.apis.named(apiService);
    if (api === undefined) {
      this.documents.delete(apiService);
      this.tell(apiService, undefined);
      return;
    }
    try {
      const document = await fetchDiscovery(this.parts, api, this.documents.get(apiService));
      this.documents.set(apiService, document);
      this.tell(apiService, { resources: document.versions.get(`${api.group}/${api.version}`) ?? [], isCurrent: true });
    } catch (error) {
      this.tell(apiService, { resources: [], isCurrent: false });
      throw error;
    }
  }

  /** Asks a server anew what it publishes in OpenAPI. Rejects when it does not say; what it has published before stays. */
  async refreshOpenApi(apiService: string): Promise<void> {
    const api = this.apis.named(apiService);
    if (api === undefined) {
      if (this.published.delete(apiService)) this.openApiChanges += 1;
      return;
    }
    const known = this.published.get(apiService);
    const published = await fetchOpenApi(this.parts, api, known);
    if (jsonEqual(published, known)) return;
    this.published.set(apiService, published);
    this.openApiChanges += 1;
  }

  /** What others publish in OpenAPI. */
  get openApi(): { readonly revision: number; readonly published: readonly RemoteOpenApi[] } {
    return { revision: this.openApiChanges, published: [...this.published.values()] };
  }

  /** The API whose server publishes the document of version 3 at a path. */
  publisherOf(path: string): RemoteApi | undefined {
    if (!path.startsWith(openApiRoot)) return undefined;
    for (const [name, { path: published, address }] of this.published) {
      if (address !== undefined && path === openApiRoot + published) return this.apis.named(name);
    }
    return undefined;
  }

  /** What is known of the resources of a group version, by the name of its APIService. */
  resourcesOf(apiService: string): KnownResources {
    return this.known.get(apiService) ?? unknown;
  }

  /** What a server has told of a group version when it last told anything, be it reached now or not. */
  lastTold({ group, version }: Pick<RemoteApi, 'group' | 'version'>): readonly DiscoveredResource[] {
    return this.documents.get(`${version}.${group}`)?.versions.get(`${group}/${version}`) ?? [];
  }

  /** Differs after every change of what is known. */
  get revision(): number {
    return this.changes;
  }

  private tell(apiService: string, resources: KnownResources | undefined): void {
    if (jsonEqual(resources, this.known.get(apiService))) return;
    this.changes += 1;
    if (resources === undefined) this.known.delete(apiService);
    else this.known.set(apiService, resources);
  }

  /** Counts that an APIService is no longer available. */
  becameUnavailable(apiService: string, reason: string): void {
    this.unavailable.add([apiService, reason]);
  }

  get families(): readonly Family[] {
    const now = new Reading('aggregator_unavailable_apiservice', 'Whether an APIService is unavailable, by name.', () =>
      this.apis.availability().map(({ name, isAvailable }) => [{ name }, isAvailable ? 0 : 1]),
    );
    return [now, this.unavailable];
  }
}
