import type { HttpResponse } from '../api/http.ts';
import type { Verb } from '../api/kinds/kind.ts';
import { pathSegmentNameProblems } from '../api/names/index.ts';
import { badRequest, methodNotAllowed, methodNotSupported, notFound, type StatusError } from '../api/status.ts';
import { quote } from '../api/validation/field-error.ts';
import type { ApiRequest } from './api-request.ts';
import { warnOfDeprecated } from './deprecated-kinds.ts';
import { createEndpoint } from './endpoints/create.ts';
import { deleteCollectionEndpoint, deleteEndpoint } from './endpoints/delete.ts';
import { getObject } from './endpoints/get.ts';
import { listObjects } from './endpoints/list.ts';
import { checkPatchType, patchEndpoint } from './endpoints/patch.ts';
import { updateEndpoint } from './endpoints/update.ts';
import { watchObjects } from './endpoints/watch.ts';
import { checkRouted, isConnection, producedAt } from './negotiation/routes.ts';
import type { Core } from './registry/core.ts';
import type { RequestInfo } from './request-info.ts';
import { answerUnknownPath } from './unknown-path.ts';

/** Answers a request about a resource with a subresource, or of a kind that is not stored. */
export type Endpoint = (request: ApiRequest) => HttpResponse | Promise<HttpResponse>;

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

/** Built-in kinds have no route for HEAD, which only goes through proxies, and watch by GET; custom resources are handled by their verb alone. */
function isAllowed({ request, resource, info }: ApiRequest, verbs: readonly Verb[]): boolean {
  const isRouted = request.method !== 'HEAD' || info.subresource === 'proxy';
  const isByRoute = isRouted && (info.verb !== 'watch' || request.method === 'GET');
  return (resource.isCustom || isByRoute) && isVerb(info.verb, verbs);
}

/** 405. Custom resources have a handler of their own, which names the resource. */
function notAllowed({ resource, info }: ApiRequest): StatusError {
  return resource.isCustom ? methodNotSupported(resource.subject, info.verb) : methodNotAllowed();
}

/** What comes before any endpoint that there is. Custom resources have no routes. Throws 406 and 415. */
function enter(request: ApiRequest): void {
  if (request.info.verb === 'patch' && !isConnection(request.info.subresource)) checkPatchType(request);
  const produced = request.resource.isCustom ? undefined : producedAt(request.info);
  if (produced !== undefined) checkRouted(request.request.headers.get('accept'), produced);
  warnOfDeprecated(request);
}

/** Throws 400 for a name that nothing can have. Upstream: `NamespaceKeyFunc`. */
function checkName(name: string): void {
  const problems = pathSegmentNameProblems(name);
  if (problems.length > 0) throw badRequest(`Name parameter invalid: ${quote(name)}: ${problems.join(';')}`);
}

/** Finds what answers a request to a resource and lets it answer. Throws 405 for a method that there is not. */
export function dispatch(core: Core, endpoints: Endpoints, request: ApiRequest): HttpResponse | Promise<HttpResponse> {
  const { resource, info } = request;
  const { kind } = resource;
  const key = `${kind.group}/${kind.plural}`;
  if (isOutOfScope(request) || (info.verb === 'proxy' && !resource.isCustom)) return answerUnknownPath(core.resources, info);
  checkName(info.name);
  if (info.subresource !== '') {
    const part = kind.subresources.find(({ name }) => name === info.subresource);
    const endpoint = endpoints.subresources[`${key}/${info.subresource}`] ?? endpoints.subresources[info.subresource];
    if (part === undefined || endpoint === undefined) {
      if (resource.isCustom) throw notFound(resource.subject, info.name);
      return answerUnknownPath(core.resources, info);
    }
    // OPTIONS has no verb of its own, but whatever is proxied may be asked for it.
    const isProxied = info.subresource === 'proxy' && request.request.method === 'OPTIONS';
    if (!isProxied && !isAllowed(request, part.verbs)) throw notAllowed(request);
    enter(request);
    return endpoint(request);
  }
  const asked = endpoints.kinds[key];
  if (asked !== undefined) {
    if (isVerb(info.verb, kind.verbs)) {
      enter(request);
      return asked(request);
    }
    if (info.name === '' || isVerb('get', kind.verbs)) throw methodNotAllowed();
    return answerUnknownPath(core.resources, info);
  }
  if (!isAllowed(request, kind.verbs) || !isAddressed(info)) throw notAllowed(request);
  enter(request);
  return onObjects(core, request);
}

/** Whether a verb goes with what the path names: objects are made in a collection, and changed one by one. */
function isAddressed({ verb, name }: RequestInfo): boolean {
  if (verb === 'create') return name === '';
  return (verb !== 'update' && verb !== 'patch') || name !== '';
}

function onObjects(core: Core, request: ApiRequest): HttpResponse | Promise<HttpResponse> {
  switch (request.info.verb) {
    case 'get':
      return getObject(core, request);
    case 'list':
      return listObjects(core, request);
    case 'watch':
      return watchObjects(core, request);
    case 'create':
      return createEndpoint(core, request);
    case 'update':
      return updateEndpoint(core, request);
    case 'patch':
      return patchEndpoint(core, request);
    case 'delete':
      return deleteEndpoint(core, request);
    case 'deletecollection':
      return deleteCollectionEndpoint(core, request);
    default:
      throw notAllowed(request);
  }
}

/**
 * Only lists and watches reach over all namespaces; objects are addressed in theirs, and kinds without namespaces outside of them.
 * Throws 405 for other methods over all namespaces, which built-in kinds know as paths.
 */
function isOutOfScope({ resource, info }: ApiRequest): boolean {
  const { kind, isCustom } = resource;
  if (!kind.namespaced) return info.namespace !== '' && kind.plural !== 'namespaces';
  if (info.namespace !== '') return false;
  if (info.verb === 'list' || info.verb === 'watch') return info.name !== '';
  if (info.name === '' && !isCustom) throw methodNotAllowed();
  return true;
}
