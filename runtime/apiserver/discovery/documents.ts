import { type Priority, usualPriority } from '../../api/kinds/group-priorities.ts';
import { apiVersionOf, type Kind, type Subresource } from '../../api/kinds/kind.ts';
import type { GroupVersionName, Registration } from '../aggregator/remote-apis.ts';
import type { KnownResources } from '../aggregator/remote-servers.ts';
import type { Resource } from '../registry/resource.ts';
import { compareVersions, type ResourceTable } from '../registry/resource-table.ts';

/** A group version, in its own terms or in those of the server that serves it. */
type ServedVersion = GroupVersionName & ({ readonly resources: readonly Resource[] } | { readonly known: KnownResources });

interface Group {
  readonly name: string;
  /** The preferred first. */
  readonly versions: readonly ServedVersion[];
}

/** What is served, and by whom. */
export interface Served {
  readonly resources: ResourceTable;
  /** What APIServices say that does not go without saying. */
  readonly registrations: readonly Registration[];
  /** What is known of the resources of other servers, by the names of their APIServices. */
  readonly knownOf: (apiService: string) => KnownResources;
}

/** The groups that are served, in discovery's order: the highest first. Upstream: `SortedByGroupAndVersion`. */
function servedGroups(served: Served): readonly Group[] {
  const priorityOf = priorities(served.registrations);
  const groups = new Map<string, { versions: ServedVersion[]; priority: number }>();
  for (const entry of servedVersions(served)) {
    const group = groups.get(entry.group) ?? { versions: [], priority: 0 };
    group.versions.push(entry);
    group.priority = Math.max(group.priority, priorityOf(entry).group);
    groups.set(entry.group, group);
  }
  const inOrder = (a: ServedVersion, b: ServedVersion) =>
    priorityOf(b).version - priorityOf(a).version || compareVersions(a.version, b.version);
  return [...groups]
    .sort(([a, { priority: ofA }], [b, { priority: ofB }]) => ofB - ofA || (a < b ? -1 : 1))
    .map(([name, { versions }]) => ({ name, versions: versions.sort(inOrder) }));
}

/** The group versions of this server that are not left to others, and those that are. */
function servedVersions({ resources, registrations, knownOf }: Served): readonly ServedVersion[] {
  const own = resources.groupVersions();
  const remote = registrations.filter(({ isRemote }) => isRemote);
  if (remote.length === 0) return own;
  const isElsewhere = ({ group, version }: GroupVersionName) => remote.some((each) => each.group === group && each.version === version);
  return [
    ...own.filter((entry) => !isElsewhere(entry)),
    ...remote.map(({ name, group, version }) => ({ group, version, known: knownOf(name) })),
  ];
}

/** The places of group versions: those of their APIServices, else the usual ones. */
function priorities(registrations: readonly Registration[]): (of: GroupVersionName) => Priority {
  const registered = new Map(registrations.map(({ name, priority }) => [name, priority]));
  return ({ group, version }) => registered.get(`${version}.${group}`) ?? usualPriority(group, version);
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
    verbs: kind.discoveredVerbs ?? kind.verbs,
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

/** Kinds that upstream writes to its store in an older version than it prefers, which it tells in no other way. */
const storedOlder: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io/CustomResourceDefinition': 'v1beta1',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': 'v1beta1',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': 'v1beta1',
};

/** A short hash of the stored group, version and kind, as upstream's `StorageVersionHash` makes it. */
async function storageVersionHash({ group, version, kind }: Kind): Promise<string> {
  const stored = storedOlder[`${group}/${kind}`] ?? version;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${group}/${stored}/${kind}`));
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
      versions: versions.map(aggregatedVersion),
    })),
  };
}

function aggregatedVersion(served: ServedVersion): object {
  const { version } = served;
  if ('resources' in served) return { version, resources: byPlural(served.resources).map(aggregatedResource), freshness: 'Current' };
  const { resources, isCurrent } = served.known;
  return { version, ...(resources.length > 0 && { resources }), freshness: isCurrent ? 'Current' : 'Stale' };
}

function aggregatedResource(resource: Resource): object {
  const { kind } = resource;
  return {
    resource: kind.plural,
    responseKind: { ...ownVersion(resource), kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.discoveredVerbs ?? kind.verbs,
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    ...(kind.subresources.length > 0 ? { subresources: kind.subresources.map((part) => aggregatedSubresource(resource, part)) } : {}),
  };
}

function aggregatedSubresource(resource: Resource, part: Subresource): object {
  const { group, version } = part.version === undefined ? ownVersion(resource) : { group: part.group ?? '', version: part.version };
  return { subresource: part.name, responseKind: { group, version, kind: part.kind }, verbs: part.verbs };
}

/**
 * How the version of an answer is told that is the one it was asked for in. Upstream tells it of kinds that are defined while the server runs, and leaves
 * it out of its own. Upstream: `ConvertGroupVersionIntoToDiscovery`, and the discovery controller of apiextensions-apiserver.
 */
function ownVersion({ isCustom, kind }: Resource): { readonly group: string; readonly version: string } {
  return isCustom ? { group: kind.group, version: kind.version } : { group: '', version: '' };
}
