import { badRequest } from '../../api/status.ts';
import type { ApiRequest } from '../api-request.ts';
import { decodeObject } from '../decoding/decode-object.ts';
import { readDocument } from '../decoding/document.ts';
import { negotiate } from '../negotiation/accept.ts';
import { readBody } from '../negotiation/body.ts';
import { answerEntry } from '../negotiation/present.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Core } from '../registry/core.ts';
import { createObject } from '../registry/create.ts';
import { mutationOptions } from './options.ts';

/** POST to a collection. */
export async function createEndpoint(core: Core, request: ApiRequest): Promise<Response> {
  const { resource, info } = request;
  const accepted = negotiate(request.request.headers.get('accept'));
  const options = mutationOptions(request, 'CreateOptions');
  const document = readDocument(await readBody(request.request), request.request.headers.get('content-type'), resource.kind.kind);
  const object = decodeObject(document, resource.kind, core.resources, options.fieldValidation, options.warn);
  checkNamespace(object, resource.kind.namespaced ? info.namespace : '');
  const entry = await createObject(core, resource, resource.kind.namespaced ? info.namespace : '', resource.toStored(object), options);
  return answerEntry(core, request, entry, 201, accepted);
}

/** The body may leave the namespace out, but not name another one than the URL. */
export function checkNamespace(object: ApiObject, namespace: string): void {
  const given = object.metadata.namespace ?? '';
  if (given === namespace || given === '' || namespace === '') return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
