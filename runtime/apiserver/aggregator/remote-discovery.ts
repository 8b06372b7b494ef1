import type { RemoteApi } from './remote-apis.ts';
import { get, locate, type OwnAnswer, type RemoteParts } from './remote-server.ts';
import { aggregatorUser } from './users.ts';

/** A resource in the terms of `apidiscovery.k8s.io/v2`. */
export interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind: ResponseKind;
  readonly scope: string;
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly DiscoveredSubresource[];
}

interface DiscoveredSubresource {
  readonly subresource: string;
  readonly responseKind: ResponseKind;
  readonly verbs: readonly string[];
}

interface ResponseKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What a server has said of its resources. */
export interface DiscoveryDocument {
  /** By group and version: `metrics.k8s.io/v1beta1`. */
  readonly versions: ReadonlyMap<string, readonly DiscoveredResource[]>;
  /** Empty for what cannot be asked for again by it. */
  readonly etag: string;
}

const timeout = 5000;
const limit = 16 * 1024 * 1024;
const asOneDocument = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/**
 * Asks a server for its resources: for all in one document, or for those of the one group version where it knows no such document. Follows upstream's
 * `discoveryManager`.
 *
 * @param known what it has said before
 * @throws Error when it says nothing that can be read
 */
export async function fetchDiscovery(parts: RemoteParts, api: RemoteApi, known: DiscoveryDocument | undefined): Promise<DiscoveryDocument> {
  const location = locate(parts, api);
  const ask = (path: string, headers: readonly (readonly [string, string])[]) =>
    get(parts, api, location, { path, user: aggregatorUser, headers, timeout, limit });
  const etag = known?.etag ?? '';
  const answer = await ask('/apis', [['accept', asOneDocument], ...(etag === '' ? [] : [['if-none-match', etag] as const])]);
  if (answer.status === 304 && known !== undefined) return known;
  const { namespace, name, port } = api.service;
  if (answer.status === 503) throw new Error(`service ${namespace}/${name}:${port} returned non-success response code: 503`);
  if (answer.status === 200 && isOneDocument(answer)) {
    return { versions: documentVersions(JSON.parse(answer.text)), etag: answer.headers.get('etag') ?? '' };
  }
  const path = api.group === '' ? `/api/${api.version}` : `/apis/${api.group}/${api.version}`;
  const list = await ask(path, [['accept', 'application/json']]);
  if (list.status !== 200) throw new Error(`failed to download legacy discovery for ${path}: ${list.status} ${list.text.slice(0, 1000)}`);
  return { versions: new Map([[`${api.group}/${api.version}`, listedResources(JSON.parse(list.text))]]), etag: '' };
}

function isOneDocument({ headers }: OwnAnswer): boolean {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').split(';').map((part) => part.trim());
  const wanted = ['g=apidiscovery.k8s.io', 'v=v2', 'as=APIGroupDiscoveryList'];
  return type === 'application/json' && wanted.every((each) => parameters.includes(each));
}

function documentVersions(document: unknown): DiscoveryDocument['versions'] {
  const groups = listAt(document, 'items').flatMap((group) => {
    const name = textAt(fieldOf(group, 'metadata'), 'name');
    return listAt(group, 'versions').map((version) => {
      const resources = listAt(version, 'resources').map(documentResource);
      return [`${name}/${textAt(version, 'version')}`, resources] as const;
    });
  });
  return new Map(groups);
}

function documentResource(resource: unknown): DiscoveredResource {
  const subresources = listAt(resource, 'subresources').map((part) => ({
    subresource: textAt(part, 'subresource'),
    responseKind: kindOf(fieldOf(part, 'responseKind')),
    verbs: textsAt(part, 'verbs'),
  }));
  return {
    resource: textAt(resource, 'resource'),
    responseKind: kindOf(fieldOf(resource, 'responseKind')),
    scope: textAt(resource, 'scope'),
    singularResource: textAt(resource, 'singularResource'),
    verbs: textsAt(resource, 'verbs'),
    ...namesOf(resource),
    ...(subresources.length > 0 && { subresources }),
  };
}

/** An `APIResourceList` in the terms of the one document. Upstream: `ConvertGroupVersionIntoToDiscovery`. */
function listedResources(list: unknown): readonly DiscoveredResource[] {
  const entries = listAt(list, 'resources').map((entry) => ({ entry, path: textAt(entry, 'name').split('/') }));
  const scopeOf = (entry: unknown) => (fieldOf(entry, 'namespaced') === true ? 'Namespaced' : 'Cluster');
  // Together by name: a list may be so long that to look through it for each would take minutes.
  const named = new Map<string, typeof entries>();
  for (const each of entries) {
    const [name = ''] = each.path;
    const group = named.get(name);
    if (group === undefined) named.set(name, [each]);
    else group.push(each);
  }
  return [...named].map(([name, group]) => {
    const own = group.find(({ path }) => path.length === 1)?.entry;
    const subresources = group
      .filter(({ path }) => path.length > 1)
      .map(({ entry, path }) => ({ subresource: path.slice(1).join('/'), responseKind: kindOf(entry), verbs: textsAt(entry, 'verbs') }));
    return {
      resource: name,
      responseKind: kindOf(own),
      scope: scopeOf(own ?? group[0]?.entry),
      singularResource: textAt(own, 'singularName'),
      verbs: textsAt(own, 'verbs'),
      ...namesOf(own),
      ...(subresources.length > 0 && { subresources }),
    };
  });
}

function namesOf(resource: unknown): Pick<DiscoveredResource, 'shortNames' | 'categories'> {
  const shortNames = textsAt(resource, 'shortNames');
  const categories = textsAt(resource, 'categories');
  return { ...(shortNames.length > 0 && { shortNames }), ...(categories.length > 0 && { categories }) };
}

/** Clients of some versions cannot do without one. */
function kindOf(value: unknown): ResponseKind {
  return { group: textAt(value, 'group'), version: textAt(value, 'version'), kind: textAt(value, 'kind') };
}

function fieldOf(value: unknown, field: string): unknown {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error('json: cannot unmarshal discovery: an object is wanted');
  return Object.hasOwn(value, field) ? Reflect.get(value, field) : undefined;
}

function listAt(value: unknown, field: string): readonly unknown[] {
  const list = fieldOf(value, field) ?? [];
  if (!Array.isArray(list)) throw new Error(`json: cannot unmarshal discovery: field ${field} is no list`);
  return list;
}

function textAt(value: unknown, field: string): string {
  const text = fieldOf(value, field) ?? '';
  if (typeof text !== 'string') throw new Error(`json: cannot unmarshal discovery: field ${field} is no string`);
  return text;
}

function textsAt(value: unknown, field: string): readonly string[] {
  return listAt(value, field).map((text) => {
    if (typeof text !== 'string') throw new Error(`json: cannot unmarshal discovery: field ${field} is no list of strings`);
    return text;
  });
}
