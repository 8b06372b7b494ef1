import { jsonEqual } from '../../api/equality.ts';
import type { HttpRequest, HttpResponse } from '../../api/http.ts';
import type { Registration, RemoteApis } from '../aggregator/remote-apis.ts';
import type { RemoteServers } from '../aggregator/remote-servers.ts';
import { type Accepted, acceptClauses, mediaOf, negotiate } from '../negotiation/accept.ts';
import { answerBytes, answerJson } from '../negotiation/answer.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import { jsonLine } from '../registry/stored-form.ts';
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, apiVersions, type Served } from './documents.ts';

interface Aggregated {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** Answers what there is: groups, versions, resources. Documents are made once and again after the resources have changed. */
export class Discovery {
  private readonly resources: ResourceTable;
  private readonly remoteApis: RemoteApis;
  private readonly remoteServers: RemoteServers;
  /** What the APIServices said when the aggregated documents were made, and what was known of the servers behind them. */
  private made: { readonly registrations: readonly Registration[]; readonly revision: number } = { registrations: [], revision: 0 };
  private readonly aggregated = new Map<'api' | 'apis', Promise<Aggregated>>();

  constructor(resources: ResourceTable, remoteApis: RemoteApis, remoteServers: RemoteServers) {
    this.resources = resources;
    this.remoteApis = remoteApis;
    this.remoteServers = remoteServers;
    resources.onChange(() => this.aggregated.clear());
  }

  /** Answers `/api`, `/api/v1`, `/apis`, `/apis/apps`, `/apis/apps/v1`; `undefined` for what is not served. */
  async answer(request: HttpRequest, path: string): Promise<HttpResponse | undefined> {
    const [root, group, version] = path.slice(1).split('/');
    if (group === undefined) {
      const wanted = aggregatedForm(request.headers.get('accept'));
      if (wanted !== undefined) return this.answerAggregated(request, root === 'api' ? root : 'apis', wanted);
      return this.plain(request, root === 'api' ? apiVersions(new URL(request.url).host) : apiGroupList(this.served()));
    }
    if (root === 'api') return this.plain(request, version === undefined ? await apiResourceList(this.resources, '', group) : undefined);
    if (version === undefined) return this.plain(request, group === '' ? undefined : apiGroup(this.served(), group));
    return this.plain(request, await apiResourceList(this.resources, group, version));
  }

  private served(): Served {
    const { resources, remoteApis, remoteServers } = this;
    return { resources, registrations: remoteApis.registrations(), knownOf: (apiService) => remoteServers.resourcesOf(apiService) };
  }

  private plain(request: HttpRequest, document: unknown): HttpResponse | undefined {
    if (document === undefined) return undefined;
    return answerJson(200, document, negotiate(request.headers.get('accept'), { allows: () => false, inProtobuf: () => true }));
  }

  private async answerAggregated(request: HttpRequest, root: 'api' | 'apis', form: Accepted): Promise<HttpResponse> {
    const served = this.served();
    const now = { registrations: served.registrations, revision: this.remoteServers.revision };
    if (!jsonEqual(now, this.made)) this.aggregated.clear();
    this.made = now;
    let made = this.aggregated.get(root);
    if (made === undefined) {
      made = withEtag(jsonLine(aggregatedDiscovery(served, root === 'api')));
      this.aggregated.set(root, made);
    }
    const { body, etag } = await made;
    const headers = { etag, vary: 'Accept', 'cache-control': 'public' };
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    const response = answerBytes(200, body, form);
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    response.headers.set('content-type', `application/${form.media};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`);
    return response;
  }
}

/**
 * How the aggregated form is written when it is asked for at all; `undefined` leaves it to the plain one. Since 1.35 there is no v2beta1.
 * Upstream: `IsAggregatedDiscoveryGVK`.
 */
function aggregatedForm(accept: string | null): Accepted | undefined {
  for (const { type, parameters } of acceptClauses(accept ?? '')) {
    const media = mediaOf(type);
    if (media === undefined || media === 'protobuf' || parameters.get('as') !== 'APIGroupDiscoveryList') continue;
    if (parameters.get('g') !== 'apidiscovery.k8s.io' || parameters.get('v') !== 'v2') continue;
    return { media, ...(parameters.get('pretty') === '1' && { pretty: true }) };
  }
  return undefined;
}

async function withEtag(body: Uint8Array<ArrayBuffer>): Promise<Aggregated> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-512', body));
  return {
    body,
    etag: `"${[...digest]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase()}"`,
  };
}
