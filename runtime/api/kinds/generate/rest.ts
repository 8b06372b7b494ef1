import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subresource, Verb } from '../kind.ts';
import { categories, shortNames } from './names.ts';

/** A resource as the REST paths of the client tell it, before its definition is known. */
export interface RestResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  namespaced: boolean;
  /** The client's model of its objects, `V1Pod` or `EventsV1Event`. */
  model: string;
  readonly verbs: Set<Verb>;
  readonly subresources: Map<string, { model: string; verbs: Set<Verb> }>;
}

const order: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const itemVerbs: Readonly<Record<string, Verb>> = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete', POST: 'create' };
const collectionVerbs: Readonly<Record<string, Verb>> = { GET: 'list', POST: 'create', DELETE: 'deletecollection' };

/** Every resource of the client's API classes by `group/version/plural`. */
export function readRest(folder: string): Map<string, RestResource> {
  const resources = new Map<string, RestResource>();
  const live = new Set(
    [...readFileSync(join(folder, 'types/PromiseAPI.d.ts'), 'utf8').matchAll(/class Promise(\w+Api) /g)].map((m) => m[1]),
  );
  for (const file of readdirSync(join(folder, 'apis'))) {
    if (!/V\d\w*Api\.js$/.test(file) || !live.has(file.slice(0, -3))) continue;
    const text = readFileSync(join(folder, 'apis', file), 'utf8');
    const answers = new Map(
      [
        ...text.matchAll(
          /async (\w+)WithHttpInfo\(response\) \{[\s\S]*?ObjectSerializer\.parse\(await response\.body\.text\(\), contentType\), "(\w+)"/g,
        ),
      ].map((m) => [m[1] ?? '', m[2] ?? '']),
    );
    for (const [, method = '', path = '', http = ''] of text.matchAll(
      /async (\w+)\([^)]*\) \{[\s\S]*?const localVarPath = '([^']+)'[\s\S]*?HttpMethod\.(\w+)\)/g,
    )) {
      addOperation(resources, path, http, answers.get(method) ?? '');
    }
  }
  // Kubernetes serves these lists under names that no operation of the collection has.
  for (const resource of resources.values()) {
    if (resource.verbs.has('list') && resource.plural !== 'componentstatuses') resource.verbs.add('watch');
  }
  return resources;
}

function addOperation(resources: Map<string, RestResource>, path: string, http: string, model: string): void {
  const match = /^\/(?:api|apis\/([^/]+))\/(v\w+)\/(namespaces\/\{namespace\}\/)?([a-z]+)(\/\{name\}(?:\/(\w+))?)?$/.exec(path);
  if (!match) return;
  const [, group = '', version = '', namespaced, plural = '', item, subresource] = match;
  if (plural === 'watch') return;
  const key = `${group}/${version}/${plural}`;
  let resource = resources.get(key);
  if (!resource) {
    resource = { group, version, plural, namespaced: false, model: '', verbs: new Set(), subresources: new Map() };
    resources.set(key, resource);
  }
  if (namespaced) resource.namespaced = true;
  if (subresource !== undefined) {
    const verb = itemVerbs[http];
    const known = resource.subresources.get(subresource) ?? { model, verbs: new Set() };
    if (model !== 'string' && model !== '') known.model = model;
    if (verb) known.verbs.add(verb);
    resource.subresources.set(subresource, known);
    return;
  }
  const verb = (item ? itemVerbs : collectionVerbs)[http];
  if (!verb) return;
  resource.verbs.add(verb);
  if (verb === 'get' || verb === 'create') resource.model = model;
}

/** The part of a row of the table that paths and names decide. */
export function describeResource(
  resource: RestResource,
  kind: string,
  modelKind: (model: string) => { group: string; version: string; kind: string } | undefined,
) {
  const key = `${resource.group}/${resource.plural}`;
  return {
    group: resource.group,
    version: resource.version,
    kind,
    plural: resource.plural,
    singular: kind.toLowerCase(),
    shortNames: shortNames[key] ?? [],
    categories: categories[key] ?? [],
    namespaced: resource.namespaced,
    verbs: order.filter((v) => resource.verbs.has(v)),
    subresources: [...resource.subresources]
      .map(([name, { model, verbs }]): Subresource => {
        const own = modelKind(model);
        const foreign =
          own && (own.group !== resource.group || own.version !== resource.version) ? { group: own.group, version: own.version } : {};
        return {
          name,
          kind: connectKinds[`${resource.plural}/${name}`] ?? own?.kind ?? kind,
          ...foreign,
          verbs: order.filter((v) => verbs.has(v)),
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Kinds of the options that connecting subresources take; their answers are plain streams. */
const connectKinds: Readonly<Record<string, string>> = {
  'nodes/proxy': 'NodeProxyOptions',
  'pods/attach': 'PodAttachOptions',
  'pods/exec': 'PodExecOptions',
  'pods/log': 'Pod',
  'pods/portforward': 'PodPortForwardOptions',
  'pods/proxy': 'PodProxyOptions',
  'services/proxy': 'ServiceProxyOptions',
};
