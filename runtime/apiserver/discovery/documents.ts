import { apiVersionOf, type Kind, type Subresource } from '../../api/kinds/kind.ts';
import type { GroupVersionName } from '../aggregator/remote-apis.ts';
import type { Resource } from '../registry/resource.ts';
import { compareVersions, type GroupVersion, type ResourceTable } from '../registry/resource-table.ts';

/** Groups in the order of upstream's API services; those that are not named come after, by name. */
const groupOrder = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'storagemigration.k8s.io',
];

function rank(group: string): number {
  const index = groupOrder.indexOf(group);
  return index < 0 ? groupOrder.length : index;
}

interface Group {
  readonly name: string;
  /** The preferred first. */
  readonly versions: readonly GroupVersion[];
}

/** What is served, and by whom. */
export interface Served {
  readonly resources: ResourceTable;
  /** What other servers are to serve; nothing is known of their resources. */
  readonly remote: readonly GroupVersionName[];
}

/** The groups that are served, in discovery's order. */
function servedGroups({ resources, remote }: Served): readonly Group[] {
  const groups = new Map<string, GroupVersion[]>();
  for (const entry of withRemote(resources.groupVersions(), remote)) {
    const versions = groups.get(entry.group) ?? [];
    versions.push(entry);
    groups.set(entry.group, versions);
  }
  return [...groups]
    .map(([name, versions]) => ({ name, versions: versions.sort((a, b) => compareVersions(a.version, b.version)) }))
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

/** The group versions, those of others without resources. */
function withRemote(own: readonly GroupVersion[], remote: readonly GroupVersionName[]): readonly GroupVersion[] {
  if (remote.length === 0) return own;
  const isElsewhere = ({ group, version }: GroupVersionName) => remote.some((each) => each.group === group && each.version === version);
  return [...own.filter((entry) => !isElsewhere(entry)), ...remote.map(({ group, version }) => ({ group, version, resources: [] }))];
}

/** `/api` */
export function apiVersions(serverAddress: string): unknown {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] };
}

function groupBody({ name, versions }: Group): object {
  const list = versions.map(({ group, version }) => ({ groupVersion: apiVersionOf({ group, version }), version }));
  return { name, versions: list, preferredVersion: list[0] };
}

/** `/apis` */
export function apiGroupList(served: Served): unknown {
  const groups = servedGroups(served).filter(({ name }) => name !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupBody) };
}

/** `/apis/apps`; `undefined` for a group that is not served. */
export function apiGroup(served: Served, name: string): unknown {
  const group = servedGroups(served).find((candidate) => candidate.name === name);
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group) };
}

/** `/api/v1`, `/apis/apps/v1`; `undefined` for a version that is not served. */
export async function apiResourceList(resources: ResourceTable, group: string, version: string): Promise<unknown> {
  const found = resources.groupVersions().find((entry) => entry.group === group && entry.version === version);
  if (found === undefined) return undefined;
  const lists = await Promise.all(byPlural(found.resources).map(resourceEntries));
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(found),
    resources: lists.flat(),
  };
}

function byPlural(resources: readonly Resource[]): readonly Resource[] {
  return [...resources].sort((a, b) => (a.kind.plural < b.kind.plural ? -1 : 1));
}

async function resourceEntries(resource: Resource): Promise<readonly object[]> {
  const { kind } = resource;
  const own = {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: kind.verbs,
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    ...(resource.supports('list') && resource.supports('create') ? { storageVersionHash: await storageVersionHash(resource.stored) } : {}),
  };
  const parts = kind.subresources.map((part) => ({
    name: `${kind.plural}/${part.name}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...(part.version === undefined ? {} : { group: part.group ?? '', version: part.version }),
    kind: part.kind,
    verbs: part.verbs,
  }));
  return [own, ...parts];
}

/** A short hash of the stored group, version and kind, as upstream's `StorageVersionHash` makes it. */
async function storageVersionHash({ group, version, kind }: Kind): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${group}/${version}/${kind}`));
  return btoa(String.fromCharCode(...new Uint8Array(digest).subarray(0, 8)));
}

/** The aggregated form of `/api` (`core`) or of `/apis`, in group apidiscovery.k8s.io. */
export function aggregatedDiscovery(served: Served, core: boolean): unknown {
  const groups = servedGroups(served).filter(({ name }) => (name === '') === core);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name === '' ? {} : { name },
      versions: versions.map(({ version, resources }) =>
        resources.length === 0
          ? { version, freshness: 'Stale' }
          : { version, resources: byPlural(resources).map(aggregatedResource), freshness: 'Current' },
      ),
    })),
  };
}

function aggregatedResource({ kind }: Resource): object {
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    ...(kind.subresources.length > 0 ? { subresources: kind.subresources.map((part) => aggregatedSubresource(kind, part)) } : {}),
  };
}

function aggregatedSubresource(kind: Kind, part: Subresource): object {
  const { group, version } = part.version === undefined ? kind : { group: part.group ?? '', version: part.version };
  return { subresource: part.name, responseKind: { group, version, kind: part.kind }, verbs: part.verbs };
}
