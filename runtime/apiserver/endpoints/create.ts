import type { HttpResponse } from '../../api/http.ts';
import { badRequest } from '../../api/status.ts';
import type { ApiRequest } from '../api-request.ts';
import { acceptedBy } from '../negotiation/accept.ts';
import { answerEntry } from '../negotiation/present.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Core } from '../registry/core.ts';
import { createObject, wipeSystemFields } from '../registry/create.ts';
import { managedChange, trackFields } from '../registry/managed-fields.ts';
import { dropDuplicateOwners } from '../registry/owner-references.ts';
import { decodeBody } from './decode-body.ts';
import { mutationOptions } from './options.ts';

/** POST to a collection. */
export async function createEndpoint(core: Core, request: ApiRequest): Promise<HttpResponse> {
  const { resource, info } = request;
  const accepted = acceptedBy(request);
  const options = mutationOptions(request, 'CreateOptions');
  const namespace = resource.kind.namespaced ? info.namespace : '';
  const object = await decodeBody(core, request, resource.kind, options.fieldValidation);
  wipeSystemFields(object);
  checkNamespace(object, namespace);
  dropDuplicateOwners(object, options.warn);
  trackFields(core.fieldTypes, resource, undefined, object, managedChange(resource, options.fieldManager, '', core.now()));
  const entry = await createObject(core, resource, namespace, resource.toStored(object), options);
  return answerEntry(core, request, entry, 201, accepted);
}

/** The body may leave the namespace out, but not name another one than the URL. */
export function checkNamespace(object: ApiObject, namespace: string): void {
  const given = object.metadata.namespace ?? '';
  if (given === namespace || given === '' || namespace === '') return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
