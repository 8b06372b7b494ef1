import { kinds as builtInKinds } from '../../runtime/api/generated/kinds.ts';
import { groupOf } from '../../runtime/api/kinds/kind.ts';
import { releases } from '../versions/history.ts';
import type { Kinds, KnownKind } from './kinds.ts';

/** What a role's rule names: the objects of a kind, or a part of theirs (`pods/log`). */
export interface Resource {
  readonly group: string;
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
}

/** What requests for objects do. */
export const usualVerbs: readonly string[] = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** Verbs that are no request's but are asked for all the same. */
export const specialVerbs: Readonly<Record<string, readonly string[]>> = {
  roles: ['bind', 'escalate'],
  clusterroles: ['bind', 'escalate'],
  serviceaccounts: ['impersonate'],
  users: ['impersonate'],
  groups: ['impersonate'],
  signers: ['approve', 'sign', 'attest'],
};

/** Kubernetes' own resources in their newest release, with their subresources. */
export const builtInResources: readonly Resource[] = builtInKinds.flatMap(
  ({ group, plural, kind, verbs, subresources, namespaced, shortNames }) => [
    { group, name: plural, kind, verbs, namespaced, shortNames },
    ...subresources.map((subresource) => ({
      group,
      name: `${plural}/${subresource.name}`,
      kind: subresource.kind,
      verbs: subresource.verbs,
      namespaced,
      shortNames: [],
    })),
  ],
);

/** The resource of a kind. Where nobody tells it, the usual plural is a good guess. */
export function resourceOf({ kind, plural = '' }: Pick<KnownKind, 'kind' | 'plural'>): string {
  if (plural !== '') return plural;
  const lower = kind.toLowerCase();
  return /(s|x|ch|sh)$/.test(lower) ? `${lower}es` : /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

let ofOtherReleases: ReadonlySet<string> | undefined;

/** Resources that other releases have or had: roles are written for many. */
function resourcesOfOtherReleases(): ReadonlySet<string> {
  ofOtherReleases ??= new Set(
    [...Object.keys(releases.kinds), ...Object.keys(releases.gone)].map((key) => {
      const [apiVersion = '', kind = ''] = key.split(' ');
      return `${groupOf(apiVersion)} ${resourceOf({ kind })}`;
    }),
  );
  return ofOtherReleases;
}

/** What is asked for as if it were a resource, without objects behind it. */
const asked: readonly RegExp[] = [
  /^ (users|groups|nodes\/.+|endpoints\/restricted)$/,
  /^authentication\.k8s\.io (uids|userextras(\/.+)?)$/,
  /^certificates\.k8s\.io (signers|certificatesigningrequests\/(nodeclient|selfnodeclient|selfnodeserver))$/,
  /^resource\.k8s\.io resourceclaims\/(driver|binding)$/,
  // Owners of objects, which some clusters let only those name who may finish them off.
  / [^/]+\/finalizers$/,
  /^apps deployments\/rollback$/,
];

/** The subresources that a definition can give its kind. */
const customSubresources = ['status', 'scale'];

/** What resources there are: Kubernetes' own, and those of the custom kinds that are known. */
export class Resources {
  readonly #byGroup = new Map<string, Map<string, Resource>>();
  readonly #isClosed: (group: string) => boolean;

  constructor(kinds: Kinds) {
    this.#isClosed = (group) => kinds.isClosedGroup(group) && this.#byGroup.has(group);
    for (const resource of builtInResources) this.#add(resource);
    for (const known of kinds.all()) if (!known.builtIn) this.#addCustom(known);
  }

  /** Whether all resources of a group are known. */
  isWhole(group: string): boolean {
    return this.#isClosed(group);
  }

  /** Whether some resources of a group are known; of custom ones there may be others that nobody has told of. */
  isKnown(group: string): boolean {
    return this.#isClosed(group) || this.#byGroup.has(group);
  }

  /** The groups that are known. */
  get groups(): readonly string[] {
    return [...this.#byGroup.keys()];
  }

  find(group: string, name: string): Resource | undefined {
    return this.#byGroup.get(group)?.get(name);
  }

  /** Whether a resource has no objects that are known here, but is asked for, or was once. */
  isAskedFor(group: string, name: string): boolean {
    const [whole = ''] = name.split('/');
    const isOld = resourcesOfOtherReleases().has(`${group} ${whole}`) && !this.find(group, whole);
    return isOld || asked.some((pattern) => pattern.test(`${group} ${name}`));
  }

  /** The names of a group's resources. */
  names(group: string): readonly string[] {
    return [...(this.#byGroup.get(group)?.keys() ?? [])];
  }

  /** The groups whose resource has a name. */
  groupsOf(name: string): readonly string[] {
    return this.groups.filter((group) => this.find(group, name));
  }

  #add(resource: Resource): void {
    const known = this.#byGroup.get(resource.group) ?? new Map<string, Resource>();
    const before = known.get(resource.name);
    const verbs = [...new Set([...(before?.verbs ?? []), ...resource.verbs])];
    this.#byGroup.set(resource.group, known.set(resource.name, { ...resource, verbs }));
  }

  #addCustom(known: KnownKind): void {
    const { group, kind, namespaced } = known;
    const name = resourceOf(known);
    this.#add({ group, name, kind, namespaced, verbs: usualVerbs, shortNames: [] });
    for (const sub of customSubresources)
      this.#add({ group, name: `${name}/${sub}`, kind, namespaced, verbs: ['get', 'patch', 'update'], shortNames: [] });
  }
}

const known = new WeakMap<Kinds, { readonly generation: number; readonly resources: Resources }>();

/** The resources that go with some kinds, put together once for as long as these do not change. */
export function resourcesOf(kinds: Kinds): Resources {
  const { generation } = kinds;
  const before = known.get(kinds);
  if (before?.generation === generation) return before.resources;
  const resources = new Resources(kinds);
  known.set(kinds, { generation, resources });
  return resources;
}
