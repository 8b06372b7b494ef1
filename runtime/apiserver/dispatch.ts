import type { Verb } from '../api/kinds/kind.ts';
import { methodNotAllowed, noSuchResource } from '../api/status.ts';
import type { ApiRequest } from './api-request.ts';
import { createEndpoint } from './endpoints/create.ts';
import { deleteCollectionEndpoint, deleteEndpoint } from './endpoints/delete.ts';
import { getObject } from './endpoints/get.ts';
import { listObjects } from './endpoints/list.ts';
import { patchEndpoint } from './endpoints/patch.ts';
import { updateEndpoint } from './endpoints/update.ts';
import { watchObjects } from './endpoints/watch.ts';
import type { Core } from './registry/core.ts';

/** Answers a request about a resource with a subresource, or of a kind that is not stored. */
export type Endpoint = (request: ApiRequest) => Response | Promise<Response>;

/** Endpoints beyond the verbs on stored objects: by subresource, `/pods/binding`, or by group and plural of a kind that is only asked. */
export interface Endpoints {
  /** By `group/plural/subresource`, or by the bare subresource where all kinds share it. */
  readonly subresources: Readonly<Record<string, Endpoint>>;
  /** By `group/plural`: kinds that are answered and not stored, such as reviews. */
  readonly kinds: Readonly<Record<string, Endpoint>>;
}

function isVerb(verb: string, verbs: readonly Verb[]): boolean {
  return verbs.some((known) => known === verb);
}

/** Finds what answers a request to a resource and lets it answer. Throws 404 for a path and 405 for a method that there is not. */
export function dispatch(core: Core, endpoints: Endpoints, request: ApiRequest): Response | Promise<Response> {
  const { resource, info } = request;
  const { kind } = resource;
  const key = `${kind.group}/${kind.plural}`;
  checkScope(request);
  if (info.subresource !== '') {
    const part = kind.subresources.find(({ name }) => name === info.subresource);
    const endpoint = endpoints.subresources[`${key}/${info.subresource}`] ?? endpoints.subresources[info.subresource];
    if (part === undefined || endpoint === undefined) throw noSuchResource();
    if (!isVerb(info.verb, part.verbs)) throw methodNotAllowed();
    return endpoint(request);
  }
  const asked = endpoints.kinds[key];
  if (asked !== undefined) {
    if (!isVerb(info.verb, kind.verbs)) throw info.name === '' || isVerb('get', kind.verbs) ? methodNotAllowed() : noSuchResource();
    return asked(request);
  }
  if (info.verb === 'watch' && info.name !== '' && !isVerb('watch', kind.verbs)) throw methodNotAllowed();
  if (!isVerb(info.verb, kind.verbs)) throw methodNotAllowed();
  return onObjects(core, request);
}

function onObjects(core: Core, request: ApiRequest): Response | Promise<Response> {
  const onOne = request.info.name !== '' && !(request.resource.kind.plural === 'namespaces' && request.info.name === '');
  switch (request.info.verb) {
    case 'get':
      return getObject(core, request);
    case 'list':
      return listObjects(core, request);
    case 'watch':
      return watchObjects(core, request);
    case 'create':
      if (onOne) throw methodNotAllowed();
      return createEndpoint(core, request);
    case 'update':
      if (!onOne) throw methodNotAllowed();
      return updateEndpoint(core, request);
    case 'patch':
      if (!onOne) throw methodNotAllowed();
      return patchEndpoint(core, request);
    case 'delete':
      return deleteEndpoint(core, request);
    case 'deletecollection':
      return deleteCollectionEndpoint(core, request);
    default:
      throw methodNotAllowed();
  }
}

/** Only lists and watches reach over all namespaces; objects are addressed in theirs, and kinds without namespaces outside of them. */
function checkScope({ resource, info }: ApiRequest): void {
  const { kind } = resource;
  if (!kind.namespaced) {
    if (info.namespace !== '' && kind.plural !== 'namespaces') throw noSuchResource();
    return;
  }
  if (info.namespace !== '') return;
  if (info.name !== '') throw noSuchResource();
  if (info.verb !== 'list' && info.verb !== 'watch') throw methodNotAllowed();
}
