import type { Verb } from '../api/kinds/kind.ts';
import type { KubeObject } from '../api/object.ts';
import type { Client, ResourceRef } from './client.ts';
import { readPath } from './http-client.ts';

/** A resource the server serves, and what can be done with it. */
export interface DiscoveredResource extends ResourceRef<KubeObject> {
  readonly verbs: readonly Verb[];
}

interface GroupDiscoveryList {
  readonly kind?: string;
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly freshness?: 'Current' | 'Stale';
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind?: string };
        readonly scope: 'Cluster' | 'Namespaced';
        readonly verbs?: readonly Verb[];
      }[];
    }[];
  }[];
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** What a server serves, as far as it can tell. */
export interface Discovered {
  /** Each resource in the version that its group prefers. */
  readonly resources: readonly DiscoveredResource[];
  /** Group versions, `metrics.k8s.io/v1beta1`, that others serve and that nothing is known of now. */
  readonly stale: readonly string[];
}

/** {@link discover}, where it does not matter that something may be missing. */
export async function discoverPreferred(client: Client): Promise<readonly DiscoveredResource[]> {
  return (await discover(client)).resources;
}

/** What client-go says when not all is known. Upstream: `ErrGroupDiscoveryFailed`. */
export function staleMessage(stale: readonly string[]): string {
  const groups = stale.toSorted().map((groupVersion) => `${groupVersion}: stale GroupVersion discovery: ${groupVersion}`);
  return `unable to retrieve the complete list of server APIs: ${groups.join(', ')}`;
}

/**
 * Every resource the server serves, each in the version its group prefers. Asks for aggregated discovery, which servers know since 1.27.
 * Throws ApiError for a failure and Error for a server that answers in another form.
 */
export async function discover(client: Client): Promise<Discovered> {
  const roots = await Promise.all(['/api', '/apis'].map((path) => read(client, path)));
  const found: DiscoveredResource[] = [];
  const stale: string[] = [];
  for (const group of roots.flatMap((root) => root.items ?? [])) {
    const seen = new Set<string>();
    // Versions come in the order of preference; a resource is taken from the first that has it.
    for (const { version, freshness, resources = [] } of group.versions ?? []) {
      if (freshness === 'Stale') {
        stale.push(`${group.metadata?.name ?? ''}/${version}`);
        continue;
      }
      for (const { resource, responseKind, scope, verbs = [] } of resources) {
        if (seen.has(resource)) continue;
        seen.add(resource);
        found.push({
          group: group.metadata?.name ?? '',
          version,
          plural: resource,
          kind: responseKind?.kind ?? '',
          namespaced: scope === 'Namespaced',
          verbs,
        });
      }
    }
  }
  return { resources: found, stale };
}

async function read(client: Client, path: string): Promise<GroupDiscoveryList> {
  const list = await readPath<GroupDiscoveryList>(client, path, aggregated);
  if (list.kind !== 'APIGroupDiscoveryList') throw new Error(`the server does not serve aggregated discovery at ${path}`);
  return list;
}
