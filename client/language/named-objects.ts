import type { KubeObject } from '../../runtime/api/object.ts';
import type { Held, WatchedPlural } from '../cluster/object-cache.ts';
import type { Objects } from '../cluster/state/owner.ts';

/** An object as the language server is told of it in `kubeside/clusterObjects`: its name, and what other manifests may refer to. */
export interface NamedObject {
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly keys?: readonly string[];
  readonly servicePorts?: readonly { readonly name?: string; readonly number: number }[];
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly replicas?: number;
}

/** The resources whose objects manifests refer to by name or label, with what is told of each besides its name and labels. */
const told: { readonly [P in WatchedPlural]?: (object: never) => Omit<NamedObject, 'name' | 'namespace' | 'labels'> } = {
  nodes: () => ({}),
  namespaces: () => ({}),
  configmaps: keysOf,
  secrets: keysOf,
  serviceaccounts: () => ({}),
  persistentvolumeclaims: () => ({}),
  services: ({ spec }: ServiceLike) => ({
    servicePorts: (spec?.ports ?? []).map(({ name, port }) => (name === undefined ? { number: port } : { name, number: port })),
  }),
  ingresses: () => ({}),
  deployments: templated,
  statefulsets: templated,
  daemonsets: templated,
  jobs: () => ({}),
  cronjobs: () => ({}),
  storageclasses: () => ({}),
  priorityclasses: () => ({}),
  ingressclasses: () => ({}),
  runtimeclasses: () => ({}),
  roles: () => ({}),
  clusterroles: () => ({}),
};

interface ServiceLike {
  readonly spec?: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}

interface Templated {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
}

/** The resources that are told of. */
export const toldPlurals = Object.keys(told) as readonly WatchedPlural[];

/** What the language server is told of the objects of a resource. */
export function namedObjects(plural: WatchedPlural, objects: Objects): NamedObject[] {
  const more = told[plural] as ((object: KubeObject) => Partial<NamedObject>) | undefined;
  return objects.list(plural).map((object) => {
    const { name = '', namespace, labels } = object.metadata ?? {};
    return { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }), ...more?.(object) };
  });
}

function keysOf({ keys = [] }: Held): Partial<NamedObject> {
  return { keys };
}

function templated({ spec }: Templated): Partial<NamedObject> {
  const labels = spec?.template?.metadata?.labels;
  return { ...(labels && { podLabels: labels }), ...(spec?.replicas !== undefined && { replicas: spec.replicas }) };
}
