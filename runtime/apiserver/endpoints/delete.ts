import type { DeleteOptions, Status } from '../../api/generated/types/meta/v1.ts';
import type { HttpResponse } from '../../api/http.ts';
import { badRequest, forbidden, internalError, StatusError } from '../../api/status.ts';
import { checkStructure } from '../../api/structure/index.ts';
import type { ApiRequest } from '../api-request.ts';
import { isUnsaid, typeMetaFault } from '../decoding/decode-object.ts';
import { readDocument } from '../decoding/document.ts';
import { acceptedBy } from '../negotiation/accept.ts';
import { answerJson } from '../negotiation/answer.ts';
import { readBody } from '../negotiation/body.ts';
import { answerEntry, answerForm } from '../negotiation/present.ts';
import { type Dict, isDict } from '../registry/api-object.ts';
import type { Core, WriteOptions } from '../registry/core.ts';
import { deleteObject } from '../registry/delete.ts';
import { answerListed, findEntries } from './list.ts';
import { listOptions } from './list-options.ts';
import { checkDeleteOptions, deleteOptionsOfQuery } from './options.ts';
import { Selection } from './selection.ts';

const optionsDefinition = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';
/** How many deletions of a collection run at once; their commits are written together. */
const collectionWorkers = 64;

/** DELETE of one object. */
export async function deleteEndpoint(core: Core, request: ApiRequest): Promise<HttpResponse> {
  const { resource, info } = request;
  const accepted = acceptedBy(request);
  const options = await deleteOptions(request);
  const undeletable = resource.strategy.undeletable?.(info.name);
  if (undeletable !== undefined) throw forbidden(resource.subject, info.name, undeletable);
  const namespace = resource.kind.namespaced ? info.namespace : '';
  const { entry, gone } = await deleteObject(core, resource, namespace, info.name, options, writeOptions(request, options));
  if (gone && !resource.strategy.returnsDeleted) {
    const { uid } = core.cache.object(resource, entry).metadata;
    const { group, plural } = resource.kind;
    const status: Status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: info.name, ...(group === '' ? {} : { group }), kind: plural, ...(uid === undefined ? {} : { uid }) },
    };
    return answerJson(200, status, answerForm(request, accepted));
  }
  return answerEntry(core, request, entry, !gone && options.orphanDependents === false ? 202 : 200, accepted);
}

/** DELETE of a collection: every selected object, as if deleted by name. Answers with what was selected. */
export async function deleteCollectionEndpoint(core: Core, request: ApiRequest): Promise<HttpResponse> {
  const { resource, info, query } = request;
  const accepted = acceptedBy(request);
  const range = listOptions(query, false);
  const selection = Selection.of(resource, query);
  const options = await deleteOptions(request);
  const namespace = resource.kind.namespaced ? info.namespace : '';
  const listed = await findEntries(core, resource, namespace, selection, range);
  const waiting = listed.entries.values();
  const worker = async (): Promise<void> => {
    for (const entry of waiting) {
      const { name = '', namespace: own = '' } = core.cache.object(resource, entry).metadata;
      try {
        await deleteObject(core, resource, own, name, options, writeOptions(request, options));
      } catch (error) {
        if (!(error instanceof StatusError && error.is('NotFound'))) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(collectionWorkers, listed.entries.length) }, worker));
  return answerListed(core, request, listed, accepted);
}

const deleteOptionsKind = { group: '', version: 'v1', kind: 'DeleteOptions' };

/** The options of the body, or of the query when the body is empty. Throws 400, 415, 422. */
async function deleteOptions(request: ApiRequest): Promise<DeleteOptions> {
  const body = await readBody(request.request);
  let options: DeleteOptions;
  if (body.length > 0) {
    const { object, spellings } = readDocument(body, request.request.headers.get('content-type'), deleteOptionsKind, badRequest);
    const fault = typeMetaFault(object) ?? kindFault(object) ?? checkStructure(optionsDefinition, object, 'json', spellings).error;
    if (fault !== undefined) throw badRequest(fault);
    if (!isDict(object)) throw internalError('delete options are no object');
    options = object;
    request.sent?.(object);
  } else options = deleteOptionsOfQuery(request.query);
  checkDeleteOptions(options);
  return options;
}

/** What upstream's scheme of common kinds says of an object that is no `DeleteOptions`; their version may be that of any group. */
function kindFault({ kind, apiVersion }: Dict): string | undefined {
  if (isUnsaid(kind) || kind === deleteOptionsKind.kind) return undefined;
  const version = isUnsaid(apiVersion) ? 'meta.k8s.io/v1' : apiVersion;
  const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27';
  return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version)} in scheme "${scheme}"`;
}

function writeOptions(request: ApiRequest, options: DeleteOptions): WriteOptions {
  return {
    user: request.user,
    dryRun: (options.dryRun?.length ?? 0) > 0,
    fieldManager: '',
    time: request.time,
    warn: (text) => request.warnings.add(text),
    ...(request.annotate && { annotate: request.annotate }),
  };
}
