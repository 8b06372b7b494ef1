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

/**
 * Every resource the server serves, each in the version its group prefers. Asks for aggregated discovery, which servers know since 1.27.
 * Throws ApiError for a failure and Error for a server that answers in another form.
 */
export async function discoverPreferred(client: Client): Promise<DiscoveredResource[]> {
  const roots = await Promise.all(['/api', '/apis'].map((path) => read(client, path)));
  const found: DiscoveredResource[] = [];
  for (const group of roots.flatMap((root) => root.items ?? [])) {
    const seen = new Set<string>();
    // Versions come in the order of preference; a resource is taken from the first that has it.
    for (const { version, resources = [] } of group.versions ?? []) {
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
  return found;
}

async function read(client: Client, path: string): Promise<GroupDiscoveryList> {
  const list = await readPath<GroupDiscoveryList>(client, path, aggregated);
  if (list.kind !== 'APIGroupDiscoveryList') throw new Error(`the server does not serve aggregated discovery at ${path}`);
  return list;
}
