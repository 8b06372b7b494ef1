import type { HttpResponse } from '../../api/http.ts';
import { badRequest } from '../../api/status.ts';
import type { ApiRequest } from '../api-request.ts';
import { acceptedBy } from '../negotiation/accept.ts';
import { answerEntry } from '../negotiation/present.ts';
import { type ApiObject, copyJson } from '../registry/api-object.ts';
import type { Core } from '../registry/core.ts';
import { managedChange, trackFields } from '../registry/managed-fields.ts';
import { dropDuplicateOwners } from '../registry/owner-references.ts';
import { type UpdateOptions, updateObject } from '../registry/update.ts';
import { checkNamespace } from './create.ts';
import { decodeBody } from './decode-body.ts';
import { mutationOptions } from './options.ts';

/** PUT of an object or of a subresource that is a part of it. */
export async function updateEndpoint(core: Core, request: ApiRequest, part: Partial<UpdateOptions> = {}): Promise<HttpResponse> {
  const { resource, info } = request;
  const accepted = acceptedBy(request);
  const options = mutationOptions(request, 'UpdateOptions');
  const sent = await decodeBody(core, request, resource.kind, options.fieldValidation);
  checkIdentity(sent, info.name, resource.kind.namespaced ? info.namespace : '');
  dropDuplicateOwners(sent, options.warn);
  const { entry, created } = await updateObject(
    core,
    resource,
    resource.kind.namespaced ? info.namespace : '',
    info.name,
    (live) => {
      // Each attempt works on a copy of its own, because it changes what it is given.
      const object = copyJson(sent);
      const served = live === undefined ? undefined : (resource.conversion?.fromStored(live) ?? live);
      const change = managedChange(resource, options.fieldManager, info.subresource, core.now());
      trackFields(core.fieldTypes, resource, served, object, change);
      return resource.toStored(object);
    },
    {
      ...options,
      subresource: info.subresource,
      mayCreate: info.subresource === '' && resource.strategy.createsOnUpdate === true,
      uidGuards: true,
      ...part,
    },
  );
  return answerEntry(core, request, entry, created ? 201 : 200, accepted);
}

/** Name and namespace of the body must be those of the URL. Throws 400. */
export function checkIdentity(object: ApiObject, name: string, namespace: string): void {
  checkNamespace(object, namespace);
  const { name: given = '' } = object.metadata;
  if (given === '') throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (given !== name) throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}
