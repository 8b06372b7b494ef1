import type { Kind } from '../../runtime/api/kinds/kind.ts';
import type { Reply, RequestOptions } from './request.ts';

/** A resource as discovery names it. */
export type ResourceKind = Pick<Kind, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'> & {
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
};

type Request = <T>(method: string, path: string, options?: RequestOptions) => Promise<Reply<T>>;

interface AggregatedList {
  readonly kind: string;
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind: string };
        readonly scope: string;
        readonly verbs?: readonly string[];
        readonly shortNames?: readonly string[];
      }[];
    }[];
  }[];
}

interface GroupList {
  readonly groups?: readonly { readonly name: string; readonly versions: readonly { readonly version: string }[] }[];
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
    readonly shortNames?: readonly string[];
  }[];
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

/** Reads what a server offers: aggregated discovery in two requests, and version by version where a server has not that form. */
export async function discover(request: Request): Promise<ResourceKind[]> {
  const roots = await Promise.all(
    ['/api', '/apis'].map(async (path) => (await request<AggregatedList & GroupList>('GET', path, { accept: aggregated })).body),
  );
  if (roots.every((root) => root.kind === 'APIGroupDiscoveryList')) return roots.flatMap(fromAggregated);
  const versions = [
    { group: '', version: 'v1' },
    ...(roots[1]?.groups ?? []).flatMap((group) => group.versions.map(({ version }) => ({ group: group.name, version }))),
  ];
  const lists = await Promise.all(
    versions.map(async ({ group, version }) => {
      const { body } = await request<ResourceList>('GET', group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
      return (body.resources ?? [])
        .filter((resource) => !resource.name.includes('/'))
        .map((resource) => ({
          group,
          version,
          kind: resource.kind,
          plural: resource.name,
          namespaced: resource.namespaced,
          verbs: resource.verbs,
          shortNames: resource.shortNames ?? [],
        }));
    }),
  );
  return lists.flat();
}

function fromAggregated(list: AggregatedList): ResourceKind[] {
  return (list.items ?? []).flatMap((group) =>
    (group.versions ?? []).flatMap(({ version, resources }) =>
      (resources ?? []).map((resource) => ({
        group: group.metadata?.name ?? '',
        version,
        kind: resource.responseKind?.kind ?? '',
        plural: resource.resource,
        namespaced: resource.scope === 'Namespaced',
        verbs: resource.verbs ?? [],
        shortNames: resource.shortNames ?? [],
      })),
    ),
  );
}
