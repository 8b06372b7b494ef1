import type { HttpRequest, HttpResponse } from '../../api/http.ts';
import { apiVersionOf } from '../../api/kinds/kind.ts';
import { notAcceptableObject, type StatusError } from '../../api/status.ts';
import type { Entry } from '../../store/store.ts';
import type { ApiRequest } from '../api-request.ts';
import type { ApiObject } from '../registry/api-object.ts';
import { convertedObjects } from '../registry/converted.ts';
import type { Core } from '../registry/core.ts';
import { inOrder } from '../registry/metadata-order.ts';
import type { Resource } from '../registry/resource.ts';
import { jsonLine, utf8 } from '../registry/stored-form.ts';
import { requestUrl } from '../request-url.ts';
import { type Accepted, acceptedBy, negotiate } from './accept.ts';
import { type AnswerForm, answerBytes } from './answer.ts';
import { goType } from './go-type.ts';
import { partialMetadata } from './partial-metadata.ts';
import { includeObject, tableOf } from './table.ts';

/** The object in the served version with its resourceVersion, shared and not to be changed. */
export function servedObject(core: Core, resource: Resource, entry: Entry): ApiObject {
  const object = core.cache.object(resource, entry);
  if (resource.conversion !== undefined) return resource.conversion.fromStored(object);
  return object;
}

/** ASCII around the JSON of an object. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

const nothing: Around = { before: '', after: '' };

/** JSON of an object as it is served, and what is around it. `revision` 0 leaves the resourceVersion out, as for an object of a dry run. */
export function objectBytes(
  core: Core,
  resource: Resource,
  entry: Entry,
  revision = entry.revision,
  around = nothing,
): Uint8Array<ArrayBuffer> {
  if (resource.conversion !== undefined || !resource.form.fits(entry.value)) {
    return bytesAt(servedObject(core, resource, entry), revision, around);
  }
  return resource.form.served(entry.value, revision, around.before, around.after);
}

/** JSON of a served object with another resourceVersion, and what is around it; 0 is none. */
export function bytesAt(object: ApiObject, revision: number, { before, after }: Around): Uint8Array<ArrayBuffer> {
  const resourceVersion = revision === 0 ? undefined : String(revision);
  return utf8(before + JSON.stringify({ ...object, metadata: inOrder({ ...object.metadata, resourceVersion }) }) + after);
}

const line: Around = { before: '', after: '\n' };

/** How the client wants the answer written. */
export function answerForm(request: ApiRequest, accepted: Accepted): AnswerForm {
  return { media: accepted.media, pretty: accepted.pretty === true || wantsPretty(request), warnings: request.warnings };
}

/**
 * How a failure is written, of which there are no Tables; a client that accepts nothing we write gets it all the same, as JSON with indents. So does one
 * that accepts protobuf alone, where that was the failure.
 */
export function failureForm(request: HttpRequest, failure: StatusError): Pick<AnswerForm, 'media' | 'pretty'> {
  const inProtobuf = () => !failure.is('NotAcceptable');
  try {
    const { media, pretty } = negotiate(request.headers.get('accept'), { allows: () => false, inProtobuf });
    return { media, pretty: pretty === true || wantsPretty({ query: requestUrl(request).searchParams, request }) };
  } catch {
    return { pretty: true };
  }
}

const trueTexts: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const peoplesTools = /^(?:curl|Wget|Mozilla\/5\.0)/;

/** People read what browsers and the common tools of the command line show, so these are answered with indented JSON. */
export function wantsPretty({ query, request }: Pick<ApiRequest, 'query' | 'request'>): boolean {
  const pretty = query.get('pretty') ?? '';
  return pretty === '' ? peoplesTools.test(request.headers.get('user-agent') ?? '') : trueTexts.has(pretty);
}

/** Answers with one object in the form that the client accepts. */
export function answerEntry(
  core: Core,
  request: ApiRequest,
  entry: Entry,
  code: number,
  accepted = acceptedBy(request),
): HttpResponse | Promise<HttpResponse> {
  const { resource } = request;
  if (resource.converter !== undefined) {
    const converted = convertedObjects(core.cache, resource, [entry]);
    return converted.then(([object]) => answerObject(core, request, entry, code, accepted, object));
  }
  return answerObject(core, request, entry, code, accepted, undefined);
}

/** `converted`: the object as it is served, where that takes a converter. */
function answerObject(
  core: Core,
  request: ApiRequest,
  entry: Entry,
  code: number,
  accepted: Accepted,
  converted: ApiObject | undefined,
): HttpResponse {
  const { resource } = request;
  const form = answerForm(request, accepted);
  switch (accepted.as) {
    case undefined:
      return answerBytes(code, objectLine(core, resource, entry, converted), form);
    case 'Table': {
      const object = converted ?? servedObject(core, resource, entry);
      const table = tableOf(
        resource,
        [object],
        entry.revision === 0 ? {} : { resourceVersion: String(entry.revision) },
        includeObject(request.query),
        accepted,
        core.clock.now(),
      );
      return answerBytes(code, jsonLine(table), form);
    }
    case 'PartialObjectMetadataList':
      throw notAcceptableObject(
        `you requested PartialObjectMetadataList, but the requested object is not a list (${goType(resource, resource.kind.kind)})`,
      );
    default:
      return answerBytes(code, jsonLine(partialMetadata(converted ?? servedObject(core, resource, entry), accepted)), form);
  }
}

function objectLine(core: Core, resource: Resource, entry: Entry, converted: ApiObject | undefined): Uint8Array<ArrayBuffer> {
  const { revision } = entry;
  return converted ? bytesAt(converted, revision, line) : objectBytes(core, resource, entry, revision, line);
}

/** The fields before the items of a list. */
export function listHead(resource: Resource): { readonly kind: string; readonly apiVersion: string } {
  const { kind, listKind = `${kind}List` } = resource.kind;
  return { kind: listKind, apiVersion: apiVersionOf(resource.kind) };
}
