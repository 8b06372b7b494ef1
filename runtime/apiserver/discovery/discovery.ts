import { acceptClauses, negotiate } from '../negotiation/accept.ts';
import { answerBytes, answerJson } from '../negotiation/answer.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import { utf8 } from '../registry/stored-form.ts';
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, apiVersions } from './documents.ts';

interface Aggregated {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** Answers what there is: groups, versions, resources. Documents are made once and again after the resources have changed. */
export class Discovery {
  private readonly resources: ResourceTable;
  private readonly aggregated = new Map<string, Promise<Aggregated>>();

  constructor(resources: ResourceTable) {
    this.resources = resources;
    resources.onChange(() => this.aggregated.clear());
  }

  /** Answers `/api`, `/api/v1`, `/apis`, `/apis/apps`, `/apis/apps/v1`; `undefined` for what is not served. */
  async answer(request: Request, path: string): Promise<Response | undefined> {
    const [root, group, version] = path.slice(1).split('/');
    if (group === undefined) {
      const wanted = aggregatedVersion(request.headers.get('accept'));
      if (wanted !== undefined) return this.answerAggregated(request, root === 'api', wanted);
      return this.plain(request, root === 'api' ? apiVersions(new URL(request.url).host) : apiGroupList(this.resources));
    }
    if (root === 'api') return this.plain(request, version === undefined ? await apiResourceList(this.resources, '', group) : undefined);
    if (version === undefined) return this.plain(request, group === '' ? undefined : apiGroup(this.resources, group));
    return this.plain(request, await apiResourceList(this.resources, group, version));
  }

  private plain(request: Request, document: unknown): Response | undefined {
    if (document === undefined) return undefined;
    const { media } = negotiate(request.headers.get('accept'));
    return answerJson(200, document, { media });
  }

  private async answerAggregated(request: Request, core: boolean, version: 'v2' | 'v2beta1'): Promise<Response> {
    const key = `${core}/${version}`;
    let made = this.aggregated.get(key);
    if (made === undefined) {
      made = withEtag(utf8(JSON.stringify(aggregatedDiscovery(this.resources, core, version))));
      this.aggregated.set(key, made);
    }
    const { body, etag } = await made;
    const headers = {
      'content-type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
      etag,
      vary: 'Accept',
      'cache-control': 'public',
    };
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    const response = answerBytes(200, body);
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    return response;
  }
}

/** The version of the aggregated form that is preferred to the plain one; `undefined` when the plain one is. */
function aggregatedVersion(accept: string | null): 'v2' | 'v2beta1' | undefined {
  for (const { type, parameters } of acceptClauses(accept ?? '')) {
    if (type !== 'application/json' && type !== '*/*') continue;
    if (parameters.get('as') !== 'APIGroupDiscoveryList') return undefined;
    const version = parameters.get('v');
    if (parameters.get('g') === 'apidiscovery.k8s.io' && (version === 'v2' || version === 'v2beta1')) return version;
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
