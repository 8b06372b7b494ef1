import { type HttpResponse, isTrue } from '../../api/http.ts';
import { badRequest, notFound, resourceVersionTooLarge } from '../../api/status.ts';
import type { ApiRequest } from '../api-request.ts';
import { acceptedBy } from '../negotiation/accept.ts';
import { answerEntry } from '../negotiation/present.ts';
import type { Core } from '../registry/core.ts';
import { parseRevision } from './list-options.ts';

/** GET of one object. */
export function getObject(core: Core, request: ApiRequest): HttpResponse | Promise<HttpResponse> {
  const { resource, info } = request;
  const accepted = acceptedBy(request);
  const isExport = request.query.has('export') && isTrue(request.query.get('export'));
  if (isExport && info.subresource === '') throw badRequest('the export parameter, deprecated since v1.14, is no longer supported');
  const wanted = parseRevision(request.query.get('resourceVersion') ?? '');
  if (wanted !== undefined && wanted > core.store.revision) throw resourceVersionTooLarge(wanted, core.store.revision);
  const entry = core.entry(resource, info.namespace, info.name);
  if (entry === undefined) throw notFound(resource.subject, info.name);
  return answerEntry(core, request, entry, 200, accepted);
}
